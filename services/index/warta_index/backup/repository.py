"""Snapshots in Elasticsearch: each holds what the one before does not have, and can be restored by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from warta_index.backup.refused import BackupRefused
from warta_index.connection import Connection
from warta_index.setup.part import change, expect, fetch

PAUSE_SECONDS = 0.5
# Removing a snapshot rewrites the lists of its repository.
REMOVAL_SECONDS = 600.0
# A shard that waits for its turn is none that failed.
STANDS_SECONDS = 10.0
MODULE_ADVICE = (
    "Elasticsearch keeps snapshots below `path.repo` of its settings: compose and the local stack have it; elsewhere "
    "set it, or make a repository of any type yourself and name it by WARTA_SNAPSHOT_REPOSITORY."
)

Json = dict[str, Any]
Moved = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Health:
    """Of the shards that are restored."""

    all_there: bool
    some_coming: bool


@dataclass(frozen=True, slots=True)
class Repository:
    """`name` in Elasticsearch; `location` as Elasticsearch sees it, where it has to be made."""

    connection: Connection
    name: str
    location: str

    async def ensure(self) -> None:
        """Make it where there is none; raises BackupRefused where that is not allowed, SetupError, UnreachableError."""
        if await fetch(self.connection, f"/_snapshot/{self.name}") is not None:
            return
        content = {"type": "fs", "settings": {"location": self.location}}
        reply = await self.connection.ask("PUT", f"/_snapshot/{self.name}", content)
        kind, explanation = reply.error() if not reply.ok else ("", "")
        if kind in {"repository_exception", "repository_verification_exception"}:
            raise BackupRefused(f"Elasticsearch cannot keep snapshots: {explanation}"[:500], MODULE_ADVICE)
        expect(reply, f"make the repository {self.name}")

    async def snapshot(self, name: str, indices: Sequence[str], moved: Moved) -> None:
        """Take one to its end; raises BackupRefused when it is not whole. `moved` is told bytes."""
        content = {"indices": list(indices), "include_global_state": False, "feature_states": ["none"]}
        await change(self.connection, "PUT", self._path(name), content)
        while (taken := await self._taken(name))["state"] == "IN_PROGRESS":
            await self._tell(name, moved)
            await asyncio.sleep(PAUSE_SECONDS)
        _require_whole(name, taken)

    async def require(self, name: str) -> None:
        """Raises BackupRefused where the snapshot is not there or not whole."""
        _require_whole(name, await self._taken(name))

    async def remove(self, name: str) -> None:
        """Also one that is being taken; nothing where there is none."""
        reply = await self.connection.ask("DELETE", self._path(name), within=REMOVAL_SECONDS)
        if reply.status != 404:
            expect(reply, f"remove the snapshot {name}")

    async def restore(self, name: str, indices: Sequence[str], moved: Moved) -> None:
        """Bring indices back that are not there now, with their aliases; raises BackupRefused where one cannot be."""
        content = {"indices": list(indices), "include_global_state": False, "include_aliases": True}
        await change(self.connection, "POST", f"{self._path(name)}/_restore", content)
        clock = asyncio.get_running_loop().time
        moving = clock()
        while not (health := await self._health(indices)).all_there:
            if health.some_coming:
                moving = clock()
            if clock() - moving > STANDS_SECONDS:
                raise BackupRefused(
                    f"Elasticsearch could not read the snapshot {name} for all shards",
                    "Its files are damaged or gone; its log names them. Take another backup.",
                )
            await self._tell_recovery(indices, moved)
            await asyncio.sleep(PAUSE_SECONDS)

    def _path(self, name: str) -> str:
        return f"/_snapshot/{self.name}/{name}"

    async def _taken(self, name: str) -> Json:
        answer = await fetch(self.connection, self._path(name))
        if not answer or not answer.get("snapshots"):
            raise BackupRefused(
                f"the snapshot {name} is not in the repository {self.name}",
                "Its files belong to a backup, beside those of Redis.",
            )
        found: Json = answer["snapshots"][0]
        return found

    async def _tell(self, name: str, moved: Moved) -> None:
        answer = await fetch(self.connection, f"{self._path(name)}/_status")
        for one in (answer or {}).get("snapshots", ()):
            stats = one["stats"]
            moved(stats.get("processed", {}).get("size_in_bytes", 0), stats["incremental"]["size_in_bytes"])

    async def _health(self, indices: Sequence[str]) -> Health:
        answer = await fetch(self.connection, f"/_cluster/health/{','.join(indices)}?level=shards")
        found = (answer or {}).get("indices", {})
        shards = [shard for name in indices for shard in found.get(name, {}).get("shards", {}).values()]
        # The colour would not tell: a shard that waits to be restored counts as yellow.
        return Health(
            all_there=len(found) == len(indices) and all(shard["primary_active"] for shard in shards),
            some_coming=any(shard["initializing_shards"] for shard in shards),
        )

    async def _tell_recovery(self, indices: Sequence[str], moved: Moved) -> None:
        answer = await fetch(self.connection, f"/{','.join(indices)}/_recovery")
        sizes = [shard["index"]["size"] for one in (answer or {}).values() for shard in one["shards"]]
        moved(
            sum(size["recovered_in_bytes"] for size in sizes), sum(size["total_in_bytes"] for size in sizes)
        )


def _require_whole(name: str, taken: Json) -> None:
    if taken["state"] != "SUCCESS":
        raise BackupRefused(
            f"the snapshot {name} is {taken['state'].lower()}: {taken.get('failures') or taken.get('reason')}"[
                :500
            ]
        )
