"""The writer and a real Elasticsearch: versions, hostile documents, and every state that a person must mend."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import orjson
import pytest
from real_articles import LIMITS, Articles, document_of

from enriched_articles import ARTICLE_ID, OBSERVED_AT, article_id, enriched_article, entry_of
from warta_index.connection import Connection
from warta_index.credentials import api_key, of_key
from warta_index.document import Document
from warta_index.results import Indexed, Rejected, Superseded, Unavailable
from warta_index.writer import BulkWriter
from warta_shared.events.article import Status


async def test_a_redelivered_article_is_done_and_held_once(articles: Articles) -> None:
    assert await articles.write(enriched_article()) == [Indexed()]
    assert await articles.write(enriched_article()) == [Indexed()]
    found = await articles.do("GET", "/articles/_count")
    assert found["count"] == 1


async def test_older_never_beats_newer_in_whatever_order_they_come(articles: Articles) -> None:
    older = enriched_article(title="Lama", observed_at=OBSERVED_AT)
    newer = enriched_article(title="Baru", observed_at=OBSERVED_AT + 1, revision=2)
    assert await articles.write(newer) == [Indexed()]
    assert await articles.write(older) == [Superseded()]
    assert (await articles.held(ARTICLE_ID))["_source"]["title"] == "Baru"


async def test_two_revisions_in_one_batch_leave_the_newer(articles: Articles) -> None:
    older = enriched_article(title="Lama", observed_at=OBSERVED_AT)
    newer = enriched_article(title="Baru", observed_at=OBSERVED_AT + 1, revision=2)
    assert await articles.write(newer, older) == [Indexed(), Superseded()]
    assert (await articles.held(ARTICLE_ID))["_source"]["title"] == "Baru"


async def test_better_enrichment_of_the_same_content_replaces_it(articles: Articles) -> None:
    await articles.write(enriched_article(language="und"))
    assert await articles.write(enriched_article(language="en")) == [Indexed()]
    assert (await articles.held(ARTICLE_ID))["_source"]["language"] == "en"


async def test_withdrawing_is_a_newer_revision_and_stays_for_an_older_replay(articles: Articles) -> None:
    await articles.write(enriched_article())
    withdrawn = enriched_article(status=Status.WITHDRAWN, observed_at=OBSERVED_AT + 1, revision=2)
    assert await articles.write(withdrawn) == [Indexed()]
    assert await articles.write(enriched_article()) == [Superseded()]
    assert (await articles.held(ARTICLE_ID))["_source"]["status"] == "withdrawn"


GOOD = document_of(enriched_article())
EVENT: dict[str, Any] = orjson.loads(entry_of(enriched_article()).body)


def hostile(**changes: Any) -> bytes:
    return orjson.dumps(EVENT | changes)


HOSTILE = {
    "a number where a date belongs": hostile(published_at="yesterday"),
    "an object where a keyword belongs": hostile(status={"a": 1}),
    "a text where a number belongs": hostile(word_count="many"),
    "a number beyond its type": hostile(word_count=2**40),
    "an unknown field inside": hostile(source={"id": "X", "evil": 1}),
    "an unknown field": hostile(evil=1),
    "an array where an object belongs": hostile(source=["X"]),
    "a field twice": GOOD.body[:-1] + b',"title":"again"}',
    "deep extensions": hostile(extensions=orjson.loads(b'{"a":' * 60 + b"1" + b"}" * 60)),
    "extensions that are no object": hostile(extensions=[1, 2]),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
async def test_a_hostile_document_is_rejected_alone(articles: Articles, body: bytes) -> None:
    """Documents that `build_document` would have stopped are sent past it, to see that the second wall stands."""
    neighbours = [replace(GOOD, id=article_id(n)) for n in range(4)]
    results = await articles.write(
        *neighbours[:2], Document(article_id(9), OBSERVED_AT, body), *neighbours[2:]
    )
    assert [type(result) for result in results] == [Indexed, Indexed, Rejected, Indexed, Indexed]
    rejected = results[2]
    assert isinstance(rejected, Rejected)
    assert rejected.reason in {
        "document_parsing_exception",
        "strict_dynamic_mapping_exception",
        "illegal_argument_exception",
    }
    assert rejected.detail
    assert (await articles.do("GET", "/articles/_count"))["count"] == 4


HARMLESS = {
    "mentions of any shape": hostile(
        people=[{"name": "A", "count": 1, "mentions": {"x": [[1], {"y": "z"}]}}]
    ),
    "a keyword longer than Elasticsearch takes": hostile(authors=["x" * 40_000]),
    "an extension longer than Elasticsearch takes": hostile(extensions={"a": "x" * 40_000}),
    "a word longer than Elasticsearch takes": hostile(body="x" * 40_000),
    "a nul": hostile(title="a\x00b"),
}


@pytest.mark.parametrize("body", HARMLESS.values(), ids=HARMLESS)
async def test_what_is_odd_but_harmless_is_held_as_it_is(articles: Articles, body: bytes) -> None:
    assert await articles.write(Document(ARTICLE_ID, OBSERVED_AT, body)) == [Indexed()]
    assert (await articles.held(ARTICLE_ID))["_source"] == orjson.loads(body)


async def test_the_largest_article_is_indexed_and_can_be_searched_with_marks(articles: Articles) -> None:
    body = ("menaikkan harga pasar " * 50_000)[:999_990] + " terakhir"
    assert await articles.write(enriched_article(body=body)) == [Indexed()]
    question = {"query": {"match": {"body": "terakhir"}}, "highlight": {"fields": {"body": {}}}}
    found = await articles.do("POST", "/articles/_search", question)
    assert "<em>terakhir</em>" in found["hits"]["hits"][0]["highlight"]["body"][0]


@pytest.fixture
async def writer(articles: Articles) -> AsyncIterator[BulkWriter]:
    async with articles.connect("index") as connection:
        yield BulkWriter(connection, LIMITS)


async def trouble_and_recovery(writer: BulkWriter, reason: str, mend: Any) -> None:
    """The trouble is named and blames no document; once mended, the same writer goes on by itself."""
    (result,) = await writer.write([GOOD])
    assert isinstance(result, Unavailable)
    assert (result.reason, result.systemic) == (reason, True)
    assert result.detail
    assert writer.trouble == result
    await mend
    assert await writer.write([GOOD]) == [Indexed()]
    assert writer.trouble is None


async def test_a_missing_alias(articles: Articles, writer: BulkWriter) -> None:
    await articles.do("DELETE", "/articles-v1")
    await trouble_and_recovery(writer, "missing-alias", articles.install())


async def test_an_alias_without_an_index_to_write_to(articles: Articles, writer: BulkWriter) -> None:
    def mark(write: bool) -> Any:
        action = {"add": {"index": "articles-v1", "alias": "articles-write", "is_write_index": write}}
        return articles.do("POST", "/_aliases", {"actions": [action]})

    await mark(False)
    await trouble_and_recovery(writer, "missing-alias", mark(True))


@pytest.mark.parametrize("block", ["read_only", "read_only_allow_delete", "write"])
async def test_a_block_such_as_that_of_a_full_disk(
    articles: Articles, writer: BulkWriter, block: str
) -> None:
    await articles.do("PUT", "/articles-v1/_settings", {f"index.blocks.{block}": True})
    mend = articles.do("PUT", "/articles-v1/_settings", {f"index.blocks.{block}": None})
    await trouble_and_recovery(writer, "write-blocked", mend)


async def test_a_closed_index(articles: Articles, writer: BulkWriter) -> None:
    await articles.do("POST", "/articles-v1/_close")
    await trouble_and_recovery(
        writer, "index-closed", articles.do("POST", "/articles-v1/_open?wait_for_active_shards=1")
    )


async def test_a_shard_that_is_nowhere(articles: Articles, writer: BulkWriter) -> None:
    await articles.do("DELETE", "/articles-v1")
    nowhere = {"index.routing.allocation.require._name": "nobody"}
    aliases = {"articles": {}, "articles-write": {"is_write_index": True}}
    await articles.do(
        "PUT", "/articles-v1?wait_for_active_shards=0", {"settings": nowhere, "aliases": aliases}
    )
    mend = articles.do("PUT", "/articles-v1/_settings", {"index.routing.allocation.require._name": None})
    await trouble_and_recovery(writer, "unavailable", mend)


async def test_a_key_without_the_privilege(articles: Articles) -> None:
    async with articles.connect("operator") as connection:
        (result,) = await BulkWriter(connection, LIMITS).write([GOOD])
    assert isinstance(result, Unavailable)
    assert result.reason == "forbidden"


async def test_an_unknown_key(articles: Articles) -> None:
    async with Connection(articles.settings, of_key("bm9ib2R5OmF0YWxs")) as connection:
        (result,) = await BulkWriter(connection, LIMITS).write([GOOD])
    assert isinstance(result, Unavailable)
    assert result.reason == "wrong-key"
    assert "bm9ib2R5" not in result.detail


async def test_a_key_that_was_rotated_in_its_file_is_taken_up_without_a_restart(articles: Articles) -> None:
    file = articles.key_file("index")
    settings = articles.settings.model_copy(
        update={"elasticsearch_api_key_file": file, "elasticsearch_api_key": None}
    )
    credentials = api_key(settings)
    credentials.renew()
    async with Connection(settings, credentials) as connection:
        writer = BulkWriter(connection, LIMITS)
        assert await writer.write([GOOD]) == [Indexed()]
        await articles.do("DELETE", "/_security/api_key", {"name": "warta-index"})
        await trouble_and_recovery(writer, "wrong-key", articles.install())
