"""How far a reindex is. All of it is in Elasticsearch, so that any run, on any machine, goes on where another ended."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

from warta_index.connection import Connection
from warta_index.schema.mappings import META
from warta_index.schema.names import INDEX_PREFIX, MIRROR_ALIAS
from warta_index.setup.live_index import write_index
from warta_index.setup.part import SetupError, change, fetch

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Building:
    """An index that is being filled: `began` in ms since 1970, `after` the last id that was copied."""

    began: int
    after: str = ""
    copied: int = 0
    done: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """`serving` is read and written; `other` is written to as well: `building` while it is being filled, None once
    it was complete, or was the one that served before.
    """

    serving: str
    other: str | None = None
    building: Building | None = None

    @property
    def next_name(self) -> str:
        """The name of the index after this one."""
        number = re.fullmatch(rf"{re.escape(INDEX_PREFIX)}(\d+)", self.serving)
        return f"{INDEX_PREFIX}{int(number[1]) + 1 if number else 2}"


async def look(connection: Connection) -> Standing:
    """What is there; raises SetupError where there is no index, UnreachableError."""
    serving = await write_index(connection)
    if serving is None:
        raise SetupError("there is no index of articles yet: run `warta setup`")
    others = await fetch(connection, f"/_alias/{MIRROR_ALIAS}") or {}
    if not others:
        return Standing(serving)
    if len(others) > 1 or serving in others:
        raise SetupError(f"alias {MIRROR_ALIAS} should be one other index, but is {', '.join(others)}")
    (other,) = others
    meta = (await fetch(connection, f"/{other}/_mapping"))[other]["mappings"].get("_meta", {})
    return Standing(serving, other, Building(**meta["building"]) if "building" in meta else None)


async def remember(connection: Connection, index: str, building: Building | None) -> None:
    """Write down how far it is; None: it is filled."""
    await change(connection, "PUT", f"/{index}/_mapping", {"_meta": meta_of(building)})


def meta_of(building: Building | None) -> Json:
    """`_meta` of the mapping."""
    return META | ({"building": asdict(building)} if building else {})
