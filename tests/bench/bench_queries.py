"""Queries of docs/querying.md over many articles: milliseconds, and how long a change takes to be told.

    python tests/bench/bench_queries.py [--articles 200000] [--times 100]

A real Elasticsearch with an index as `warta setup` makes it, articles of 4 KB with 15 entities over 30 days, half
Indonesian, half English; one query at a time, each with other words and names, in turns.
"""

from __future__ import annotations

import argparse
import itertools
import random
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import uvloop
from bench_index import CUMULATED, WORDS

from enriched_articles import OBSERVED_AT, article_id, enriched_article, entry_of
from warta_index.changes.cursor import Cursor
from warta_index.changes.run import changes, from_now
from warta_index.connection import Connection
from warta_index.credentials import administrator, of_key
from warta_index.document import Document, build_document
from warta_index.query import Question, search_request
from warta_index.settings import SetupSettings
from warta_index.setup import install, plan
from warta_index.writer import BulkLimits, BulkWriter
from warta_local.elasticsearch import ElasticsearchServer
from warta_shared.events import EnrichedArticle, Entity, Topic
from warta_shared.events.article import Source

Json = dict[str, Any]

CHANCE = random.Random(20251130)
NAMES = [" ".join(CHANCE.choices(WORDS, k=2)).title() for _ in range(20_000)]
NAMES_CUMULATED = list(itertools.accumulate(1 / (rank + 5) for rank in range(len(NAMES))))
TOPICS = [f"{number:02d}000000" for number in range(1, 18)]
END = datetime.now(UTC)
DAYS = 30
AT_ONCE = 2_000
CHANGES = 30


def article(number: int) -> EnrichedArticle:
    """About 4 KB, as `enrich` publishes it."""
    words = CHANCE.choices(WORDS, cum_weights=CUMULATED, k=300)
    names = CHANCE.choices(NAMES, cum_weights=NAMES_CUMULATED, k=15)
    found = [Entity(id=identity(name), name=name, count=1) for name in dict.fromkeys(names)]
    return enriched_article(
        id=article_id(number),
        title=" ".join(words[:9]),
        body=" ".join(words),
        language="id" if number % 2 else "en",
        published_at=END - timedelta(days=DAYS * CHANCE.random()),
        source=Source(id=f"SOURCE{number % 40}"),
        topics=(Topic(code=CHANCE.choice(TOPICS), name="a topic", score=0.5),),
        people=tuple(found[:5]),
        organisations=tuple(found[5:10]),
        places=tuple(found[10:]),
        story_id=article_id(number - number % 3),
    )


def identity(name: str) -> str:
    """Of an entity."""
    return f"name:{name.replace(' ', '-')}"


def words(number: int) -> str:
    """As people search: words that are neither the commonest nor the rarest."""
    return " ".join(CHANCE.choices(WORDS[50:3_000], k=number))


def _filtered(*filters: Json) -> Json:
    return {"bool": {"filter": [{"term": {"status": "usable"}}, *filters]}}


WEEK: Json = {"range": {"published_at": {"gte": "now-7d"}}}
QUERIES: dict[str, Callable[[], Json]] = {
    "two words, marked": lambda: search_request(Question(text=words(2))),
    "a phrase": lambda: search_request(Question(text=f'"{words(2)}"')),
    "newest of a source": lambda: {
        "size": 10,
        "sort": [{"published_at": "desc"}, {"id": "asc"}],
        "query": _filtered({"term": {"source.id": f"SOURCE{CHANCE.randrange(40)}"}}),
    },
    "an entity by id": lambda: {"query": _filtered({"term": {"people.id": identity(CHANCE.choice(NAMES))}})},
    "topics of 7 days": lambda: {
        "size": 0,
        "query": _filtered(WEEK),
        "aggs": {"topics": {"terms": {"field": "topics.code", "size": 20}}},
    },
    "people of 7 days": lambda: {
        "size": 0,
        "query": _filtered(WEEK),
        "aggs": {"people": {"terms": {"field": "people.id", "size": 20}}},
    },
    "one a story": lambda: search_request(Question(text=words(1), by_story=True)),
    "all facets": lambda: search_request(Question(text=words(1), facets=True)),
}


async def fill(connection: Connection, number: int) -> float:
    """Seconds a thousand articles."""
    writer = BulkWriter(connection, BulkLimits(in_flight=3, deadline=120, request_timeout=60))
    started = time.perf_counter()
    for start in range(0, number, AT_ONCE):
        some = [_document(n) for n in range(start, min(start + AT_ONCE, number))]
        await writer.write(some)
    return (time.perf_counter() - started) / number * 1_000


def _document(number: int, version: int = 0) -> Document:
    made = article(number)
    made = made.model_copy(update={"observed_at": OBSERVED_AT + version, "revision": version + 1})
    return build_document(entry_of(made), datetime.now(UTC))


async def ask(connection: Connection, times: int) -> dict[str, list[float]]:
    """Milliseconds by query, asked in turns; the first tenth warms up."""
    taken: dict[str, list[float]] = {name: [] for name in QUERIES}
    for turn in range(times + times // 10):
        for name, query in QUERIES.items():
            started = time.perf_counter()
            reply = await connection.ask("POST", "/articles/_search?request_cache=false", query(), within=60)
            if not reply.ok:
                raise SystemExit(f"{name}: {reply.body[:300]!r}")
            if turn >= times // 10:
                taken[name].append((time.perf_counter() - started) * 1_000)
    return taken


async def lags(writing: Connection, reading: Connection) -> list[float]:
    """Milliseconds from the answer to a write until a reader that looks all the time was told."""
    writer, found = BulkWriter(writing, BulkLimits()), []
    cursor = await from_now(reading)
    for version in range(1, CHANGES + 1):
        await writer.write([_document(7, version)])
        started = time.perf_counter()
        told = False
        while not told:
            told, cursor = await _look(reading, cursor)
        found.append((time.perf_counter() - started) * 1_000)
    return found


async def _look(reading: Connection, cursor: Cursor) -> tuple[bool, Cursor]:
    told = False
    async with aclosing(changes(reading, cursor)) as pages:
        async for page in pages:
            told, cursor = told or bool(page.articles), page.cursor
    return told, cursor


async def run(server: ElasticsearchServer, keys: Path, articles: int, times: int) -> None:
    """Set up, fill, ask, follow."""
    settings = SetupSettings(elasticsearch_url=server.url, elasticsearch_password=server.password)
    async with Connection(settings, administrator(settings)) as admin:
        await install(admin, plan(settings, keys))
    key = {
        reader: (keys / reader / "elasticsearch_api_key").read_text("utf-8")
        for reader in ("index", "operator")
    }
    async with (
        Connection(settings, of_key(key["index"])) as writing,
        Connection(settings, of_key(key["operator"])) as reading,
    ):
        seconds = await fill(writing, articles)
        await reading.ask("POST", "/articles/_refresh", within=60)  # the indexer may not, and need not
        print(f"{articles:,} articles, {seconds:.2f} s a thousand")
        print(f"{'':22}{'p50 ms':>8}{'p99 ms':>8}")
        for name, taken in (await ask(reading, times)).items():
            print(f"{name:22}{statistics.median(taken):8.1f}{percentile(taken, 99):8.1f}")
        lag = await lags(writing, reading)
        print(f"{'change until told':22}{statistics.median(lag):8.1f}{percentile(lag, 99):8.1f}")


def percentile(values: list[float], share: int) -> float:
    """The value below which `share` percent of them lie."""
    return statistics.quantiles(values, n=100)[share - 1]


def main() -> None:
    """Options, a server of its own, and its end."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=200_000)
    parser.add_argument("--times", type=int, default=100, help="each query")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = ElasticsearchServer(Path(folder) / "server", password=secrets.token_urlsafe(16))
        try:
            with server:
                uvloop.run(run(server, Path(folder) / "keys", options.articles, options.times))
        finally:
            server.wipe()


if __name__ == "__main__":
    main()
