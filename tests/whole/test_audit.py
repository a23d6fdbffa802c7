"""`warta audit` on a running system: all is accounted for, and each kind of loss that is planted is found."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest

from commands import run_warta
from fixtures_stack import Running
from waiting import eventually
from warta_ingest.registry.record import Record, record_place
from warta_local.demo.connections import open_servers
from warta_local.newsroom import running_newsroom
from warta_shared.delivery import markers
from warta_shared.delivery.names import ENRICHED, RAW
from warta_shared.registry.known import Known

Change = Callable[[Record], Record]


def command(running: Running, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_warta(running.environment(), *arguments)


def audit(running: Running, *arguments: str) -> tuple[int, dict[str, Any]]:
    done = command(running, "audit", "--json", *arguments)
    assert not done.stderr
    return done.returncode, json.loads(done.stdout)


def record_of(running: Running, identity: str, change: Change) -> None:
    """Change what the registry remembers of an article."""

    async def work() -> None:
        async with open_servers(running.variables) as servers:
            place = record_place(identity, 0)
            [held] = await markers.read(servers.redis, [place])
            changed = change(Record.unpacked(held.marker, identity)).packed(identity)
            assert await markers.amend(servers.redis, place, held.marker, changed, 3_600)

    asyncio.run(work())


@contextmanager
def remembered_as(running: Running, identity: str, change: Callable[[Known], Known | None]) -> Iterator[None]:
    kept: list[Record] = []

    def planted(record: Record) -> Record:
        kept.append(record)
        assert record.article
        return replace(record, article=change(record.article))

    record_of(running, identity, planted)
    yield
    record_of(running, identity, lambda _record: kept[0])


@pytest.fixture(scope="module")
def ids(running: Running) -> list[str]:
    articles = [
        {"external_id": f"u{n}", "title": "T", "body": f"Isi {n}.", "source": "AUDIT"} for n in range(5)
    ]
    found = [result["id"] for result in running.push(articles).json()["results"]]
    eventually(lambda: len(running.documents({"term": {"source.id": "AUDIT"}})) == len(found))
    return found


def test_all_articles_are_accounted_for(running: Running, ids: list[str]) -> None:
    code, told = audit(running, "--grace", "0")
    assert (code, told["articles"]) == (0, {"missing": [], "stale": [], "phantom": [], "ahead": []})
    assert told["counts"]["fine"] >= len(ids)


def moved(milliseconds: int) -> Callable[[Known], Known]:
    return lambda known: replace(known, observed_at=known.observed_at + milliseconds)


@pytest.mark.parametrize(
    ("kind", "change"), [("stale", moved(1)), ("ahead", moved(-1)), ("phantom", lambda _known: None)]
)
def test_what_differs_is_found(
    running: Running, ids: list[str], kind: str, change: Callable[[Known], Known | None]
) -> None:
    with remembered_as(running, ids[0], change):
        code, told = audit(running, "--grace", "0")
        assert (code, told["articles"][kind], told["counts"][kind]) == (1, [ids[0]], 1)
    assert audit(running, "--grace", "0")[0] == 0


def test_what_was_published_and_is_nowhere_is_missing(running: Running, ids: list[str]) -> None:
    lost = "q" * 26
    known: list[Known] = []
    with remembered_as(running, ids[0], lambda article: known.append(article) or article):  # type: ignore[func-returns-value]
        record_of(running, lost, lambda record: replace(record, article=known[0]))
        assert audit(running, "--grace", "0")[1]["articles"]["missing"] == [lost]
        assert audit(running)[1]["counts"]["on-its-way"] >= 1  # within ten minutes it may still come
        record_of(running, lost, lambda _record: Record())
    assert audit(running, "--grace", "0")[0] == 0


def test_people_are_told_what_to_do(running: Running, ids: list[str]) -> None:
    assert ids
    done = command(running, "audit")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "all articles are accounted for"


def as_administrator(running: Running, method: str, path: str, content: Any = None) -> Any:
    password = running.stack.folder.secrets / "elasticsearch" / "elastic_password"
    reply = httpx.request(
        method,
        running.variables["WARTA_ELASTICSEARCH_URL"] + path,
        json=content,
        auth=("elastic", password.read_text().strip()),
        timeout=30,
        trust_env=False,
    )
    return reply.raise_for_status().json()


def destroy(running: Running, document: dict[str, Any]) -> None:
    """In its own version: Elasticsearch would give a deletion the next one, and remember it for a minute."""
    version = f"version={document['observed_at']}&version_type=external_gte"
    as_administrator(running, "DELETE", f"/articles-write/_doc/{document['id']}?refresh=true&{version}")


def trimmed(running: Running) -> None:
    """Nothing that is settled is on the streams any more: the last entry of each stays else."""

    async def work() -> None:
        async with open_servers(running.variables) as servers:
            for name in (RAW, ENRICHED):
                await servers.redis.xtrim(name, maxlen=0, approximate=False)

    asyncio.run(work())


def test_what_its_stream_still_has_is_put_back(running: Running) -> None:
    last = {"external_id": "last", "title": "Judul", "body": "Isi yang lain.", "source": "AUDIT"}
    identity = running.push(last).json()["results"][0]["id"]
    (before,) = eventually(lambda: running.documents({"term": {"id": identity}}))
    destroy(running, before)
    code, told = audit(running, "--grace", "0", "--repair")
    assert (code, told["repaired"]["put-back"]) == (0, [identity])
    (after,) = eventually(lambda: running.documents({"term": {"id": identity}}))
    assert {**after, "indexed_at": ""} == {**before, "indexed_at": ""}
    eventually(lambda: audit(running, "--grace", "0")[0] == 0)


def test_an_article_of_a_page_is_fetched_again_and_one_that_was_pushed_is_asked_for(
    running: Running, ids: list[str]
) -> None:
    """The same text as before: without a repair it would be taken for what is there already."""
    article = {"external_id": "u0", "title": "T", "body": "Isi 0.", "source": "AUDIT"}
    with running_newsroom() as site:
        done = command(
            running, "fetch", f"{site}/post/law/asset-declarations", "--source", "POST", "--wait", "30"
        )
        assert done.returncode == 0, done.stdout
        (of_page,) = eventually(lambda: running.documents({"prefix": {"canonical_url": site}}))
        trimmed(running)
        destroy(running, of_page)
        destroy(running, running.documents({"term": {"id": ids[0]}})[0])
        assert audit(running, "--grace", "0")[1]["counts"]["missing"] == 2

        code, told = audit(running, "--grace", "0", "--repair")
        assert (code, told["repaired"]) == (
            4,
            {"put-back": [], "fetched-again": [of_page["id"]], "remembered": [], "push-again": [ids[0]]},
        )
        (again,) = eventually(lambda: running.documents({"prefix": {"canonical_url": site}}))
    told_again = {
        name: again[name] for name in ("title", "body", "revision", "first_seen_at", "content_hash")
    }
    assert told_again == {name: of_page[name] for name in told_again}
    assert again["observed_at"] > of_page["observed_at"]
    assert running.push(article).json()["results"][0]["status"] == "published"
    eventually(lambda: audit(running, "--grace", "0")[0] == 0)
    assert running.push(article).json()["results"][0]["status"] == "unchanged"


def test_the_registry_is_made_again_from_the_documents(running: Running, ids: list[str]) -> None:
    """As after a Redis that lost its memory: nothing is missing, and nothing is published twice."""
    before = {document["id"]: document for document in running.documents({"match_all": {}})}

    async def forgotten() -> None:
        async with open_servers(running.variables) as servers:
            keys = [key async for key in servers.redis.scan_iter("registry*", count=10_000)]
            await servers.redis.unlink(*keys)

    asyncio.run(forgotten())
    assert audit(running, "--grace", "0")[1]["counts"]["phantom"] == len(before)
    done = command(running, "registry", "rebuild", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, {"learnt": len(before), "known": 0})
    assert audit(running, "--grace", "0")[1]["counts"]["fine"] == len(before)
    assert json.loads(command(running, "registry", "rebuild", "--json").stdout)["known"] == len(before)
    changed = {"external_id": "u1", "title": "T", "body": "Isi lain.", "source": "AUDIT"}
    assert running.push(changed).json()["results"][0]["status"] == "published"
    (revised,) = eventually(
        lambda: running.documents({"bool": {"filter": [{"term": {"id": ids[1]}}, {"term": {"revision": 2}}]}})
    )
    assert revised["first_seen_at"] == before[ids[1]]["first_seen_at"]
    assert len(running.documents({"match_all": {}})) == len(before)


def test_what_only_the_index_knows_is_remembered(running: Running, ids: list[str]) -> None:
    record_of(running, ids[2], lambda record: replace(record, article=None))
    record_of(running, ids[3], lambda record: replace(record, article=moved(-1)(record.article)))  # type: ignore[arg-type]
    code, told = audit(running, "--grace", "0", "--repair")
    assert (code, sorted(told["repaired"]["remembered"])) == (0, sorted(ids[2:4]))
    assert audit(running, "--grace", "0")[0] == 0


def test_every_stage_gives_out_what_it_was_given(running: Running, ids: list[str]) -> None:
    assert ids
    stages = {stage["hop"]: stage for stage in audit(running, "--grace", "0")[1]["stages"]}
    assert list(stages) == ["fetch", "enrich", "index"]
    for stage in stages.values():
        assert stage["added"] == stage["settled"] + stage["pending"] + stage["waiting"] + stage["unread"]
    assert (stages["index"]["settled"] >= len(ids), stages["index"]["unread"]) == (True, 0)
