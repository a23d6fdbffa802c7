"""`warta audit` on a running system: all is accounted for, and each kind of loss that is planted is found."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from fixtures_stack import Running
from waiting import eventually
from warta_ingest.registry.record import Record, record_place
from warta_local.demo.connections import open_servers
from warta_shared.delivery import markers
from warta_shared.registry.known import Known

Change = Callable[[Record], Record]


def audit(running: Running, *arguments: str) -> tuple[int, dict[str, Any]]:
    command = [
        sys.executable,
        "-c",
        "from warta_shared.cli.main import run; run()",
        "audit",
        "--json",
        *arguments,
    ]
    done = subprocess.run(
        command, env=running.environment(), capture_output=True, text=True, timeout=60, check=False
    )
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
    command = [sys.executable, "-c", "from warta_shared.cli.main import run; run()", "audit"]
    done = subprocess.run(
        command, env=running.environment(), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "all articles are accounted for"
