"""Days between which a name stands for its entity, as an alias has them: 2018-05-24..2023-05-24, an end may be open."""

from __future__ import annotations

from datetime import date

_TO = ".."


def is_period(rule: str) -> bool:
    """Whether a rule is two ISO 8601 days, at least one of them, in order."""
    first, to, last = rule.partition(_TO)
    days = [day for day in (first, last) if day]
    return bool(to and days) and all(map(_is_day, days)) and days == sorted(days)


def within(day: date, rule: str) -> bool:
    """Whether a day lies in a period, its two days included."""
    first, _, last = rule.partition(_TO)
    return first <= day.isoformat() <= (last or "9999-12-31")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
