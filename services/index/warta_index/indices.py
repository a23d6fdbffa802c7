"""The indices of articles: which there are, whether they hold any, and how they make room for others."""

from __future__ import annotations

from collections.abc import Sequence

from warta_index.connection import Connection
from warta_index.schema import READ_ALIAS, WRITE_ALIAS
from warta_index.setup.part import change, fetch


async def indices_of_articles(connection: Connection) -> list[str]:
    """Those behind the aliases."""
    answers = [await fetch(connection, f"/_alias/{alias}") for alias in (READ_ALIAS, WRITE_ALIAS)]
    return sorted({str(name) for answer in answers for name in answer or ()})


async def existing(connection: Connection, names: Sequence[str]) -> list[str]:
    """Which of these there are, whatever points to them."""
    return [name for name in names if await fetch(connection, f"/{name}/_alias") is not None]


async def documents(connection: Connection, indices: Sequence[str]) -> int:
    """How many they hold, what was written a moment ago counted."""
    if not indices:
        return 0
    await change(connection, "POST", f"/{','.join(indices)}/_refresh")
    answer = await fetch(connection, f"/{','.join(indices)}/_count")
    return int(answer["count"]) if answer else 0


async def block_writing(connection: Connection, indices: Sequence[str], *, blocked: bool) -> None:
    """From then on the index service waits with what it has, as for a full disk."""
    if indices:
        content = {"index.blocks.write": True if blocked else None}
        await change(connection, "PUT", f"/{','.join(indices)}/_settings", content)


async def remove(connection: Connection, indices: Sequence[str]) -> None:
    """The indices with all they hold."""
    if indices:
        await change(connection, "DELETE", f"/{','.join(indices)}")
