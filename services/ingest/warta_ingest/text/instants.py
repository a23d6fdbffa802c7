"""The times that people and programs write, read by what is there and nothing guessed.

RFC 822, RFC 3339, ctime, seconds since 1970, and dates in English, Indonesian and Malay words. A time needs a
day, a month and a year; general parsers fill what is missing with today's, and so make dates out of numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

EARLIEST, LATEST = 1990, 2100
_LONGEST = 200
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januari djanuari", "feb february februari peb pebruari", "mar march maret mac",
            "apr april", "may mei", "jun june juni djuni", "jul july juli julai djuli",
            "aug august agu agt ags agust agustus agoestoes ogos", "sep sept september",
            "oct october okt oktober", "nov november nop nopember", "dec december des desember dis disember",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "ut": 0, "wib": 7, "wita": 8, "wit": 9, "sgt": 8, "myt": 8, "hkt": 8, "pht": 8,
    "jst": 9, "kst": 9, "ict": 7, "ist": 5.5, "wet": 0, "bst": 1, "west": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3,
    "msk": 3, "awst": 8, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "est": -5, "edt": -4, "cst": -6, "cdt": -5,
    "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip
# Where a whole country (or, for Indonesia, its press) keeps one time.
COUNTRY_ZONES = {
    "ID": "Asia/Jakarta", "SG": "Asia/Singapore", "MY": "Asia/Kuala_Lumpur", "PH": "Asia/Manila", "TH": "Asia/Bangkok",
    "VN": "Asia/Ho_Chi_Minh", "KH": "Asia/Phnom_Penh", "LA": "Asia/Vientiane", "MM": "Asia/Yangon", "TL": "Asia/Dili",
    "BN": "Asia/Brunei", "CN": "Asia/Shanghai", "HK": "Asia/Hong_Kong", "MO": "Asia/Macau", "TW": "Asia/Taipei",
    "JP": "Asia/Tokyo", "KR": "Asia/Seoul", "IN": "Asia/Kolkata", "PK": "Asia/Karachi", "BD": "Asia/Dhaka",
    "LK": "Asia/Colombo", "NP": "Asia/Kathmandu", "AE": "Asia/Dubai", "SA": "Asia/Riyadh", "QA": "Asia/Qatar",
    "IL": "Asia/Jerusalem", "TR": "Europe/Istanbul", "EG": "Africa/Cairo", "NG": "Africa/Lagos", "KE": "Africa/Nairobi",
    "ZA": "Africa/Johannesburg", "NZ": "Pacific/Auckland", "AR": "America/Argentina/Buenos_Aires",
    "CO": "America/Bogota", "PE": "America/Lima", "GB": "Europe/London", "IE": "Europe/Dublin", "PT": "Europe/Lisbon",
    "ES": "Europe/Madrid", "FR": "Europe/Paris", "BE": "Europe/Brussels", "NL": "Europe/Amsterdam",
    "LU": "Europe/Luxembourg", "DE": "Europe/Berlin", "AT": "Europe/Vienna", "CH": "Europe/Zurich",
    "LI": "Europe/Vaduz", "IT": "Europe/Rome", "DK": "Europe/Copenhagen", "SE": "Europe/Stockholm",
    "NO": "Europe/Oslo", "FI": "Europe/Helsinki", "IS": "Atlantic/Reykjavik", "EE": "Europe/Tallinn",
    "LV": "Europe/Riga", "LT": "Europe/Vilnius", "PL": "Europe/Warsaw", "CZ": "Europe/Prague",
    "SK": "Europe/Bratislava", "HU": "Europe/Budapest", "SI": "Europe/Ljubljana", "HR": "Europe/Zagreb",
    "BA": "Europe/Sarajevo", "RS": "Europe/Belgrade", "RO": "Europe/Bucharest", "BG": "Europe/Sofia",
    "GR": "Europe/Athens", "UA": "Europe/Kyiv",
}  # fmt: skip
_MONTH_FIRST = frozenset({"US", "PH"})

_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE | re.ASCII)
    for pattern in (
        rf"(?<![\d]){_YEAR}(?P<gap>[-/.])(?P<number>\d{{1,2}})(?P=gap)(?P<day>\d{{1,2}})(?!\d)",
        r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<number>\d\d)(?P<day>\d\d)(?=T\d{4}|$|\s)",
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s./-]+(?:of\s)?{_MONTH},?[\s./-]*{_YEAR}",
        rf"(?<!\d)(?P<day>\d{{1,2}})[\s-]{_MONTH}[\s-](?P<short>\d\d)(?=\s\d)",
        rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}",
        rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?=\s\d\d:).{{0,40}}?\b{_YEAR}",
        rf"(?<!\d)(?P<one>\d{{1,2}})(?P<gap>[-/.])(?P<two>\d{{1,2}})(?P=gap){_YEAR}",
        r"(?<!\d)(?P<one>\d\d)(?P<gap>[/.])(?P<two>\d\d)(?P=gap)(?P<short>\d\d)(?=\D{1,6}\d{1,2}[:.]\d\d)",
    )
)
_CLOCK = re.compile(
    r"(?<![\d:.])(?P<hour>[01]?\d|2[0-3])(?:[:.](?P<minute>[0-5]\d)(?!\d)(?:[:.](?P<second>[0-5]\d|60)(?!\d)"
    r"(?:[.,](?P<part>\d{1,9}))?)?|(?=\s?[ap]\.?m\b))(?:\s?(?P<half>[ap])\.?m\b\.?)?",
    re.IGNORECASE | re.ASCII,
)
_COMPACT_CLOCK = re.compile(r"T(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?P<second>[0-5]\d)?(?![\d:])")
_ZONE = re.compile(
    r"\s?\(?(?:(?:utc|gmt)?\s?(?P<sign>[+\-−])(?P<hours>\d{1,2}):?(?P<minutes>\d\d)?(?!\d)|(?P<name>[a-z]{1,4})\b)",
    re.IGNORECASE | re.ASCII,
)
_EPOCH = re.compile(r"(\d{10})(?:\.\d+)?|(\d{13})")


@dataclass(frozen=True, slots=True)
class WrittenTime:
    """A time as it was written, in UTC; `exact`: whether its hour is known (midnight is what stands for none)."""

    at: datetime
    exact: bool


def zone_of(country: str | None) -> tzinfo:
    """The zone of an outlet's times that name none: +07:00 for ID; UTC where a country has several."""
    name = COUNTRY_ZONES.get(country or "")
    return ZoneInfo(name) if name else UTC


def read_time(text: str, country: str | None = None) -> WrittenTime | None:
    """The first time in a short text, between 1990 and 2100; None where there is none."""
    said = " ".join(text[:_LONGEST].split())
    try:
        found = _epoch(said) or _written(said, country)
    except (ValueError, OverflowError):
        return None
    return found if found and EARLIEST <= found.at.year <= LATEST else None


def _epoch(said: str) -> WrittenTime | None:
    match = _EPOCH.fullmatch(said)
    if not match:
        return None
    seconds = int(match[1]) if match[1] else int(match[2]) / 1000
    return WrittenTime(datetime.fromtimestamp(seconds, UTC), exact=True)


def _written(said: str, country: str | None) -> WrittenTime | None:
    for date in (match for pattern in _DATES if (match := pattern.search(said))):
        day = _day(date.groupdict(), country)
        if day is None:
            continue
        clock = next(_clocks(said, date), None)
        if clock is None:
            return WrittenTime(day.replace(tzinfo=zone_of(country)).astimezone(UTC), exact=False)
        at = (day + _since_midnight(clock)).replace(tzinfo=_zone(said[clock.end() :]) or zone_of(country))
        return WrittenTime(at.astimezone(UTC), exact=_since_midnight(clock) != timedelta())
    return None


def _day(date: dict[str, str | None], country: str | None) -> datetime | None:
    number = {name: int(value) for name, value in date.items() if value and value.isdecimal()}
    year = number.get("year") or 2000 + number["short"]
    if "one" in number:
        month_first = number["two"] > 12 or (country in _MONTH_FIRST and number["one"] <= 12)
        month, day = (number["one"], number["two"]) if month_first else (number["two"], number["one"])
    else:
        month = number["number"] if "number" in number else _MONTHS[(date["month"] or "").lower()]
        day = number["day"]
    try:
        return datetime(year, month, day)
    except ValueError:
        return None


def _clocks(said: str, date: re.Match[str]) -> Iterator[re.Match[str]]:
    """Clock times after the date, then before it; ctime writes its own between day and year."""
    inside = _CLOCK.search(said, date.start("day") + 2, date.end()) if "month" in date.groupdict() else None
    found = (
        inside,
        _COMPACT_CLOCK.match(said, date.end()),
        _CLOCK.search(said.replace("T", " "), date.end()),
        _CLOCK.search(said, 0, date.start()),
    )
    return (match for match in found if match)


def _since_midnight(clock: re.Match[str]) -> timedelta:
    parts = clock.groupdict()
    hour = int(clock["hour"])
    if half := parts.get("half"):
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    fraction = float(f"0.{parts['part']}") if parts.get("part") else 0.0
    return timedelta(
        hours=hour, minutes=int(parts["minute"] or 0), seconds=min(int(parts["second"] or 0), 59) + fraction
    )


def _zone(rest: str) -> tzinfo | None:
    match = _ZONE.match(rest)
    if not match:
        return None
    if match["name"]:
        hours = _ZONES.get(match["name"].lower())
        return None if hours is None else timezone(timedelta(hours=hours))
    offset = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"] or 0))
    return timezone(offset if match["sign"] == "+" else -offset)
