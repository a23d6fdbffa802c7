"""Search against a real Elasticsearch: stems of the own language, exact words, marks, filters, facets, the command."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from real_articles import Articles
from typer.testing import CliRunner, Result

from enriched_articles import article_id, enriched_article
from warta_index.cli import search as search_command
from warta_index.connection import Connection
from warta_index.credentials import administrator
from warta_index.query import Filters, Order, Question, Shown
from warta_index.scan import every
from warta_index.search import EXPIRED, Found, SearchError, search
from warta_index.settings import SetupSettings
from warta_index.written_query import read_query
from warta_shared.events import EnrichedArticle, Entity, Topic
from warta_shared.events.article import Source, Status


def day(number: int) -> datetime:
    return datetime(2025, 6, number, 12, 0, tzinfo=UTC)


POLITICS = Topic(code="11000000", name="politics", score=0.9)
ECONOMY = Topic(code="04000000", name="economy, business and finance", score=0.7)
SURABAYA = Entity(id="Q11462", name="Surabaya", count=2)
TRAINING = enriched_article(
    id=article_id(1),
    title="Ministries launched training for small businesses",
    summary="Trainers visit the province.",
    body="Two ministries trained owners of small businesses in Surabaya. The café was full.",
    language="en",
    source=Source(id="GALERT", name="Google Alerts", domain="google.com"),
    topics=(POLITICS, ECONOMY),
    places=(SURABAYA,),
    published_at=day(2),
)
PRICES = enriched_article(
    id=article_id(2),
    title="Pedagang menaikkan harga cabai",
    body="Harga cabai dinaikkan pedagang di pasar. Pelatihan untuk pedagang dimulai.",
    language="id",
    topics=(ECONOMY,),
    people=(Entity(name="Siti Aminah", count=1),),
    published_at=day(4),
)
UNDATED = enriched_article(
    id=article_id(3), title="Training in an unknown tongue", body="Trained trainers train.", language="und",
    published_at=None, first_seen_at=day(6),
)  # fmt: skip
WITHDRAWN = enriched_article(
    id=article_id(4), title="Withdrawn training", body="Wrong.", status=Status.WITHDRAWN
)
ALL = (TRAINING, PRICES, UNDATED, WITHDRAWN)


@pytest.fixture(scope="module")
def library(settings: SetupSettings, keys_dir: Path) -> Articles:
    """Read by many tests, changed by none; the administrator's connection ends with the writing."""

    async def fill() -> Articles:
        async with Connection(settings, administrator(settings)) as admin:
            articles = Articles(settings, admin, keys_dir)
            await articles.remove_indices()
            await articles.install()
            await articles.write(*ALL)
        return articles

    return asyncio.run(fill())


async def ask(library: Articles, **asked: Any) -> Found:
    async with library.connect("operator") as connection:
        return await search(connection, Question(**asked))


async def titles(library: Articles, **asked: Any) -> set[str]:
    return {hit.article["title"] for hit in (await ask(library, **asked)).hits}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("business", [TRAINING]),
        ("ministry train", [TRAINING]),
        ("launches", [TRAINING]),
        ("menaikkan", [PRICES]),
        ("naikkan", [PRICES]),
        ("latihan", [PRICES]),
        ("HARGA", [PRICES]),
        ("cafe", [TRAINING]),
        ("café", [TRAINING]),
        ("training", [TRAINING, UNDATED]),
        ("trains", [TRAINING]),
        ('"small businesses in surabaya"', [TRAINING]),
        ('"businesses small"', []),
        ("training -surabaya", [UNDATED]),
        ("cabai | ministries", [TRAINING, PRICES]),
        ("minist*", [TRAINING]),
        ("nowhere", []),
        ("", [TRAINING, PRICES, UNDATED]),
    ],
)
async def test_words_stems_phrases_and_exclusions(
    library: Articles, text: str, found: list[EnrichedArticle]
) -> None:
    assert await titles(library, text=text) == {article.title for article in found}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"sources": ("galert",)}, [TRAINING]),
        ({"sources": ("google.com", "BERITA")}, [TRAINING, PRICES, UNDATED]),
        ({"topics": ("04000000",)}, [TRAINING, PRICES]),
        ({"topics": ("Politics",)}, [TRAINING]),
        ({"entities": ("surabaya",)}, [TRAINING]),
        ({"entities": ("Q11462", "siti aminah")}, [TRAINING, PRICES]),
        ({"languages": ("id",)}, [PRICES]),
        ({"since": day(3)}, [PRICES, UNDATED]),
        ({"until": day(3)}, [TRAINING]),
        ({"since": day(3), "until": day(5)}, [PRICES]),
        ({"topics": ("04000000",), "languages": ("en",)}, [TRAINING]),
        ({"unwanted": Filters(languages=("id",))}, [TRAINING, UNDATED]),
        ({"unwanted": Filters(topics=("Politics",), sources=("no such",))}, [PRICES, UNDATED]),
        ({"text": "training", "unwanted": Filters(entities=("surabaya",))}, [UNDATED]),
        ({"shown": Shown.WITHDRAWN}, [WITHDRAWN]),
        ({"shown": Shown.ALL, "text": "training"}, [TRAINING, UNDATED, WITHDRAWN]),
    ],
)
async def test_filters(library: Articles, asked: dict[str, Any], found: list[EnrichedArticle]) -> None:
    assert await titles(library, **asked) == {article.title for article in found}


@pytest.mark.parametrize(
    ("text", "field", "marked"),
    [
        ("business", "title", "Ministries launched training for small {businesses}"),
        ("ministry", "title", "{Ministries} launched training for small businesses"),
        ("train", "body", "Two ministries {trained} owners of small businesses in Surabaya."),
        ("trainer", "summary", "{Trainers} visit the province."),
        ("naikkan", "body", "Harga cabai {dinaikkan} pedagang di pasar."),
        ("surabaya", "body", "Two ministries trained owners of small businesses in {Surabaya}."),
        ("cafe", "body", "The {café} was full."),
    ],
)
async def test_matches_are_marked_in_the_text_as_it_was_written(
    library: Articles, text: str, field: str, marked: str
) -> None:
    found = await ask(library, text=text, languages=("en", "id"))
    assert marked in " ".join(found.hits[0].marked[field]).replace("\ue000", "{").replace("\ue001", "}")


async def test_the_stems_never_show(library: Articles) -> None:
    async with library.connect("operator") as operator:
        reply = await operator.ask("POST", "/articles/_search", {"fields": ["*"], "query": {"match_all": {}}})
    assert b'"stems"' not in reply.body


async def test_sorting(library: Articles) -> None:
    newest = [hit.article["title"] for hit in (await ask(library, order=Order.NEWEST)).hits]
    assert newest == [PRICES.title, TRAINING.title, UNDATED.title]
    oldest = [hit.article["title"] for hit in (await ask(library, order=Order.OLDEST)).hits]
    assert oldest == [TRAINING.title, PRICES.title, UNDATED.title]


async def test_size_and_total(library: Articles) -> None:
    found = await ask(library, size=1)
    assert (found.total, len(found.hits)) == (3, 1)


async def test_facets_count_all_hits(library: Articles) -> None:
    found = await ask(library, facets=True, size=0)
    assert found.facets == {
        "topics": ((ECONOMY.name, 2), (POLITICS.name, 1)),
        "sources": (("BERITA", 2), ("GALERT", 1)),
        "languages": (("en", 1), ("id", 1), ("und", 1)),
        "people": (("Siti Aminah", 1),),
        "organisations": (),
        "places": (("Surabaya", 1),),
    }


def run(*arguments: str) -> Result:
    return CliRunner().invoke(search_command.app, arguments, env={"COLUMNS": "120"})


@pytest.fixture
def reader_environment(library: Articles, monkeypatch: pytest.MonkeyPatch) -> Articles:
    monkeypatch.setenv("WARTA_ELASTICSEARCH_URL", library.settings.elasticsearch_url)
    monkeypatch.setenv("WARTA_ELASTICSEARCH_API_KEY_FILE", str(library.key_file("operator")))
    monkeypatch.delenv("WARTA_ELASTICSEARCH_API_KEY", raising=False)
    return library


@pytest.mark.usefixtures("reader_environment")
def test_the_command_prints_hits_and_facets() -> None:
    result = run("ministry", "--facets")
    assert result.exit_code == 0
    lines = [line.rstrip() for line in result.stdout.splitlines()]
    assert lines[0] == TRAINING.title
    assert lines[1] == "Google Alerts | 2025-06-02T12:00:00.000Z | en"
    assert "  Two ministries trained owners of small businesses in Surabaya. The café was full." in lines
    assert "1  Surabaya" in lines


@pytest.mark.usefixtures("reader_environment")
def test_the_command_as_json() -> None:
    result = run("pelatihan", "--lang", "id", "--since", "2025-06-04", "--until", "2025-06-04", "--json")
    content = orjson.loads(result.stdout)
    assert content["total"] == 1
    assert content["hits"][0]["article"]["id"] == PRICES.id
    assert "<mark>Pelatihan</mark>" in content["hits"][0]["highlights"]["body"][0]


@pytest.mark.usefixtures("reader_environment")
def test_nothing_found_is_an_answer() -> None:
    result = run("nowhere")
    assert (result.exit_code, result.stdout) == (0, "no article found\n")


def test_a_refused_key_is_named_with_advice(
    reader_environment: Articles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WARTA_ELASTICSEARCH_API_KEY_FILE")
    monkeypatch.setenv("WARTA_ELASTICSEARCH_API_KEY", "bm9ib2R5OmF0YWxs")
    result = run("pasar")
    assert result.exit_code == 1
    assert "wrong-key" in result.output
    assert "warta setup" in result.output
    assert "bm9ib2R5" not in result.output


@pytest.mark.usefixtures("reader_environment")
@pytest.mark.parametrize(
    "text", ['"unclosed', "((((", "a" * 20_000, "*", "~9", "\\", "- | +", "1" * 3_000 + "*"]
)
def test_no_query_breaks_the_search(text: str) -> None:
    assert run("--", text).exit_code in {0, 2}


async def test_a_word_in_the_title_counts_most(articles: Articles) -> None:
    other = enriched_article(id=article_id(8), title="Lain", body="harga cabai", language="id")
    await articles.write(PRICES, other)
    assert [hit.article["title"] for hit in (await ask(articles, text="cabai")).hits] == [
        PRICES.title,
        "Lain",
    ]


async def test_a_search_before_set_up_is_refused_by_name(articles: Articles) -> None:
    await articles.do("DELETE", "/articles-v1")
    with pytest.raises(SearchError) as refused:
        await ask(articles, text="x")
    assert refused.value.reason == "missing-index"


async def test_of_a_story_the_first_hit_stands_for_all(articles: Articles) -> None:
    copies = [
        enriched_article(id=article_id(n), title="Kredit mikro", story_id=article_id(10), published_at=day(n))
        for n in (10, 11, 12)
    ]
    other = enriched_article(id=article_id(13), title="Kredit usaha", story_id=article_id(13))
    await articles.write(*copies, other)
    async with articles.connect("operator") as connection:
        found = await search(connection, Question(text="kredit", order=Order.NEWEST, by_story=True))
    assert [(hit.article["id"], hit.copies) for hit in found.hits] == [
        (article_id(12), 3),
        (article_id(13), 1),
    ]


async def test_a_point_in_time_that_was_not_kept_is_told_from_a_missing_index(articles: Articles) -> None:
    await articles.write(*(enriched_article(id=article_id(n)) for n in range(3)))
    async with articles.connect("operator") as connection:
        held: list[str] = []
        ask = connection.ask

        async def seen(method: str, target: str, content: Any = None, **options: Any) -> Any:
            reply = await ask(method, target, content, **options)
            held.extend([reply.json()["id"]] if "_pit?" in target else [])
            return reply

        connection.ask = seen  # type: ignore[method-assign]
        async with aclosing(every(connection, {"match_all": {}}, size=1)) as pages:
            await anext(pages)
            await ask("DELETE", "/_pit", {"id": held[0]})
            with pytest.raises(SearchError) as refused:
                await anext(pages)
    assert refused.value.reason == EXPIRED


@pytest.mark.parametrize(
    "written",
    [
        "*", "a*", "~", "a~99999", '"a b"~99999', "((((((", "))) | +", "- - -", "\\", "a\\", '"', "|", "+a -b | c",
        "\u202e\u0000x", "🙂", "ـ" * 300, "a " * 64, "a* " * 64, "(a|" * 32, "(" * 64, "source:" + "x" * 3_900,
    ],
)  # fmt: skip
async def test_whatever_is_written_is_answered_or_refused_as_a_query(library: Articles, written: str) -> None:
    question = read_query(written, day(10))
    async with library.connect("operator") as connection:
        try:
            found = await search(connection, question)
        except SearchError as refused:
            assert refused.reason == "bad-query"
        else:
            assert found.total <= len(ALL)
