"""Dates that only the day of publication makes whole: Selasa (2/6), 2 Juni, on Monday, kemarin, yesterday."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta, timezone
from itertools import islice

from warta_enrich.steps.dates import MONTHS
from warta_enrich.steps.mentions import Find
from warta_enrich.steps.tokens import Passage, fold

FOUND_MAX = 1_000  # candidates of a passage that are looked at
_HOURS_AHEAD = {
    "ID": 7,
    "MY": 8,
    "SG": 8,
    "TH": 7,
    "PH": 8,
    "VN": 7,
}  # of UTC, where most of the country's media are
_DAYS = {
    name: number
    for number, names in enumerate(
        (
            "Senin Monday", "Selasa Tuesday", "Rabu Wednesday", "Kamis Thursday", "Jumat Jum'at Friday",
            "Sabtu Saturday", "Minggu Ahad Sunday",
        )
    )
    for name in names.split()
}  # fmt: skip
WEEKDAYS = frozenset(map(fold, _DAYS))
_SHIFTS = {"kemarin": -1, "yesterday": -1, "hari ini": 0, "today": 0, "besok": 1, "tomorrow": 1}
_MONTH = "|".join(name.capitalize() for name in MONTHS if len(name) > 3 or name in {"mei", "may"})
_MONTH_ALSO_SHORT = (
    rf"(?:{_MONTH}|(?:{'|'.join(name.capitalize() for name in MONTHS if len(name) < 5)})\.?)"  # AP: Feb. 1
)
_DAY = r"(?:0?[1-9]|[12][0-9]|3[01])"
_NO_YEAR = r"(?![ ,./-]{0,2}(?:tahun )?[0-9])"
_ANY = re.compile(
    rf"\((?P<day>{_DAY})/(?P<month>0?[1-9]|1[0-2])\)"
    rf"|(?<![\w.,/-])(?P<day_first>{_DAY}) (?P<month_after>{_MONTH})\b{_NO_YEAR}"
    rf"|\b(?P<month_before>{_MONTH_ALSO_SHORT}) (?P<day_last>{_DAY})(?![\w%]){_NO_YEAR}"
    rf"|\b(?P<weekday>{'|'.join(_DAYS)})\b(?P<ahead> (?:depan|mendatang)\b)?"
    rf"|\b(?P<shift>{'|'.join(_SHIFTS)})\b(?!['’])"
)
_SLASH = "/"
_SIGNS = frozenset({_SLASH, *(fold(name.split()[0]) for name in (*_DAYS, *_SHIFTS, *MONTHS))})
_DATE_FOLLOWS = re.compile(r",?[ ]\(?[0-9]|,?[ ]\(?[A-Z][a-z]+[ ][0-9]")  # Selasa (2/6), Monday, June 2
_COMING = re.compile(r"\b(?:next|[Cc]oming|this coming) $")


def publication_day(published: datetime, country: str | None) -> date:
    """The calendar day of an instant where the source is at home."""
    try:
        return published.astimezone(timezone(timedelta(hours=_HOURS_AHEAD.get(country or "", 0)))).date()
    except OverflowError:  # the last hours of the year 9999
        return published.date()


def find_relative_dates(
    passage: Passage, published: date, taken: Iterable[tuple[int, int]] = ()
) -> Iterator[Find[str]]:
    """Dates without a year, weekdays and yesterday/today/tomorrow, keyed by ISO 8601; none inside `taken`.

    A date without a year is the one nearest to publication; a weekday is the last one up to publication, or the
    next one where the text says so (Senin depan, next Monday).
    """
    occupied = {place for start, end in taken for place in range(start, end)}
    for match in islice(_written(passage), FOUND_MAX):
        if match.start() in occupied or match.end() - 1 in occupied:
            continue
        if day := _read(passage.text, match, published):
            bracket = match["day"] is not None
            start, end = match.start() + bracket, match.end() - bracket
            yield Find(passage.field, start, end, day.isoformat(), passage.text[start:end])


def _written(passage: Passage) -> Iterator[re.Match[str]]:
    """What looks like a date: looked for at the few words that can begin one, not at every character."""
    end = 0
    for start in _beginnings(passage):
        if start >= end and (match := _ANY.match(passage.text, start)):
            end = match.end()
            yield match


def _beginnings(passage: Passage) -> Iterator[int]:
    """In order: each word of a date, the number before it, the bracket around day/month."""
    folded, starts = passage.folded, passage.starts
    for index in passage.where(_SIGNS):
        if folded[index] != _SLASH:
            if index and folded[index - 1].isdigit():
                yield starts[index - 1]
            yield starts[index]
        elif index > 1 and folded[index - 2] == "(":
            yield starts[index - 2]


def _read(text: str, match: re.Match[str], published: date) -> date | None:
    if match["day"]:
        return _nearest(int(match["month"]), int(match["day"]), published)
    if match["day_first"]:
        return _nearest(MONTHS[match["month_after"].lower()], int(match["day_first"]), published)
    if match["day_last"]:
        return _nearest(MONTHS[match["month_before"].lower().rstrip(".")], int(match["day_last"]), published)
    if match["shift"]:
        return _shifted(published, _SHIFTS[match["shift"]])
    return _weekday(text, match, published)


def _weekday(text: str, match: re.Match[str], published: date) -> date | None:
    """None where the date itself follows."""
    if _DATE_FOLLOWS.match(text, match.end()):
        return None
    past = (published.weekday() - _DAYS[match["weekday"]]) % 7
    ahead = match["ahead"] or _COMING.search(text, max(0, match.start() - 12), match.start())
    return _shifted(published, 7 - past if ahead else -past)


def _nearest(month: int, day: int, published: date) -> date | None:
    """Of the years around publication the one in which the day lies nearest; None for 31 June."""
    days = []
    for year in (published.year - 1, published.year, published.year + 1):
        try:
            days.append(date(year, month, day))
        except ValueError:
            continue
    return min(days, key=lambda one: abs(one - published), default=None)


def _shifted(day: date, days: int) -> date | None:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None
