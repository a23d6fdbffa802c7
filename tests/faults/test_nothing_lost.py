"""kill -9 of every service at random moments under load, and pauses longer than the claim time: nothing is lost,
nothing comes twice. `FAULTS_SEED=17 make test TESTS=tests/faults` runs a schedule again.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from faults.ledger import Ledger
from faults.load import Load
from faults.oracle import judge
from fixtures_stack import FAST, Running
from waiting import eventually
from warta_local.demo.connections import open_servers
from warta_shared.delivery.backlog import backlog
from warta_shared.delivery.dead_letters import dead_letters
from warta_shared.delivery.hop import HOPS

SERVICES = ("ingest", "enrich", "index")
KILLS = 10
CLAIM_SECONDS = float(FAST["WARTA_MIN_IDLE"])


@pytest.fixture
def seed() -> int:
    chosen = int(os.environ.get("FAULTS_SEED") or random.SystemRandom().randrange(1_000_000))
    print(f"FAULTS_SEED={chosen}")
    return chosen


def pid_of(running: Running, service: str) -> int:
    return eventually(lambda: running.stack.look(service).pid or 0, 60)


def ready(running: Running) -> bool:
    return all(look.phase == "ready" for look in running.stack.looks())


def all_settled(running: Running) -> bool:
    async def look() -> int:
        async with open_servers(running.variables) as servers:
            return sum([(await backlog(servers.redis, hop, 0)).total for hop in HOPS])

    return asyncio.run(look()) == 0


def dead_article_ids(running: Running) -> list[str]:
    async def look() -> list[str]:
        async with open_servers(running.variables) as servers:
            return [
                filed.letter.article_id if filed.letter else "?"
                async for filed in dead_letters(servers.redis, 0)
            ]

    return asyncio.run(look())


def kill_everyone(running: Running, chance: random.Random) -> None:
    """Ten times each, in random order, whoever is running at that moment."""
    schedule = list(SERVICES) * KILLS
    chance.shuffle(schedule)
    for service in schedule:
        time.sleep(chance.uniform(0.1, 0.7))
        os.kill(pid_of(running, service), signal.SIGKILL)


def pause_everyone(running: Running) -> None:
    """Stopped for longer than the claim time: others take over, and the sleeper wakes to find nothing his."""
    for service in ("enrich", "index"):
        process = pid_of(running, service)
        os.kill(process, signal.SIGSTOP)
        time.sleep(CLAIM_SECONDS * 2)
        os.kill(process, signal.SIGCONT)


def test_kills_and_pauses_lose_nothing_and_double_nothing(
    running: Running, tmp_path: Path, seed: int
) -> None:
    eventually(lambda: ready(running), 60)
    buried_before = set(dead_article_ids(running))
    ledger = Ledger(tmp_path, seed)
    load = Load(running.ingest_url, running.push_key, ledger)
    load.start()
    kill_everyone(running, random.Random(seed))
    eventually(lambda: ready(running), 90)
    pause_everyone(running)
    load.finish()
    eventually(lambda: ready(running), 90)
    eventually(
        lambda: all_settled(running) and time.sleep(1) is None and all_settled(running), 120, every=0.5
    )
    time.sleep(1.5)  # one refresh interval
    documents = running.documents({"term": {"extensions.seed": str(seed)}})
    dead = [article_id for article_id in dead_article_ids(running) if article_id not in buried_before]
    verdict = judge(ledger, documents, dead)
    print(
        f"sent {ledger.sent}, accepted {len(ledger.accepted)}, unanswered {load.unanswered}, {len(documents)} documents"
    )
    assert len(ledger.accepted) > 100
    assert load.unanswered > 0, "no kill met the push API at work"
    verdict.assert_clean()
    audited = subprocess.run(
        [sys.executable, "-c", "from warta_shared.cli.main import run; run()", "audit", "--grace", "0"],
        env=running.environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert audited.returncode == 0, audited.stdout
    (fresh,) = running.push(ledger.next_batch(1)).json()["results"]
    eventually(lambda: running.documents({"term": {"id": fresh["id"]}}), 20)
