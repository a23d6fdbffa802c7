"""What an article costs Elasticsearch: our mapping against the usual one that indexes everything, in turns.

    python tests/bench/bench_mapping.py [--articles 3000] [--rounds 8]

The other mapping has the stems of both languages on every text, nested entities, and norms. CPU of the server's
process, refresh included, in rounds of one index after the other.
"""

from __future__ import annotations

import argparse
import asyncio
import copy
import os
import secrets
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import orjson
from bench_index import NOW, entries

from warta_index.connection import NDJSON, Connection
from warta_index.credentials import administrator
from warta_index.document import build_document
from warta_index.schema.analysis import STEMMERS, analysis
from warta_index.schema.mappings import STEMMED_FIELDS, mappings
from warta_index.settings import SetupSettings
from warta_index.setup.part import change
from warta_local.elasticsearch import ElasticsearchServer
from warta_shared.events import Entry

Json = dict[str, Any]

ENTITIES = ("people", "organisations", "places", "laws", "tickers", "amounts", "percentages", "dates")
REQUEST = 500
GOAL = 2.0
TICK = os.sysconf("SC_CLK_TCK")


def everything() -> Json:
    """The mapping that indexes all that could ever be asked."""
    wide = copy.deepcopy(mappings())
    properties = wide["properties"]
    del properties["stems"]
    for field in STEMMED_FIELDS:
        properties[field].pop("norms", None)
        stems = {language: {"type": "text", "analyzer": analyzer} for language, analyzer in STEMMERS.items()}
        properties[field]["fields"] = properties[field].get("fields", {}) | stems
    for kind in ENTITIES:
        properties[kind] = {"type": "nested", **properties[kind]}
    return wide


def body(work: list[Entry], *, stems: bool) -> bytes:
    """A bulk request as it travels."""
    lines: list[bytes] = []
    for entry in work:
        document = orjson.loads(build_document(entry, NOW).body)
        if not stems:
            document.pop("stems", None)
        lines += (orjson.dumps({"index": {"_id": entry.id}}), orjson.dumps(document))
    return b"\n".join([*lines, b""])


def cpu_seconds(pid: int) -> float:
    """User and system time of a process (proc(5))."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


async def run(server: ElasticsearchServer, articles: int, rounds: int) -> None:
    """Microseconds of CPU an article by index, and the ratio of each round."""
    settings = SetupSettings(elasticsearch_url=server.url, elasticsearch_password=server.password)
    used: dict[str, list[float]] = {"ours": [], "everything": []}
    async with Connection(settings, administrator(settings)) as admin:
        common = {"analysis": analysis(), "number_of_replicas": 0, "refresh_interval": "1s"}
        for name, mapping in (("ours", mappings()), ("everything", everything())):
            await change(admin, "PUT", f"/{name}", {"settings": {"index": common}, "mappings": mapping})
        for number in range(rounds + 1):
            work = entries(articles, number * articles)
            for name in sorted(used, reverse=bool(number % 2)):
                microseconds = await _written(admin, server.pid, name, work)
                if number:  # the first round warms Elasticsearch's compiler
                    used[name].append(microseconds)
    ratios = [wide / ours for ours, wide in zip(used["ours"], used["everything"], strict=True)]
    for name, microseconds in used.items():
        print(f"{name:12}{statistics.median(microseconds):8.0f} us of CPU an article")
    print(
        f"ratio: median {statistics.median(ratios):.2f}, goal {GOAL} ({' '.join(f'{r:.2f}' for r in ratios)})"
    )


async def _written(admin: Connection, pid: int, index: str, work: list[Entry]) -> float:
    requests = [
        body(work[start : start + REQUEST], stems=index == "ours") for start in range(0, len(work), REQUEST)
    ]
    before = cpu_seconds(pid)
    for request in requests:
        reply = await admin.request("POST", f"/{index}/_bulk", request, content_type=NDJSON, within=120)
        if not reply.ok or reply.json()["errors"]:
            raise SystemExit(f"{index}: {reply.body[:500]!r}")
    await change(admin, "POST", f"/{index}/_refresh")
    return (cpu_seconds(pid) - before) / len(work) * 1e6


def main() -> None:
    """Options, a server of its own, and its end."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=3_000, help="an index and round")
    parser.add_argument("--rounds", type=int, default=8)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = ElasticsearchServer(Path(folder) / "server", password=secrets.token_urlsafe(16))
        try:
            with server:
                asyncio.run(run(server, options.articles, options.rounds))
        finally:
            server.wipe()


if __name__ == "__main__":
    main()
