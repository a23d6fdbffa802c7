"""`warta re-enrich`: documents go through enrichment once more, each once a run, none that was not asked for."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest

from commands import run_warta
from fixtures_stack import Running
from waiting import eventually
from warta_index.cli.asking import fingerprint
from warta_index.connection import Connection
from warta_index.reenrich import progress, run
from warta_index.reenrich.progress import Progress
from warta_index.reenrich.run import ReEnrichment
from warta_index.scan import every
from warta_index.search import EXPIRED, SearchError
from warta_local.demo.connections import open_servers
from warta_shared.delivery.patience import Patience
from warta_shared.settings import DeliverySettings

SOURCE = "REENRICH"
ARTICLES = [
    {
        "external_id": f"again-{number}",
        "title": f"Kredit usaha kecil nomor {number}",
        "body": f"Bank Indonesia memberi kredit Rp{number + 2} miliar di Surabaya. Kata {number} saja yang berbeda.",
        "source": SOURCE,
        "published_at": "2025-06-02T00:00:00Z",
        "topics": ["16000000"],
        "language": "id",
    }
    for number in range(5)
]


def warta(running: Running, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_warta(running.environment(), "re-enrich", *arguments)


def documents(running: Running) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in running.documents({"term": {"source.id": SOURCE}})}


@pytest.fixture(scope="module")
def before(running: Running) -> dict[str, dict[str, Any]]:
    results = running.push(ARTICLES).json()["results"]
    withdrawn = {"external_id": "again-4", "source": SOURCE, "status": "withdrawn"}
    running.push(withdrawn).raise_for_status()

    def indexed() -> dict[str, dict[str, Any]]:
        found = documents(running)
        done = len(found) == len(results) and sum(one["status"] == "withdrawn" for one in found.values()) == 1
        return found if done else {}

    return eventually(indexed)


def test_every_usable_article_that_matches_is_enriched_anew(
    running: Running, before: dict[str, dict[str, Any]]
) -> None:
    done = warta(running, "--source", SOURCE, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {"matched": 4, "published": 4, "unfit": 0}

    def newer() -> dict[str, dict[str, Any]]:
        now = documents(running)
        changed = [one for one in now.values() if one["indexed_at"] > before[one["id"]]["indexed_at"]]
        return now if len(changed) == 4 else {}

    after = eventually(newer)
    for identity, document in before.items():
        same = {name: value for name, value in document.items() if name != "indexed_at"}
        assert {name: value for name, value in after[identity].items() if name != "indexed_at"} == same
    assert {topic["code"] for one in after.values() for topic in one["topics"]} >= {"16000000"}


def test_a_killed_run_goes_on_behind_its_last_page(
    running: Running, before: dict[str, dict[str, Any]]
) -> None:
    """Also with a time that is another one at each run: 36500d."""
    usable = sorted(one for one, document in before.items() if document["status"] == "usable")
    where = progress.run_key(fingerprint("", "36500d", None, [SOURCE], None))

    async def killed() -> None:
        async with open_servers(running.variables) as servers:
            await progress.save(servers.redis, where, Progress("a-run", after=usable[1], published=10))

    asyncio.run(killed())
    told = [
        json.loads(warta(running, "--source", SOURCE, "--since", "36500d", "--json").stdout) for _ in range(2)
    ]
    assert [one["published"] for one in told] == [
        10 + 2,
        4,
    ]  # the first one went on, the second one began anew

    async def left() -> int:
        async with open_servers(running.variables) as servers:
            return int(await servers.redis.exists(where))

    assert asyncio.run(left()) == 0


def test_waiting_for_longer_than_a_point_in_time_is_held_only_takes_another(
    running: Running, before: dict[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    scans: list[str] = []

    async def expiring(connection: Connection, query: Any, *, after: str, **told: Any) -> AsyncIterator[Any]:
        scans.append(after)
        async with aclosing(every(connection, query, after=after, size=1, **told)) as pages:
            number = 0
            async for page in pages:
                yield page
                number += 1
                if number == 2 and len(scans) == 1:
                    raise SearchError(EXPIRED, "after two pages")

    monkeypatch.setattr(run, "every", expiring)

    async def no_refusal() -> str:
        return ""

    def nothing(_told: object) -> None:
        """Nobody looks."""

    usable = sorted(one for one, document in before.items() if document["status"] == "usable")

    async def again() -> Progress:
        async with open_servers(running.variables) as servers:
            reenrichment = ReEnrichment(
                servers.redis,
                servers.elasticsearch,
                DeliverySettings(),
                Patience(no_refusal, nothing),
                nothing,
                nothing,
                nothing,
            )
            return await reenrichment.run({"terms": {"id": usable}}, progress.run_key("expiring"), again=True)

    assert asyncio.run(again()).published == 4
    assert scans == ["", usable[1]]


def test_nothing_else_is_and_nothing_found_is_a_problem(
    running: Running, before: dict[str, dict[str, Any]]
) -> None:
    assert before
    done = warta(running, "--source", "NOBODY")
    assert done.returncode == 1
    assert "no article matches" in done.stderr
    assert warta(running, "--since", "nonsense").returncode == 2


def test_where_elasticsearch_is_not_is_told(running: Running) -> None:
    done = run_warta(running.environment() | {"WARTA_ELASTICSEARCH_URL": "http://127.0.0.1:1"}, "re-enrich")
    assert done.returncode == 3
    assert "no answer from http://127.0.0.1:1" in done.stderr
