"""The changes of a real index: each once, whatever is written meanwhile."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from contextlib import aclosing
from typing import Any

import pytest
from real_articles import LIMITS, Articles, document_of

from enriched_articles import OBSERVED_AT, article_id, enriched_article
from warta_index.changes.cursor import Cursor
from warta_index.changes.run import changes, from_now, kind_of
from warta_index.connection import Connection
from warta_index.writer import BulkWriter
from warta_shared.events.article import Status

CHANCE = random.Random(8)
ARTICLES, VERSIONS, WRITERS = 400, 3, 8


async def told(connection: Connection, since: Cursor, size: int = 500) -> tuple[list[dict[str, Any]], Cursor]:
    found: list[dict[str, Any]] = []
    cursor = since
    async with aclosing(changes(connection, since, size)) as pages:
        async for page in pages:
            found += page.articles
            cursor = page.cursor
    return found, cursor


def versions(found: list[dict[str, Any]]) -> Counter[tuple[str, int]]:
    return Counter((article["id"], article["observed_at"]) for article in found)


@pytest.mark.parametrize("shards", [1, 3])
async def test_each_once_under_concurrent_writes(articles: Articles, shards: int) -> None:
    """Writers end in another order than they began; a reader with the operator's key looks all the time."""
    await articles.remove_indices()
    await articles.install(index_shards=shards)
    work = [(number, version) for version in range(VERSIONS) for number in range(ARTICLES)]
    CHANCE.shuffle(work)
    found: list[dict[str, Any]] = []

    async with articles.connect("index") as writing, articles.connect("operator") as reading:
        writer = BulkWriter(writing, LIMITS)

        async def write() -> None:
            while work:
                taken = [work.pop() for _ in range(min(len(work), CHANCE.randint(1, 12)))]
                await writer.write([document_of(_version(*one)) for one in taken])

        writers = asyncio.gather(*(write() for _ in range(WRITERS)))
        cursor, looks = Cursor(), 0
        while not writers.done():
            new, cursor = await told(reading, cursor, size=CHANCE.choice([7, 500]))
            found, looks = found + new, looks + 1
        await writers
        new, cursor = await told(reading, cursor)
        found += new
        assert looks > 1
        assert (await told(reading, cursor))[0] == []

    seen = versions(found)
    assert set(seen.values()) == {1}
    last = {(article_id(number), OBSERVED_AT + VERSIONS - 1) for number in range(ARTICLES)}
    assert last <= set(seen)
    for number in range(ARTICLES):  # an older version is never told after a newer one
        times = [article["observed_at"] for article in found if article["id"] == article_id(number)]
        assert times == sorted(times)


def _version(number: int, version: int) -> Any:
    status = Status.WITHDRAWN if version == VERSIONS - 1 and number % 10 == 0 else Status.USABLE
    return enriched_article(
        id=article_id(number), observed_at=OBSERVED_AT + version, revision=version + 1, status=status
    )


async def test_new_edited_withdrawn_and_from_now_on(articles: Articles) -> None:
    async with articles.connect("operator") as reading:
        await articles.write(_version(1, 0))
        first, cursor = await told(reading, Cursor())
        now = await from_now(reading)
        await articles.write(_version(1, 1), _version(20, 2))
        second, _ = await told(reading, cursor)
        assert [kind_of(article) for article in first] == ["new"]
        assert [kind_of(article) for article in second] == ["edited", "withdrawn"]
        assert (await told(reading, now))[0] == second


async def test_after_a_new_index_took_the_place_only_what_is_new_is_told(articles: Articles) -> None:
    async with articles.connect("operator") as reading:
        await articles.write(_version(1, 0), _version(2, 0))
        _, cursor = await told(reading, Cursor())
        await articles.remove_indices()
        await articles.install()
        old = document_of(_version(1, 0))
        older = type(old)(old.id, old.version, old.body.replace(b'"indexed_at":"2025', b'"indexed_at":"2024'))
        await articles.write(older, _version(3, 0))
        found, cursor = await told(reading, cursor)
        assert [article["id"] for article in found] == [article_id(3)]
        assert cursor.whole


async def test_a_reader_may_follow_and_nothing_more(articles: Articles) -> None:
    async with articles.connect("operator") as reading:
        for method, target in (
            ("POST", "/articles-v1/_forcemerge"),
            ("POST", "/articles-v1/_flush"),
            ("POST", "/articles-v1/_cache/clear"),
            ("POST", "/articles-v1/_close"),
            ("GET", "/_cluster/stats"),
        ):
            assert (await reading.ask(method, target)).status == 403, target
