"""An index made with another analysis goes on: set-up says what differs, and a reindex brings the new one."""

from __future__ import annotations

from copy import deepcopy

from real_articles import Articles

from enriched_articles import enriched_article
from warta_index.query import Question
from warta_index.reindex.run import End, Reindex
from warta_index.results import Indexed
from warta_index.schema.mappings import mappings
from warta_index.search import search
from warta_index.setup import State


class Quiet:
    def step(self, name: str) -> None:
        """Nothing is shown."""

    def moved(self, done: float, total: float) -> None:
        """Nothing is shown."""


async def found(articles: Articles, text: str) -> int:
    async with articles.connect("operator") as operator:
        return (await search(operator, Question(text=text))).total


async def test_another_analysis_is_told_and_does_no_harm(articles: Articles) -> None:
    before = deepcopy(mappings())
    for field in before["properties"]["stems"]["properties"]["id"]["properties"].values():
        field["analyzer"] = "indonesian"
    await articles.do("DELETE", "/articles-v1")
    aliases = {"articles": {}, "articles-write": {"is_write_index": True}}
    analyzer = {
        "neutral": {"type": "custom", "tokenizer": "standard", "filter": ["lowercase", "asciifolding"]}
    }
    settings = {"index": {"analysis": {"analyzer": analyzer}}}
    template = "/_index_template/warta-articles"
    held = await articles.do("GET", template)
    await articles.do("DELETE", template)
    try:
        content = {"settings": settings, "mappings": before, "aliases": aliases}
        await articles.do("PUT", "/articles-v1", content)
    finally:
        await articles.do("PUT", template, held["index_templates"][0]["index_template"])
    reports = {report.name: report for report in await articles.install()}
    assert reports["articles-write"].state is State.DIFFERS
    assert "stems" in " ".join(reports["articles-write"].differences)
    assert await articles.write(enriched_article(title="Pembelian beras")) == [Indexed()]
    assert (await found(articles, "beras"), await found(articles, "beli")) == (1, 1)
    assert await articles.write(enriched_article(title="Petani menulis surat", body="Ia menulis.")) == [
        Indexed()
    ]
    assert await found(articles, "tulisan") == 0
    assert (await Reindex(articles.admin, articles.settings, Quiet(), 0.0).run()).end is End.EXCHANGED
    await articles.do("POST", "/articles/_refresh")
    assert await found(articles, "tulisan") == 1
    assert await articles.check() == []
