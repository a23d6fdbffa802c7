"""How often a feed asks to be polled."""

from __future__ import annotations

_PERIODS = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}


def update_period(ttl: str | None, period: str | None, frequency: str | None) -> int | None:
    """Seconds: RSS' `ttl` (minutes), else the RSS syndication module's period over frequency."""
    minutes = _whole(ttl)
    if minutes:
        return minutes * 60
    seconds = _PERIODS.get((period or "").strip().lower())
    return seconds // max(_whole(frequency) or 1, 1) if seconds else None


def _whole(text: str | None) -> int | None:
    digits = (text or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 8 else None
