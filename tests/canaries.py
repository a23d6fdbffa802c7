"""Canaries, sent into a running system as its ingest service does it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from fixtures_stack import Running
from warta_ingest.canary import TURN, Canary
from warta_ingest.settings import IngestSettings
from warta_shared.delivery.broker import connection, make_broker

INTERVAL = 0.1


def send_canaries(running: Running, times: int) -> None:
    """So many, one after the other, whosever turn it is: the service sends one every five minutes."""
    asyncio.run(_send(_settings(running), times))


async def _send(settings: IngestSettings, times: int) -> None:
    broker = make_broker(settings)
    await broker.connect()
    canary = Canary(lambda: connection(broker), settings)
    try:
        await connection(broker).delete(TURN)
        await canary()  # the start: nothing is sent
        for _ in range(times):
            await canary()
            await canary()  # its turn is not over
            await asyncio.sleep(INTERVAL)
    finally:
        await broker.stop()


def _settings(running: Running) -> IngestSettings:
    """With ingest's own user: what that one may not do fails here too."""
    password = Path(running.variables["WARTA_REDIS_PASSWORD_FILE"]).parents[1] / "ingest" / "redis_password"
    return IngestSettings(
        redis_url=running.variables["WARTA_REDIS_URL"],
        redis_username="ingest",
        redis_password=password.read_text(),
        canary_seconds=INTERVAL,
    )
