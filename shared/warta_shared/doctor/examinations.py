"""All examinations, found by entry point: each project looks at what it owns."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from importlib.metadata import EntryPoint, entry_points

from warta_shared.doctor.finding import Finding, failed
from warta_shared.settings import WRONG_SETTINGS, problems_of

GROUP = "warta.examinations"
DEADLINE_SECONDS = 30.0

Examination = Callable[[], Awaitable[list[Finding]]]


def names() -> list[str]:
    """Of all examinations, in the order of their report."""
    return sorted(_declared(), key=lambda name: (_ORDER.index(name) if name in _ORDER else len(_ORDER), name))


async def examine(name: str) -> list[Finding]:
    """What one of them finds; whatever goes wrong within is a finding too."""
    try:
        examination: Examination = _declared()[name].load()
        async with asyncio.timeout(DEADLINE_SECONDS):
            return await examination()
    except WRONG_SETTINGS as error:
        return [failed("settings", "; ".join(problems_of(error)), "Mend the variable, or its file.")]
    except TimeoutError:
        return [
            failed(name, f"no result within {DEADLINE_SECONDS:.0f} s", "Is the machine or a server stuck?")
        ]
    except Exception as error:  # a doctor that falls ill says so and goes on
        told = f"the examination itself failed: {type(error).__name__}: {error}"[:300]
        return [failed(name, told, "This is a fault of Warta: please report it.")]


_ORDER = (
    "machine",
    "engine",
    "ports",
    "secrets",
    "names",
    "redis",
    "streams",
    "events",
    "elasticsearch",
    "ingest",
    "feeds",
)


def _declared() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}
