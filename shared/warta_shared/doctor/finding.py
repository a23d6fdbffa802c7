"""What an examination found: one line, how bad it is, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum


class Level(StrEnum):
    """`skipped`: it could not be looked at from here, and `says` why."""

    OK = "ok"
    SKIPPED = "skipped"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """`check` names what was looked at; `advice` is what to do, empty where nothing is to be done."""

    check: str
    level: Level
    says: str
    advice: str = ""
    unreachable: bool = False

    def row(self) -> dict[str, str | bool]:
        """For JSON."""
        return asdict(self)


def ok(check: str, says: str) -> Finding:
    """All is well."""
    return Finding(check, Level.OK, says)


def skipped(check: str, why: str) -> Finding:
    """It could not be looked at from here."""
    return Finding(check, Level.SKIPPED, why)


def warn(check: str, says: str, advice: str) -> Finding:
    """It works, and will not for long or not well."""
    return Finding(check, Level.WARN, says, advice)


def failed(check: str, says: str, advice: str, *, unreachable: bool = False) -> Finding:
    """It does not work; `unreachable` where a server gave no answer."""
    return Finding(check, Level.FAIL, says, advice, unreachable)


def graded(check: str, says: str, advice: str, *, fails: bool, warns: bool) -> Finding:
    """The worst that holds."""
    if fails:
        return failed(check, says, advice)
    return warn(check, says, advice) if warns else ok(check, says)


def by_watermarks(check: str, says: str, advice: str, used: float) -> Finding:
    """A disk of which so much (0 to 1) is used: Elasticsearch takes no more shards at 85 % and stops writing at 95 %
    (its default watermarks; docs: disk-based shard allocation)."""
    return graded(check, says, advice, fails=used >= 0.95, warns=used >= 0.85)


def worst(findings: Iterable[Finding]) -> Level:
    """The worst level among them; OK for none."""
    order = list(Level)
    return max((finding.level for finding in findings), key=order.index, default=Level.OK)
