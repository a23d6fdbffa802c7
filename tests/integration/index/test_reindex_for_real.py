"""A new index takes the place of another while articles come in: none is lost, and there is a way back."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from real_articles import LIMITS, TEMPLATES, Articles, document_of
from typer.testing import CliRunner

from enriched_articles import OBSERVED_AT, article_id, enriched_article
from warta_index.connection import Connection
from warta_index.credentials import administrator
from warta_index.mirror import KNOWN_FOR_SECONDS, Mirror
from warta_index.query import Question
from warta_index.reindex import filling
from warta_index.reindex.run import End, Reindex
from warta_index.reindex.standing import look
from warta_index.results import Indexed, Superseded
from warta_index.search import search
from warta_index.setup.live_index import LiveIndex
from warta_index.setup.part import SetupError
from warta_index.writer import BulkWriter
from warta_shared.cli.main import app
from warta_shared.events import EnrichedArticle

FIRST = json.loads((Path(__file__).parent / "indices" / "first.json").read_text())
CHANCE = random.Random(12)
NUMBER = 700
ENGLISH = {"title": "Ministries launched a plan", "body": "It launches today.", "language": "en"}


class Quiet:
    def step(self, name: str) -> None:
        """Nothing is shown."""

    def moved(self, done: float, total: float) -> None:
        """Nothing is shown."""


def reindex(articles: Articles, settle: float = 0.0) -> Reindex:
    return Reindex(articles.admin, articles.settings, Quiet(), settle)


async def documents(articles: Articles, index: str) -> dict[str, Any]:
    await articles.do("POST", f"/{index}/_refresh")
    hits = (await articles.do("POST", f"/{index}/_search", {"size": 10_000}))["hits"]["hits"]
    return {hit["_id"]: hit["_source"] for hit in hits}


@pytest.fixture
async def older(articles: Articles) -> Articles:
    """An index as the first release made it, with articles in it."""
    await articles.remove_indices()
    for template in TEMPLATES:  # of this release, which would be put over it
        await articles.do("DELETE", template)
    aliases = {"articles": {}, "articles-write": {"is_write_index": True}}
    await articles.do("PUT", "/articles-v1", {**FIRST, "aliases": aliases})
    lines: list[bytes] = []
    for number in range(NUMBER):
        made = enriched_article(id=article_id(number), **(ENGLISH if number % 2 else {}))
        document = document_of(made)
        action = {"index": {"_id": document.id, "version": document.version, "version_type": "external_gte"}}
        body = json.loads(document.body)
        for later in ("story_id", "story_source", "agency", "language_hint", "topic_hints"):
            body.pop(later, None)
        lines += (json.dumps(action).encode(), json.dumps(body).encode())
    reply = await articles.admin.request(
        "POST",
        "/articles-v1/_bulk?refresh=true",
        b"\n".join([*lines, b""]),
        content_type="application/x-ndjson",
    )
    assert reply.json()["errors"] is False
    return articles


async def test_an_index_of_the_first_release_becomes_one_of_this(older: Articles) -> None:
    assert await LiveIndex(older.settings).differences(older.admin)
    before = await documents(older, "articles-v1")
    outcome = await reindex(older).run()
    assert (outcome.end, outcome.serving, outcome.other) == (End.EXCHANGED, "articles-v2", "articles-v1")
    assert outcome.compared.numbers == [NUMBER, NUMBER]
    assert await documents(older, "articles-v2") == before
    assert await LiveIndex(older.settings).differences(older.admin) == []
    async with older.connect("operator") as connection:
        found = await search(connection, Question(text="launching ministry"))
    assert found.total == NUMBER // 2
    assert (await reindex(older).finish(delete=True)).end is End.LET_GO
    assert set(await older.do("GET", "/articles*")) == {"articles-v2"}
    assert await older.check() == []


@asynccontextmanager
async def written_all_the_time(articles: Articles) -> AsyncIterator[dict[str, EnrichedArticle]]:
    """Writers as the index service has them; what they wrote last, by id."""
    last: dict[str, EnrichedArticle] = {}
    stop = asyncio.Event()
    async with articles.connect("index") as connection:
        writer = BulkWriter(connection, replace(LIMITS, deadline=20.0), mirror=Mirror(connection))

        async def write(own: int) -> None:
            version = 0
            while not stop.is_set():
                version += CHANCE.choice([0, 1])  # the same version again: enriched once more
                some = [
                    enriched_article(
                        id=article_id(number),
                        observed_at=OBSERVED_AT + 1 + version,
                        title=f"{own} {version} {CHANCE.random()}",
                    )
                    for number in CHANCE.sample(range(own, 2 * NUMBER, 3), 5)
                ]
                results = await writer.write([document_of(one) for one in some])
                assert {type(result) for result in results} <= {Indexed, Superseded}, results
                last.update({one.id: one for one in some})
                await asyncio.sleep(0.02)

        writers = asyncio.gather(*(write(own) for own in range(3)))
        try:
            yield last
        finally:
            stop.set()
            await writers


async def test_nothing_that_comes_meanwhile_is_lost_neither_forth_nor_back(articles: Articles) -> None:
    await articles.write(*(enriched_article(id=article_id(number)) for number in range(NUMBER)))
    async with written_all_the_time(articles) as last:
        await asyncio.sleep(0.5)
        outcome = await reindex(articles, KNOWN_FOR_SECONDS + 2).run(anyway=True)
        assert outcome.end is End.EXCHANGED, outcome.compared
        await asyncio.sleep(1)
        assert (await reindex(articles).rollback(anyway=True)).serving == "articles-v1"
        await asyncio.sleep(1)
    one, other = [await documents(articles, index) for index in ("articles-v1", "articles-v2")]
    assert one == other
    assert {article_id(number) for number in range(NUMBER)} <= set(one)
    assert len(last) > 100
    assert {identity: one[identity]["title"] for identity in last} == {i: a.title for i, a in last.items()}


async def test_a_killed_run_goes_on_where_it_was(older: Articles, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "PAGE", 200)
    monkeypatch.setattr(filling, "REMEMBER_SECONDS", 0.0)
    seen: list[float] = []

    class Killed(Quiet):
        def moved(self, done: float, total: float) -> None:
            seen.append(done)
            if len(seen) == 3:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await Reindex(older.admin, older.settings, Killed(), 0.0).run()
    standing = await look(older.admin)
    assert (standing.serving, standing.other) == ("articles-v1", "articles-v2")
    assert standing.building
    assert standing.building.copied == 400  # what was written behind the last mark is written again
    again: list[float] = []

    class Seen(Quiet):
        def moved(self, done: float, total: float) -> None:
            again.append(done)

    outcome = await Reindex(older.admin, older.settings, Seen(), 0.0).run()
    assert outcome.end is End.EXCHANGED
    assert again[0] == 600
    assert len(await documents(older, "articles-v2")) == NUMBER


async def test_what_the_new_index_refuses_keeps_the_old_one_serving(older: Articles) -> None:
    await older.do("PUT", "/articles-v1/_mapping", {"dynamic": True})
    source = json.loads(document_of(enriched_article(id=article_id(9_000))).body) | {"strange": 1}
    source.pop("stems")
    await older.do("PUT", f"/articles-v1/_doc/{article_id(9_000)}?refresh=true", source)
    outcome = await reindex(older).run()
    assert (outcome.end, outcome.serving) == (End.REFUSED, "articles-v1")
    assert [identity for identity, _ in outcome.refusals.shown] == [article_id(9_000)]
    assert "strange" in outcome.refusals.shown[0][1]
    assert (await reindex(older).run()).end is End.REFUSED
    await reindex(older).abandon()
    assert set(await older.do("GET", "/articles*")) == {"articles-v1"}


async def test_two_that_differ_are_not_exchanged(older: Articles, monkeypatch: pytest.MonkeyPatch) -> None:
    unmeddled = Reindex._compared

    async def meddled(self: Reindex, serving: str, other: str) -> Any:
        await older.do("DELETE", f"/{other}/_doc/{article_id(3)}?refresh=true")
        changed = (await documents(older, other))[article_id(4)] | {"title": "Lain"}
        await older.do("PUT", f"/{other}/_doc/{article_id(4)}?refresh=true", changed)
        return await unmeddled(self, serving, other)

    monkeypatch.setattr(Reindex, "_compared", meddled)
    outcome = await reindex(older).run()
    assert (outcome.end, outcome.serving) == (End.DIFFERENT, "articles-v1")
    assert sorted(outcome.compared.different) == sorted([article_id(3), article_id(4)])
    assert outcome.compared.numbers == [NUMBER, NUMBER - 1]


async def test_an_index_as_it_should_be_is_left_alone(articles: Articles) -> None:
    assert (await reindex(articles).run()).end is End.NOTHING_TO_DO
    assert (await reindex(articles).run(anyway=True)).end is End.EXCHANGED
    with pytest.raises(SetupError, match="kept from the last reindex"):
        await reindex(articles).run(anyway=True)
    with pytest.raises(SetupError, match="no index is being built"):
        await reindex(articles).abandon()
    await reindex(articles).finish()
    with pytest.raises(SetupError, match="nothing to go back to"):
        await reindex(articles).rollback()
    assert set(await articles.do("GET", "/articles*")) == {"articles-v1", "articles-v2"}


@pytest.mark.usefixtures("command_environment")
def test_the_command_says_what_serves_and_what_is_kept(settings: Any, keys_dir: Path) -> None:
    async def fresh() -> None:
        async with Connection(settings, administrator(settings)) as admin:
            articles = Articles(settings, admin, keys_dir)
            await articles.remove_indices()
            await articles.install()
            await articles.write(enriched_article())

    asyncio.run(fresh())
    runner = CliRunner()
    told = [
        runner.invoke(app, ["reindex", *arguments])
        for arguments in (
            [],
            ["--anyway", "--settle", "0"],
            ["status", "--json"],
            ["rollback"],
            ["finish", "--delete"],
            ["status"],
            ["finish"],
            ["abandon"],
        )
    ]
    assert [one.exit_code for one in told] == [0, 0, 0, 0, 0, 0, 1, 1], [one.output for one in told]
    assert "articles-v1 is as this release wants it" in told[0].output
    assert "articles-v2 serves, 1 articles compared" in told[1].output
    assert json.loads(told[2].stdout) == {"serving": "articles-v2", "other": "articles-v1", "building": None}
    assert "articles-v1 serves" in told[3].output
    assert "articles-v1 alone is written to; the other index was deleted" in told[4].output
    assert told[5].output == "articles-v1 serves\n"
    assert "no earlier index is kept" in told[6].output
    assert "no index is being built" in told[7].output
