"""The times that pages write, as instants: zones by name, Indonesian words, and the day alone as a last resort."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from dateutil import parser as free_form

from warta_shared.events.article import PublishedSource

EARLIEST, LATEST = 1990, 2100
WIB = timezone(timedelta(hours=7))
ZONES = {"WIB": 7 * 3600, "WITA": 8 * 3600, "WIT": 9 * 3600, "UTC": 0, "GMT": 0}
_HOUR = re.compile(r"(?<![\d.])(?:[01]?\d|2[0-3])[:.][0-5]\d(?![.]?\d{3})")
_MONTHS = {
    "januari": "january", "februari": "february", "pebruari": "february", "maret": "march", "mei": "may",
    "juni": "june", "juli": "july", "agustus": "august", "oktober": "october", "nopember": "november",
    "november": "november", "desember": "december", "agu": "aug", "agt": "aug", "okt": "oct", "nop": "nov",
    "des": "dec", "peb": "feb",
}  # fmt: skip
_DAYS = re.compile(r"\b(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad)\b,?", re.IGNORECASE)
_NOISE = re.compile(r"\b(?:pukul|jam|pada|diterbitkan|terbit|published|updated|on|at)\b:?", re.IGNORECASE)
_WRITTEN = re.compile(
    r"\b\d{1,2}\s+(?:jan|feb|peb|mar|apr|mei|may|jun|jul|agu|aug|agt|sep|okt|oct|nov|nop|des|dec)[a-z]*\.?,?\s+\d{4}"
    r"(?:[\s,|\-]{1,4}(?:pukul\s+|jam\s+)?\d{1,2}[:.]\d{2}(?::\d{2})?(?:\s*(?:WIB|WITA|WIT|UTC|GMT))?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant in UTC, whether its hour is known, and where it stood."""

    at: datetime
    exact: bool
    source: PublishedSource

    def is_refined_by(self, other: Moment) -> bool:
        """Whether `other` tells the hour of the day that this one names."""
        return not self.exact and other.exact and abs(other.at - self.at) <= timedelta(hours=36)


def moment(text: object, source: PublishedSource, country: str | None) -> Moment | None:
    """Read a time; None where it is none. Without a zone it is the outlet's own: +07:00 in Indonesia, else UTC."""
    if not isinstance(text, str) or not any(character.isdigit() for character in text[:100]):
        return None
    found = _read(" ".join(text.split())[:100])
    if found is None:
        return None
    local = found if found.tzinfo else found.replace(tzinfo=WIB if country == "ID" else UTC)
    try:
        at = local.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return Moment(at, bool(_HOUR.search(text)), source) if EARLIEST <= at.year <= LATEST else None


def written_moment(text: str, country: str | None) -> Moment | None:
    """The first date in running text, such as "Senin, 20 Agustus 2026 07:30 WIB"."""
    found = _WRITTEN.search(text)
    return moment(found[0], PublishedSource.TEXT, country) if found else None


def _read(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.replace(" UTC", "+00:00"))
    except ValueError:
        pass
    words = _NOISE.sub(" ", _DAYS.sub(" ", text))
    words = re.sub(r"(\d)\.(\d\d)\b(?!\.?\d)", r"\1:\2", words.replace("|", " "))
    words = " ".join(_MONTHS.get(word.lower().strip(",."), word) for word in words.split())
    try:
        found: datetime = free_form.parse(words, tzinfos=ZONES, dayfirst=True)
    except (ValueError, OverflowError, TypeError):
        return None
    return found
