"""When an article appeared, where that was read, and whether the hour is known."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from warta_ingest.text.instants import read_time
from warta_shared.events.article import PublishedSource

_MONTH = r"(?:jan|feb|peb|mar|apr|mei|may|jun|jul|agu|aug|agt|ags|sep|okt|oct|nov|nop|des|dec)[a-z]{0,6}\.?"
_WRITTEN = re.compile(
    rf"\b(?:\d{{1,2}}\.?\s+{_MONTH},?\s+20\d\d|{_MONTH}\s+\d{{1,2}},\s+20\d\d|\d{{1,2}}[/.]\d{{1,2}}[/.]20\d\d"
    r"|\d\d[/.]\d\d[/.]\d\d(?=\D{1,6}\d{1,2}[:.]\d\d))\b.{0,30}",
    re.IGNORECASE,
)

# A day by its midnight somewhere, and an instant of it.
SAME_DAY = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant in UTC, whether its hour is known, and where it stood."""

    at: datetime
    exact: bool
    source: PublishedSource

    def is_refined_by(self, other: Moment) -> bool:
        """Whether `other` tells the hour of the day that this one names."""
        return not self.exact and other.exact and abs(other.at - self.at) <= SAME_DAY


def moment(text: object, source: PublishedSource, country: str | None) -> Moment | None:
    """Read a time; None where it is none. Without a zone it is the outlet's own: +07:00 in Indonesia."""
    found = read_time(str(text), country) if isinstance(text, str | int) else None
    return Moment(found.at, found.exact, source) if found else None


def best(moments: Iterable[Moment | None]) -> Moment | None:
    """The first, or the first later one that tells the hour where the first knows the day alone."""
    first: Moment | None = None
    for said in moments:
        if first is None:
            first = said
        elif said and first.is_refined_by(said):
            return said
        if first and first.exact:
            return first
    return first


def written_moment(text: str, country: str | None) -> Moment | None:
    """The first date in running text, such as "Senin, 20 Agustus 2026 07:30 WIB"."""
    found = _WRITTEN.search(text)
    return moment(found[0], PublishedSource.TEXT, country) if found else None
