"""The dates that feeds write: RFC 822, ISO 8601, and what people make of them."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from dateutil import parser as free_form

EARLIEST, LATEST = 1990, 2100
_ZONES = {"WIB": 7 * 3600, "WITA": 8 * 3600, "WIT": 9 * 3600, "EST": -5 * 3600, "EDT": -4 * 3600,
          "CST": -6 * 3600, "CDT": -5 * 3600, "MST": -7 * 3600, "PST": -8 * 3600, "PDT": -7 * 3600}  # fmt: skip
_INDONESIAN = {"januari": "january", "februari": "february", "maret": "march", "mei": "may", "juni": "june",
               "juli": "july", "agustus": "august", "oktober": "october", "desember": "december",
               "agu": "aug", "okt": "oct", "des": "dec"}  # fmt: skip


def instant(text: str | None) -> datetime | None:
    """The instant in UTC; None where it cannot be told, without a zone taken as UTC."""
    wanted = " ".join((text or "").split())[:100]
    if not any(character.isdigit() for character in wanted):
        return None
    for read in (_iso, _rfc822, _free):
        try:
            found = read(wanted)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
        if found and EARLIEST <= found.year <= LATEST:
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    return None


def _iso(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _rfc822(text: str) -> datetime | None:
    # Python drops zones that it does not know: WIB would become UTC, seven hours wrong.
    return None if text.rsplit(" ", 1)[-1].upper() in _ZONES else parsedate_to_datetime(text)


def _free(text: str) -> datetime:
    words = (_INDONESIAN.get(word.lower().strip(",."), word) for word in text.split())
    found: datetime = free_form.parse(" ".join(words), tzinfos=_ZONES, fuzzy=True)
    return found
