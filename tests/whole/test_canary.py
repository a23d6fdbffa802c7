"""A canary from ingest to Elasticsearch: it arrives, is told, comes again in the same document, and is not searched."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
from prometheus_client.parser import text_string_to_metric_families

from canaries import send_canaries
from fixtures_stack import Running
from waiting import eventually
from warta_ingest.canary import canary_draft
from warta_shared.canary import SOURCE


def sample(running: Running, name: str) -> float:
    page = httpx.get(running.stack.urls["index"] + "/metrics", trust_env=False).text
    families = text_string_to_metric_families(page)
    return next(s.value for family in families for s in family.samples if s.name == name)


def test_it_goes_through_everything_again_and_again_in_one_document(running: Running) -> None:
    identity = canary_draft(datetime.now(UTC)).id

    def revision() -> int:
        held = running.elasticsearch("GET", f"/articles-write/_doc/{identity}").json()
        return int(held["_source"]["revision"]) if held.get("found") else 0

    before, seen = revision(), sample(running, "warta_canary_seconds_count")
    send_canaries(running, 2)
    eventually(lambda: revision() >= before + 2)
    eventually(lambda: sample(running, "warta_canary_seconds_count") > seen)
    assert sample(running, "warta_canary_arrived_timestamp_seconds") > 0
    assert running.documents({"term": {"source.id": SOURCE}}) == []
    assert running.documents({"ids": {"values": [identity]}}) == []
