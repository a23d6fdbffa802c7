"""`warta audit` over many articles: seconds by the clock and memory, with a real registry and a real index.

python tests/bench/bench_audit.py [--articles N]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import httpx
import orjson
import psutil
from bench_registry import AT_ONCE, LIFETIME_MS, packed, url

from warta_ingest.registry.record import Record, record_place
from warta_ingest.sameness import article_id
from warta_local.demo.connections import open_servers
from warta_local.stack import LocalStack, StackOptions
from warta_shared.delivery import scripts

DOCUMENTS_AT_ONCE = 5_000
GOAL_SECONDS, GOAL_MB = 300, 300  # for a million


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=200_000, help="how many (default 200,000)")
    number = parser.parse_args().articles
    with tempfile.TemporaryDirectory() as folder, LocalStack(StackOptions(Path(folder))) as stack:
        Path(folder).chmod(0o755)
        versions = asyncio.run(remember(stack, number))
        index(stack, versions)
        seconds, megabytes, told = audited(stack)
    print(
        f"{number:,} articles audited in {seconds:.0f} s with {megabytes:.0f} MB "
        f"(goal {GOAL_SECONDS} s and {GOAL_MB} MB for a million): {told}"
    )
    return 0


async def remember(stack: LocalStack, number: int) -> dict[str, int]:
    """Records as ingest writes them; the version of each id."""
    rng, versions = random.Random(7), dict[str, int]()
    async with open_servers(stack.client_variables()) as servers:
        for start in range(0, number, AT_ONCE):
            keys, arguments = [""], [str(LIFETIME_MS), "0"]
            for one in range(start, min(start + AT_ONCE, number)):
                address = url(rng, one)
                identity = article_id(address)
                record = packed(rng, address, identity)
                article = Record.unpacked(record, identity).article
                versions[identity] = article.observed_at if article else 0
                where = record_place(identity, 0)
                keys.append(where.bucket)
                arguments += [where.field, b"", record]
            keys[0] = keys[1]
            await scripts.run(servers.redis, "publish", keys, arguments)
    return versions


def index(stack: LocalStack, versions: dict[str, int]) -> None:
    """Documents with what an audit reads of them."""
    password = stack.folder.secrets / "elasticsearch" / "elastic_password"
    login = ("elastic", password.read_text(encoding="utf-8").strip())
    variables, documents = stack.client_variables(), list(versions.items())
    with httpx.Client(base_url=variables["WARTA_ELASTICSEARCH_URL"], auth=login, timeout=120) as client:
        for start in range(0, len(documents), DOCUMENTS_AT_ONCE):
            lines: list[bytes] = []
            for identity, observed_at in documents[start : start + DOCUMENTS_AT_ONCE]:
                lines.append(orjson.dumps({"index": {"_id": identity}}))
                lines.append(orjson.dumps({"id": identity, "observed_at": observed_at}))
            body, headers = b"\n".join(lines) + b"\n", {"content-type": "application/x-ndjson"}
            answer = client.post("/articles-write/_bulk", content=body, headers=headers).raise_for_status()
            assert not answer.json()["errors"], answer.text[:500]
        client.post("/articles/_refresh").raise_for_status()


def audited(stack: LocalStack) -> tuple[float, float, str]:
    """(seconds, MB, what it told last) of the command as a process.

    Not by getrusage(2): its peak counts what this process, which began it, held at that moment.
    """
    command = [sys.executable, "-c", "from warta_shared.cli.main import run; run()", "audit"]
    began = time.perf_counter()
    with subprocess.Popen(
        command, env={**os.environ, **stack.client_variables()}, stdout=subprocess.PIPE, text=True
    ) as done:
        peak, watched = 0.0, psutil.Process(done.pid)
        while done.poll() is None:
            with suppress(psutil.Error):
                peak = max(peak, watched.memory_info().rss / 1e6)
            time.sleep(0.05)
        told = done.stdout.read() if done.stdout else ""
    return time.perf_counter() - began, peak, " | ".join(told.split("\n")[-3:]).strip()


if __name__ == "__main__":
    raise SystemExit(main())
