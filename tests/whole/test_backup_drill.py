"""The drill: a running system is backed up, loses everything, and is restored."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from commands import WARTA, run_warta
from fixtures_stack import FAST, LONGEST_PAUSE, Running
from waiting import eventually
from warta_index.scan import PAGE
from warta_local.demo.connections import open_servers
from warta_local.stack import LocalStack, StackOptions
from warta_shared.delivery import markers
from warta_shared.delivery.backlog import backlog
from warta_shared.delivery.client import Redis
from warta_shared.delivery.hop import HOPS

SOURCE, NUMBER = "DRILL", PAGE + 20
EVERYTHING: dict[str, Any] = {"match_all": {}}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A stack that may lose everything."""
    folder = tmp_path_factory.mktemp("drill")
    feeds_file = folder / "feeds.yaml"
    feeds_file.write_text("feeds: []\n")
    environment = {**FAST, "WARTA_FEEDS_FILE": str(feeds_file)}
    with LocalStack(
        StackOptions(folder / "data", environment=environment, longest_pause=LONGEST_PAUSE)
    ) as stack:
        yield Running(stack, feeds_file)


def warta(running: Running, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return run_warta(running.environment() | env, *arguments)


def told(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def backups(running: Running) -> Path:
    return Path(running.variables["WARTA_BACKUP_FOLDER"])


def articles(numbers: range) -> list[dict[str, Any]]:
    return [
        {"external_id": f"d{n}", "title": f"Judul {n}", "body": f"Isi berita nomor {n}.", "source": SOURCE}
        for n in numbers
    ]


async def remembered(redis: Redis) -> dict[str, Any]:
    """What of Redis people would miss."""
    return {
        "registry": {one: held.marker async for one, held in markers.every(redis, "registry", 0)},
        "keys": await redis.hgetall("push-keys:made"),
        "feeds": {k: v for k, v in (await redis.hgetall("feeds:declared")).items() if k != b"#revision"},
        "dead": await redis.xrange("articles.dead"),
        "runs": await redis.get("reenrich-run:planted"),
    }


async def settled(redis: Redis) -> bool:
    """Whether nothing may be written again."""
    return not any([(await backlog(redis, hop, 0)).total for hop in HOPS])


def in_redis(running: Running, work: Any) -> Any:
    async def connected() -> Any:
        async with open_servers(running.variables) as servers:
            return await work(servers.redis)

    return asyncio.run(connected())


def administrator(running: Running) -> tuple[str, str]:
    return "elastic", Path(running.variables["WARTA_ELASTICSEARCH_PASSWORD_FILE"]).read_text().strip()


def pushed(running: Running, numbers: range) -> list[dict[str, Any]]:
    """Their results; the services may just be starting anew."""

    def answer() -> list[dict[str, Any]]:
        try:
            done = running.push(articles(numbers))
        except httpx.TransportError:
            return []
        return done.json()["results"] if done.status_code == 202 else []

    return eventually(answer, 30)


def lose_everything(running: Running) -> None:
    """Redis with its files, and the index."""
    pid = running.stack.look("redis").pid
    assert pid
    shutil.rmtree(running.stack.folder.redis / "appendonlydir")
    os.kill(pid, signal.SIGKILL)
    url = running.variables["WARTA_ELASTICSEARCH_URL"] + "/articles-v1"
    httpx.delete(url, auth=administrator(running), timeout=30, trust_env=False).raise_for_status()
    eventually(lambda: running.stack.look("redis").pid not in {None, pid}, 30)
    eventually(lambda: in_redis(running, remembered)["registry"] == {}, 30)


@pytest.fixture(scope="module")
def filled(own: Running) -> Running:
    """Articles, a feed, a push key, a run and a dead letter."""
    assert len(pushed(own, range(NUMBER))) == NUMBER
    assert warta(own, "keys", "make", "wire", "--json").returncode == 0
    added = warta(
        own, "feeds", "add", "http://127.0.0.1:1/rss.xml", "--id", "drill", "--source", SOURCE, "--no-check"
    )
    assert added.returncode == 0, added.stderr

    async def planted(redis: Redis) -> None:
        await redis.set("reenrich-run:planted", b'{"run": "r"}', ex=3_600)
        await redis.xadd("articles.dead", {"body": "{}"})

    in_redis(own, planted)
    eventually(lambda: len(own.documents(EVERYTHING)) == NUMBER, 60)
    eventually(lambda: in_redis(own, settled), 30)
    # What was delivered twice may be there twice in a row, and the second not yet be seen.
    refresh = own.variables["WARTA_ELASTICSEARCH_URL"] + "/articles/_refresh"
    httpx.post(refresh, auth=administrator(own), timeout=30, trust_env=False).raise_for_status()
    return own


def test_everything_is_there_again_after_everything_was_lost(filled: Running) -> None:
    documents, before = filled.documents(EVERYTHING), in_redis(filled, remembered)
    assert len(before["registry"]) == NUMBER
    assert before["keys"] and before["feeds"] and before["dead"] and before["runs"]
    made = told(warta(filled, "backup", "--json"))
    assert (made["articles"], made["records"]["streams"]) == (NUMBER, 2)  # the dead letter, read twice
    later = range(NUMBER, NUMBER + 1)
    assert pushed(filled, later)
    lose_everything(filled)
    done = told(warta(filled, "restore", "latest", "--json"))
    assert (done["restored"], done["articles"], done["removed"]) == (True, NUMBER, 0)
    assert filled.documents(EVERYTHING) == documents
    assert in_redis(filled, remembered) == before
    audited = warta(filled, "audit", "--grace", "0")
    assert audited.returncode == 0, audited.stdout
    # What was there is known, what came after the backup is new, and both find their way.
    assert {result["status"] for result in pushed(filled, range(NUMBER))} == {"unchanged"}
    assert pushed(filled, later)[0]["status"] == "published"
    eventually(lambda: len(filled.documents(EVERYTHING)) == NUMBER + 1, 60)
    assert warta(filled, "audit", "--grace", "0").returncode == 0
    held = filled.elasticsearch("GET", "/articles/_mapping").json()
    assert list(held) == ["articles-v1"]


def test_a_system_that_holds_articles_is_left_alone(filled: Running) -> None:
    name = told(warta(filled, "backup", "--json"))["name"]
    number = len(filled.documents(EVERYTHING))
    refused = warta(filled, "restore", name)
    assert refused.returncode == 1
    assert f"there are articles here: {number:,} in the index" in refused.stderr
    assert "--replace" in refused.stderr
    # It can still be written to, and replaced when told.
    assert pushed(filled, range(900, 901))
    eventually(lambda: len(filled.documents(EVERYTHING)) == number + 1, 30)
    done = told(warta(filled, "restore", name, "--replace", "--json"))
    assert (done["articles"], done["removed"] > 0) == (number, True)
    eventually(lambda: warta(filled, "audit", "--grace", "0").returncode == 0, 30)
    assert pushed(filled, range(900, 901))[0]["status"] == "published"
    eventually(lambda: len(filled.documents(EVERYTHING)) == number + 1, 60)


def test_what_waits_in_the_streams_is_not_lost(filled: Running) -> None:
    """Backed up between the stages: the index service stands still, and everything is lost before it goes on."""
    index = filled.stack.look("index").pid
    assert index
    os.kill(index, signal.SIGSTOP)
    waiting = range(500, 520)
    ids = sorted(result["id"] for result in pushed(filled, waiting))
    eventually(lambda: in_redis(filled, lambda redis: redis.xlen("articles.enriched")) >= len(waiting), 30)
    made = told(warta(filled, "backup", "--json"))
    assert made["records"]["streams"] >= len(waiting)
    os.kill(index, signal.SIGKILL)
    lose_everything(filled)
    assert warta(filled, "restore", "latest").returncode == 0
    eventually(lambda: sorted(one["id"] for one in filled.documents({"ids": {"values": ids}})) == ids, 60)
    assert warta(filled, "audit", "--grace", "0").returncode == 0


def test_backups_are_listed_and_old_ones_go(filled: Running) -> None:
    for _ in range(2):
        told(warta(filled, "backup", "--json"))
    before = told(warta(filled, "backup", "--list", "--json"))["backups"]
    assert len(before) >= 2
    killed = backups(filled) / "20200101-000000"
    killed.mkdir()
    listed = told(warta(filled, "backup", "--list", "--json"))
    assert listed == {"backups": before, "unfinished": ["20200101-000000"], "damaged": []}
    assert "not finished" in warta(filled, "backup", "--list").stdout
    assert "was not finished" in warta(filled, "restore", killed.name).stderr
    made = told(warta(filled, "backup", "--keep", "2", "--json"))
    names = [one["name"] for one in told(warta(filled, "backup", "--list", "--json"))["backups"]]
    assert names == [before[-1]["name"], made["name"]]
    assert not killed.exists()
    url = filled.variables["WARTA_ELASTICSEARCH_URL"] + "/_snapshot/warta/_all"
    held = httpx.get(url, auth=administrator(filled), trust_env=False).json()["snapshots"]
    assert [one["snapshot"] for one in held] == names


@pytest.mark.parametrize("harm", ["changed", "cut", "gone", "manifest"])
def test_a_damaged_backup_is_refused_and_nothing_is_touched(filled: Running, harm: str) -> None:
    made = told(warta(filled, "backup", "--json"))
    file = Path(made["folder"]) / ("manifest.json" if harm == "manifest" else "registry.jsonl.gz")
    content = file.read_bytes()
    if harm == "gone":
        file.unlink()
    else:
        changed = gzip.compress(b"{}\n") if harm == "changed" else content[:-20]
        file.write_bytes(changed)
    number = len(filled.documents(EVERYTHING))
    refused = warta(filled, "restore", made["name"], "--replace")
    assert (refused.returncode, len(filled.documents(EVERYTHING))) == (1, number)
    assert str(file) in refused.stderr
    assert refused.stdout == ""
    file.write_bytes(content)
    assert told(warta(filled, "restore", made["name"], "--check", "--json"))["whole"] is True


def test_a_killed_backup_is_none(filled: Running) -> None:
    before = told(warta(filled, "backup", "--list", "--json"))["backups"]
    child = subprocess.Popen([*WARTA, "backup"], env=filled.environment())
    eventually(
        lambda: (
            len(told(warta(filled, "backup", "--list", "--json"))["unfinished"]) or child.poll() is not None
        )
    )
    child.kill()
    child.wait()
    listed = told(warta(filled, "backup", "--list", "--json"))
    assert listed["backups"] == before or not listed["unfinished"]
    assert warta(filled, "backup").returncode == 0
    assert told(warta(filled, "backup", "--list", "--json"))["unfinished"] == []


def test_people_are_told_what_is_missing(filled: Running) -> None:
    assert "there is no backup 20000101-000000" in warta(filled, "restore", "20000101-000000").stderr
    other = warta(filled, "restore", "latest", "--check", WARTA_PARTITIONS="8")
    assert (other.returncode, "WARTA_PARTITIONS=0" in other.stderr) == (1, True)
    wrong = warta(filled, "backup", WARTA_ELASTICSEARCH_USERNAME="nobody")
    assert (wrong.returncode, "401" in wrong.stderr) == (1, True)
    away = warta(filled, "backup", WARTA_ELASTICSEARCH_URL="http://127.0.0.1:1")
    assert away.returncode == 3
    assert warta(filled, "backup", WARTA_REDIS_URL="redis://127.0.0.1:1").returncode == 3


def test_a_backup_under_load_has_all_that_it_knows_of(filled: Running) -> None:
    """Articles are pushed, and pushed anew, before, while and after it is made; after the restore none is missing."""
    ended = threading.Event()

    def load() -> None:
        turn = 0
        while not ended.is_set():
            for start in range(2_000, 2_200, 50):
                changed = [
                    one | {"body": f"{one['body']} {turn}"} for one in articles(range(start, start + 50))
                ]
                filled.push(changed)
            turn += 1

    pusher = threading.Thread(target=load)
    pusher.start()
    try:
        # Not those of turn 1: where a turn is shorter than a refresh, no search ever sees them.
        eventually(lambda: len(filled.documents({"range": {"revision": {"gte": 2}}})) >= 10, 90)
        told(warta(filled, "backup", "--json"))
    finally:
        ended.set()
        pusher.join()
    lose_everything(filled)
    assert warta(filled, "restore", "latest").returncode == 0

    def audited() -> dict[str, int] | None:
        counts: dict[str, int] = json.loads(warta(filled, "audit", "--grace", "0", "--json").stdout)["counts"]
        return None if counts["missing"] or counts["stale"] else counts

    # What waited in the streams is indexed once more.
    assert eventually(audited, 60)["fine"] > NUMBER
