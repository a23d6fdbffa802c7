"""The Lua scripts: each one atomic step over keys of one slot. Only commands that Redis 7.0 and Valkey have."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any


@cache
def script(name: str) -> str:
    """The text of `<name>.lua`."""
    return files(__name__).joinpath(f"{name}.lua").read_text(encoding="utf-8")


async def run(redis: Any, name: str, keys: list[str], arguments: list[Any]) -> Any:
    """Run a script; EVAL rather than EVALSHA, since a failover or FLUSHALL forgets scripts (redis caches by text)."""
    return await redis.eval(script(name), len(keys), *keys, *arguments)
