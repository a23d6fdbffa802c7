"""When an article appeared, where that was read, and whether the hour is known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from warta_ingest.text.instants import read_time
from warta_shared.events.article import PublishedSource

_WRITTEN = re.compile(
    r"\b\d{1,2}\s+(?:jan|feb|peb|mar|apr|mei|may|jun|jul|agu|aug|agt|sep|okt|oct|nov|nop|des|dec)[a-z]*\.?,?\s+\d{4}\b"
    r"(?:.{0,25})"
    r"|\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\s+\d{1,2},\s+\d{4}\b"
    r"(?:.{0,25})"
    r"|\b\d{1,2}/\d{1,2}/20\d\d\b(?:.{0,25})",
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
    """Read a time; None where it is none. Without a zone it is the outlet's own: +07:00 in Indonesia."""
    found = read_time(str(text), country) if isinstance(text, str | int) else None
    return Moment(found.at, found.exact, source) if found else None


def written_moment(text: str, country: str | None) -> Moment | None:
    """The first date in running text, such as "Senin, 20 Agustus 2026 07:30 WIB"."""
    found = _WRITTEN.search(text)
    return moment(found[0], PublishedSource.TEXT, country) if found else None
