"""Documents in the words of others: pure functions from a document, as Elasticsearch gives it back, to JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from warta_index.renderings.news_article import as_news_article
from warta_index.renderings.ninjs import as_ninjs

Json = dict[str, Any]


class Rendering(StrEnum):
    """The standards that articles can be written in."""

    NINJS = "ninjs"
    SCHEMA_ORG = "schema-org"


RENDER: dict[Rendering, Callable[[Mapping[str, Any]], Json]] = {
    Rendering.NINJS: as_ninjs,
    Rendering.SCHEMA_ORG: as_news_article,
}


def rendered(
    rendering: Rendering | None, articles: Sequence[Mapping[str, Any]]
) -> Sequence[Mapping[str, Any]]:
    """The articles in a standard's words; as they are where none is asked for."""
    return [RENDER[rendering](article) for article in articles] if rendering else articles
