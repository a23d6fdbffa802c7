"""Explicit dates: 2 Juni 2025, June 2, 2025, 2/6/2025 (day first), 2025-06-02, Juni 2025, tahun 2025."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice

from pydantic import TypeAdapter

from warta_enrich.steps.mentions import Find, merged
from warta_enrich.steps.tokens import Passage
from warta_shared.events import CalendarDate

_DATES = TypeAdapter(tuple[CalendarDate, ...])
YEARS_MAX = 1_000  # years of a passage that are looked at
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan", "februari february feb pebruari", "maret march mar", "april apr", "mei may",
            "juni june jun", "juli july jul", "agustus august aug agu agt agst", "september sept sep",
            "oktober october okt oct", "november nov nopember", "desember december des dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_GAP = r"[ \u00a0\n]{1,3}"
_DAY = r"(?:(?P<first>[0-9]{1,2})[ ]?[-–—][ ]?)?(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"

# Every date hangs on a year: years are few, so a text is scanned once.
# The engine leaps from 1 to 2 to 1 where the pattern begins with them.
_YEAR = re.compile(r"[12](?<![0-9].)(?:(?<=1)[5-9]|(?<=2)[01])[0-9]{2}(?![0-9])", re.DOTALL)
_LEFT = 40  # characters before a year in which day and month must stand
_ISO_REST = re.compile(r"-([0-9]{2})-([0-9]{2})(?![\w-])")
_DAY_MONTH = re.compile(
    rf"(?<![\w.,/-]){_DAY}{_GAP}(?:of{_GAP})?(?P<month>{_MONTH})\.?,?{_GAP}(?:tahun{_GAP})?$", re.IGNORECASE
)
_MONTH_DAY = re.compile(rf"\b(?P<month>{_MONTH})\.?{_GAP}{_DAY},?{_GAP}$", re.IGNORECASE)
_MONTH_ONLY = re.compile(rf"\b(?P<month>{_MONTH})\.?,?{_GAP}(?:tahun{_GAP})?$", re.IGNORECASE)
_NUMERIC = re.compile(r"(?<![\w.,/-])(?P<day>[0-9]{1,2})([/.-])(?P<number>[0-9]{1,2})\2$")
_CUE = re.compile(
    r"\b(?:tahun|year|in|since|sejak|pada|hingga|sampai|until|by|during|sepanjang|selama|akhir|awal|end of|early|late)"
    r"[ ](?:tahun[ ])?$",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"[\w%]|[.,/-][0-9]|[ ](?:persen|percent|juta|ribu|orang|people|unit)", re.IGNORECASE)


def find_dates(passage: Passage, taken: Iterable[tuple[int, int]] = ()) -> Iterator[Find[str]]:
    """The dates of a passage, keyed by ISO 8601 at the precision given; none inside the ranges `taken` (laws)."""
    text, occupied = passage.text, list(taken)
    for year in islice(_YEAR.finditer(text), YEARS_MAX):
        if any(start <= year.start() < end for start, end in occupied):
            continue
        for start, end, iso in _dates_at(text, year):
            yield Find(passage.field, start, end, iso, text[start:end])


def calendar_dates(finds: Iterable[Find[str]]) -> tuple[CalendarDate, ...]:
    """Equal dates merged, with the number of times each is named."""
    return merged(finds, _DATES, lambda iso: {"date": iso})


def _dates_at(text: str, year: re.Match[str]) -> list[tuple[int, int, str]]:
    """(start, end, ISO date) of the dates that this year belongs to: none, one, or both ends of a range."""
    start, end = year.span()
    if rest := _ISO_REST.match(text, end):
        iso = _iso(year[0], int(rest[1]), int(rest[2]))
        return [(start, rest.end(), iso)] if iso else []
    for pattern in _patterns(text, start):
        if before := pattern.search(text, max(0, start - _LEFT), start):
            return _read(before, year)
    counted = _COUNTED.match(text, end) or not "1900" <= year[0] <= "2099"
    return [] if counted or not _CUE.search(text, max(0, start - _LEFT), start) else [(start, end, year[0])]


def _patterns(text: str, start: int) -> tuple[re.Pattern[str], ...]:
    """The ways to write a date that can end before this year, judged by the word there."""
    left = text[max(0, start - _LEFT) : start]
    if left[-1:] in {"/", ".", "-"}:
        return (_NUMERIC,)
    word = (left.split() or [""])[-1].rstrip(".,").lower()
    if word in MONTHS or word == "tahun":
        return (_DAY_MONTH, _MONTH_ONLY)
    return (_MONTH_DAY,) if word[:1].isdigit() else ()


def _read(before: re.Match[str], year: re.Match[str]) -> list[tuple[int, int, str]]:
    found = before.groupdict()
    if number := found.get("number"):
        day, month = int(found["day"]), int(number)
        iso = _iso(year[0], month, day) or _iso(year[0], day, month)  # 6/13/2025 can only be month first
        return [(before.start(), year.end(), iso)] if iso else []
    month = MONTHS[found["month"].lower()]
    if not found.get("day"):
        return [(before.start(), year.end(), f"{year[0]}-{month:02}")]
    dates = []
    if found["first"] and (iso := _iso(year[0], month, int(found["first"]))):
        dates.append((before.start("first"), before.end("first"), iso))
    if iso := _iso(year[0], month, int(found["day"])):
        dates.append((before.start("day") if dates else before.start(), year.end(), iso))
    return dates


def _iso(year: str, month: int, day: int) -> str | None:
    try:
        return date(int(year), month, day).isoformat()
    except ValueError:
        return None
