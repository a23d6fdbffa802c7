"""The canary is in the index like any article, and no reader of `articles` meets it."""

from __future__ import annotations

from typing import Any

import pytest
from real_articles import Articles, document_of

from enriched_articles import ARTICLE_ID, enriched_article
from warta_index.canary import CanaryWatch
from warta_index.changes.cursor import Cursor
from warta_index.changes.run import changes
from warta_index.query import Question, Shown
from warta_index.reindex.run import End, Reindex
from warta_index.results import Indexed
from warta_index.scan import EVERYTHING, every
from warta_index.search import search
from warta_index.setup import State
from warta_shared.canary import SOURCE
from warta_shared.events.article import Source
from warta_shared.telemetry import metrics

CANARY = enriched_article(id="c" * 26, source=Source(id=SOURCE))
SEARCHES: list[tuple[str, dict[str, Any]]] = [
    ("/articles/_search", {"query": {"match_all": {}}}),
    ("/articles/_search", {"query": {"term": {"source.id": SOURCE}}}),
    ("/articles/_search?q=id:" + "c" * 26, {}),
]


class Quiet:
    def step(self, name: str) -> None:
        """Nothing is shown."""

    def moved(self, done: float, total: float) -> None:
        """Nothing is shown."""


async def seen(articles: Articles, target: str, query: dict[str, Any]) -> set[str]:
    answer = await articles.do("POST", target, query)
    return {hit["_id"] for hit in answer["hits"]["hits"]}


@pytest.fixture
async def both(articles: Articles) -> Articles:
    """An article and a canary."""
    assert await articles.write(enriched_article(), CANARY) == [Indexed(), Indexed()]
    return articles


@pytest.mark.parametrize(("target", "query"), SEARCHES)
async def test_apps_that_query_the_alias_do_not_meet_it(
    both: Articles, target: str, query: dict[str, Any]
) -> None:
    assert CANARY.id not in await seen(both, target, query)
    assert (await both.do("GET", "/articles/_count"))["count"] == 1


async def test_our_own_readers_do_not_meet_it(both: Articles) -> None:
    async with both.connect("operator") as operator:
        question = Question(shown=Shown.ALL, facets=True)
        found = await search(operator, question)
        assert found.total == 1
        assert SOURCE not in dict(found.facets["sources"])
        pages = [page async for page in every(operator, EVERYTHING)]
        assert [one["id"] for page in pages for one in page] == [ARTICLE_ID]


async def test_the_changes_do_not_tell_of_it(both: Articles) -> None:
    async with both.connect("operator") as operator:
        pages = [page async for page in changes(operator, Cursor())]
    assert [one["id"] for page in pages for one in page.articles] == [ARTICLE_ID]


async def test_the_audit_s_way_shows_it(both: Articles) -> None:
    async with both.connect("operator") as operator:
        pages = [page async for page in every(operator, EVERYTHING, index="articles-write")]
    assert {one["id"] for page in pages for one in page} == {ARTICLE_ID, CANARY.id}


async def test_an_installation_of_before_gets_the_filter_by_setup(both: Articles) -> None:
    """Its alias has none, and another is put there while readers go on."""
    add = {"index": "articles-v1", "alias": "articles"}
    await both.do("POST", "/_aliases", {"actions": [{"remove": add}, {"add": add}]})
    assert CANARY.id in await seen(both, *SEARCHES[0])
    [report] = await both.check()
    assert "alias articles.filter" in " ".join(report.differences)
    reports = {report.name: report.state for report in await both.install()}
    assert reports["articles-write"] is State.UPDATED
    assert await seen(both, *SEARCHES[0]) == {ARTICLE_ID}
    assert await both.check() == []


async def test_a_new_index_takes_the_filter_over(both: Articles) -> None:
    assert (await Reindex(both.admin, both.settings, Quiet(), 0.0).run(anyway=True)).end is End.EXCHANGED
    await both.do("POST", "/articles/_refresh")
    assert await seen(both, *SEARCHES[0]) == {ARTICLE_ID}
    assert await seen(both, "/articles-write/_search", {}) == {ARTICLE_ID, CANARY.id}
    assert await both.check() == []


async def test_it_is_told_when_a_search_finds_it_with_no_more_rights_than_to_write(
    articles: Articles,
) -> None:
    await articles.do("PUT", "/articles-v1/_settings", {"index.refresh_interval": "1s"})
    document = document_of(CANARY)
    async with articles.connect("index") as connection, CanaryWatch(connection) as watch:
        before = metrics.CANARY_SECONDS._sum.get()
        watch.look([document, document_of(enriched_article())], [Indexed(), Indexed()])
        for task in list(watch._waiting):
            await task
        assert metrics.CANARY_SECONDS._sum.get() > before
    assert await seen(articles, "/articles-write/_search", {}) == {CANARY.id}
