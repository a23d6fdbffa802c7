"""How often, and when, a feed asks to be polled."""

from __future__ import annotations

from collections.abc import Iterable

_PERIODS = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def update_period(ttl: str | None, period: str | None, frequency: str | None) -> int | None:
    """Seconds: RSS' `ttl` (minutes), else the RSS syndication module's period over frequency."""
    minutes = _whole(ttl)
    if minutes:
        return minutes * 60
    seconds = _PERIODS.get((period or "").strip().lower())
    return seconds // max(_whole(frequency) or 1, 1) if seconds else None


def skipped_hours(texts: Iterable[str]) -> frozenset[int]:
    """RSS' `skipHours`, hours of the day in GMT; 24 is what old versions call 0. All of them is a mistake."""
    hours = frozenset(hour % 24 for text in texts if (hour := _whole(text)) is not None and hour <= 24)
    return hours if len(hours) < 24 else frozenset()


def skipped_days(texts: Iterable[str]) -> frozenset[int]:
    """RSS' `skipDays`, Monday = 0. All of them is a mistake."""
    days = frozenset(_DAYS.index(name) for text in texts if (name := text.strip().lower()) in _DAYS)
    return days if len(days) < 7 else frozenset()


def _whole(text: str | None) -> int | None:
    digits = (text or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 8 else None
