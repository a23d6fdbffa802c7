"""Elasticsearch takes its time to start; set-up waits for it, but not for ever."""

from __future__ import annotations

import asyncio

from warta_index.connection import Connection, Reply, UnreachableError
from warta_index.setup.part import SetupError

PAUSE = 1.0
LOGIN_PATIENCE = 15.0
"""Seconds for which a refused login may come from a cluster that has not loaded its users yet."""

HEALTH = "/_cluster/health?wait_for_status=yellow&timeout=2s"


async def wait_until_ready(connection: Connection, within: float) -> None:
    """Return once every primary shard is there; raises UnreachableError after so many seconds with the last
    reason, and SetupError when user or password are wrong."""
    clock = asyncio.get_running_loop().time
    started = clock()
    while True:
        refused, reason = False, ""
        try:
            reply = await connection.ask("GET", HEALTH, within=5.0)
            if reply.status == 200:
                return
            refused, reason = reply.status in {401, 403}, _explain(reply)
        except UnreachableError as error:
            reason = str(error)
        waited = clock() - started
        if refused and waited + PAUSE > min(LOGIN_PATIENCE, within):
            raise SetupError(reason)
        if waited + PAUSE > within:
            raise UnreachableError("unavailable", f"not ready after {waited:.0f} s, last: {reason}")
        await asyncio.sleep(PAUSE)


def _explain(reply: Reply) -> str:
    if reply.status == 401:
        return "Elasticsearch refuses this user and password"
    if reply.status == 403:
        return "this user may not look at the cluster's health: setup needs an administrator such as elastic"
    if reply.status == 408:
        return "the cluster's health is red: primary shards are missing"
    return f"status {reply.status}: {reply.error()[1]}"[:300]
