"""Index leg: articles a second and client CPU, against the same bodies blasted from raw sockets, in turns.

    python tests/bench/bench_index.py [--articles 1500] [--rounds 12] [--in-flight 2] [--readers 2]

Both sides write the same kind of articles (4 KB, 15 entities, half Indonesian, half English) into the same
index of a real Elasticsearch, with as many requests in flight. The raw side has its HTTP requests ready before
the clock starts and reads nothing of the answers but their end; it is the most that a client can get here.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import random
import secrets
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parent.parent))

import uvloop

from enriched_articles import article_id, enriched_article, entry_of
from warta_index.bulk import FILTER_PATH, encode_request
from warta_index.connection import Connection
from warta_index.credentials import administrator, of_key
from warta_index.document import build_document
from warta_index.results import Indexed
from warta_index.settings import SetupSettings
from warta_index.setup import install, plan
from warta_index.writer import BulkLimits, BulkWriter
from warta_local.elasticsearch import ElasticsearchServer
from warta_shared.events import EnrichedArticle, Entity, Entry, Topic
from warta_shared.garbage import collect_seldom

BATCH = 200
RAW_REQUEST = 200
CHANCE = random.Random(20251125)
SYLLABLES = [a + b for a in "bcdfghjklmnprst" for b in ("a", "e", "i", "o", "u", "an", "er", "ing")]
WORDS = ["".join(CHANCE.choices(SYLLABLES, k=CHANCE.randint(1, 4))) for _ in range(30_000)]
CUMULATED = list(itertools.accumulate(1 / (rank + 10) for rank in range(len(WORDS))))
NOW = datetime(2025, 11, 25, tzinfo=UTC)


@dataclass(frozen=True)
class Measured:
    """One round of one side: articles a second, CPU of this process in microseconds an article."""

    rate: float
    cpu: float


def entries(number: int, first: int) -> list[Entry]:
    """Articles of about 4 KB as `enrich` publishes them."""
    return [entry_of(_article(first + n)) for n in range(number)]


def _article(number: int) -> EnrichedArticle:
    words = CHANCE.choices(WORDS, cum_weights=CUMULATED, k=300)
    names = [Entity(name=" ".join(CHANCE.choices(WORDS, k=2)).title(), count=1) for _ in range(15)]
    return enriched_article(
        id=article_id(number),
        title=" ".join(words[:9]),
        body=" ".join(words),
        language="id" if number % 2 else "en",
        published_at=NOW,
        word_count=len(words),
        topics=(Topic(code="04000000", name="economy", score=0.5),),
        people=tuple(names[:5]),
        organisations=tuple(names[5:10]),
        places=tuple(names[10:]),
    )


def batches(items: Sequence[Entry], size: int) -> Iterator[Sequence[Entry]]:
    """As the stream hands them out."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


async def by_the_writer(
    connection: Connection, limits: BulkLimits, work: list[Entry], readers: int
) -> Measured:
    """The product: documents built and written, batch by batch, by so many readers at once."""
    writer = BulkWriter(connection, limits)
    queue = batches(work, BATCH)

    async def read() -> None:
        for batch in queue:
            results = await writer.write([build_document(entry, NOW) for entry in batch])
            if any(not isinstance(result, Indexed) for result in results):
                raise SystemExit(f"not indexed: {set(results)}")

    started, used = time.perf_counter(), time.process_time()
    await asyncio.gather(*(read() for _ in range(readers)))
    return _measured(started, used, len(work))


def by_raw_sockets(url: str, key: str, work: list[Entry], in_flight: int) -> Measured:
    """The most that can be had: ready requests through blocking sockets, one thread for each in flight."""
    requests = [_http_request(url, key, batch) for batch in batches(work, RAW_REQUEST)]
    queue = iter(requests)
    lock = threading.Lock()
    started, used = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(in_flight) as threads:
        for blast in [threads.submit(_blast, url, queue, lock) for _ in range(in_flight)]:
            blast.result()
    return _measured(started, used, len(work))


def _measured(started: float, used: float, number: int) -> Measured:
    seconds = time.perf_counter() - started
    return Measured(rate=number / seconds, cpu=(time.process_time() - used) * 1e6 / number)


def _http_request(url: str, key: str, batch: Sequence[Entry]) -> bytes:
    body = encode_request([build_document(entry, NOW) for entry in batch])
    head = (
        f"POST /articles-write/_bulk?require_alias=true&filter_path={FILTER_PATH} HTTP/1.1\r\n"
        f"host: {urlsplit(url).netloc}\r\nauthorization: ApiKey {key}\r\n"
        f"content-type: application/x-ndjson\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body


def _blast(url: str, queue: Iterator[bytes], lock: threading.Lock) -> None:
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port)) as connection:
        while True:
            with lock:
                request = next(queue, None)
            if request is None:
                return
            connection.sendall(request)
            _read_answer(connection)


def _read_answer(connection: socket.socket) -> None:
    """Elasticsearch sends filtered answers in chunks: the last one is empty."""
    answer = b""
    while not answer.endswith(b"\r\n0\r\n\r\n"):
        answer += connection.recv(65_536)
    if not answer.startswith(b"HTTP/1.1 200") or b'"errors":false' not in answer:
        raise SystemExit(f"raw side: {answer[:500]!r}")


async def run(server: ElasticsearchServer, keys_dir: Path, options: argparse.Namespace) -> None:
    """Set up, then rounds in turns."""
    settings = SetupSettings(elasticsearch_url=server.url, elasticsearch_password=server.password)
    async with Connection(settings, administrator(settings)) as admin:
        await install(admin, plan(settings, keys_dir))
    key = (keys_dir / "index" / "elasticsearch_api_key").read_text(encoding="utf-8")
    limits = BulkLimits(in_flight=options.in_flight, deadline=60, request_timeout=30)
    sides: dict[str, list[Measured]] = {"raw": [], "warta": []}
    async with Connection(settings, of_key(key)) as connection:
        for number in range(options.rounds + 1):
            work = entries(2 * options.articles, number * 2 * options.articles)
            halves = {"raw": work[: options.articles], "warta": work[options.articles :]}
            for side in sorted(
                halves, reverse=bool(number % 2)
            ):  # neither always pays for the other's merges
                measured = (
                    await asyncio.to_thread(by_raw_sockets, server.url, key, halves[side], options.in_flight)
                    if side == "raw"
                    else await by_the_writer(connection, limits, halves[side], options.readers)
                )
                if number:  # the first round warms Elasticsearch's compiler
                    sides[side].append(measured)
    size = statistics.mean(len(entry.body) for entry in work)
    report(sides, size)


def report(sides: dict[str, list[Measured]], size: float) -> None:
    """Medians, and the ratio of each round's two sides."""
    ratios = [warta.rate / raw.rate for raw, warta in zip(sides["raw"], sides["warta"], strict=True)]
    print(f"{'':8}{'articles/s':>12}{'client CPU us/article':>24}   ({size:.0f} B an event)")
    for name, measured in sides.items():
        rate = statistics.median(m.rate for m in measured)
        cpu = statistics.median(m.cpu for m in measured)
        print(f"{name:8}{rate:12.0f}{cpu:24.1f}")
    shown = " ".join(f"{ratio:.2f}" for ratio in ratios)
    print(f"ratio of the rates: median {statistics.median(ratios):.2f} (rounds: {shown})")


def main() -> None:
    """Options, a server of its own, and its end."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=1_500, help="a side and round")
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--in-flight", type=int, default=2)
    parser.add_argument("--readers", type=int, default=2)
    options = parser.parse_args()
    collect_seldom()
    with tempfile.TemporaryDirectory() as folder:
        server = ElasticsearchServer(Path(folder) / "server", password=secrets.token_urlsafe(16))
        try:
            with server:
                uvloop.run(run(server, Path(folder) / "keys", options))
        finally:
            server.wipe()


if __name__ == "__main__":
    main()
