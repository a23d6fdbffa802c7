"""A canary from ingest to Elasticsearch: it arrives, is told, comes again in the same document, and is not searched."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import httpx
from prometheus_client.parser import text_string_to_metric_families

from fixtures_stack import Running
from waiting import eventually
from warta_ingest.canary import Canary, canary_draft
from warta_ingest.settings import IngestSettings
from warta_shared.canary import SOURCE
from warta_shared.delivery.broker import connection, make_broker


def ingest_settings(running: Running) -> IngestSettings:
    """As the stack's ingest has them, with its own user: what that one may not do fails here too."""
    password = Path(running.variables["WARTA_REDIS_PASSWORD_FILE"]).parents[1] / "ingest" / "redis_password"
    return IngestSettings(
        redis_url=running.variables["WARTA_REDIS_URL"],
        redis_username="ingest",
        redis_password=password.read_text(),
        canary_seconds=0.1,
    )


def send(running: Running, times: int) -> None:
    async def work() -> None:
        settings = ingest_settings(running)
        broker = make_broker(settings)
        await broker.connect()
        canary = Canary(lambda: connection(broker), settings)
        try:
            await canary()  # the start: nothing is sent
            for _ in range(times):
                await canary()
                await canary()  # its turn is not over
                await asyncio.sleep(0.1)
        finally:
            await broker.stop()

    asyncio.run(work())


def sample(running: Running, name: str) -> float:
    page = httpx.get(running.stack.urls["index"] + "/metrics", trust_env=False).text
    families = text_string_to_metric_families(page)
    return next(s.value for family in families for s in family.samples if s.name == name)


def test_it_goes_through_everything_again_and_again_in_one_document(running: Running) -> None:
    identity = canary_draft(datetime.now(UTC)).id
    admin = Path(running.variables["WARTA_ELASTICSEARCH_API_KEY_FILE"]).read_text().strip()
    seen = sample(running, "warta_canary_seconds_count")
    send(running, 2)

    def revision() -> int:
        held = running.elasticsearch("GET", f"/articles-write/_doc/{identity}", key=admin).json()
        return int(held["_source"]["revision"]) if held.get("found") else 0

    eventually(lambda: revision() == 2)
    eventually(lambda: sample(running, "warta_canary_seconds_count") > seen)
    assert sample(running, "warta_canary_arrived_timestamp_seconds") > 0
    assert running.documents({"term": {"source.id": SOURCE}}) == []
    assert running.documents({"ids": {"values": [identity]}}) == []
