"""Facts from JSON-LD (https://schema.org/NewsArticle): the publisher's own word, often broken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import orjson
from lxml.html import HtmlElement

from warta_ingest.extraction.facts import Facts
from warta_ingest.extraction.instants import moment
from warta_shared.events.article import PublishedSource

_ARTICLE = re.compile(
    r"(?:News|Reportage|Analysis|Opinion|Background|Review|BlogPost|Live\w*)?\w*(?:Article|Posting)$"
)
_LONGEST = 500_000
_DEEPEST = 6
_MOST_NODES = 2_000


def json_ld_facts(tree: HtmlElement, country: str | None) -> Facts:
    """The facts of the page's article; empty where it has none."""
    article = next((node for node in _nodes(tree) if _is_article(node)), None)
    if article is None:
        return Facts()
    read = PublishedSource.JSON_LD
    return Facts(
        title=_text(article.get("headline")) or _text(article.get("name")),
        summary=_text(article.get("description")),
        authors=tuple(_names(article.get("author"))),
        published=moment(article.get("datePublished"), read, country),
        modified=moment(article.get("dateModified"), read, country),
        image_url=_image(article.get("image")),
        sections=tuple(_texts(article.get("articleSection"))),
    )


def _nodes(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    waiting: list[tuple[Any, int]] = []
    for script in tree.xpath("//script[@type='application/ld+json']"):
        waiting.append((_loaded(script.text or ""), 0))
    seen = 0
    while waiting and seen < _MOST_NODES:
        value, depth = waiting.pop(0)
        seen += 1
        if isinstance(value, dict):
            yield value
        children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        if depth < _DEEPEST:
            waiting += [(child, depth + 1) for child in children if isinstance(child, dict | list)]


def _loaded(text: str) -> Any:
    """Publishers leave comment marks, control characters and commas behind."""
    cleaned = text[:_LONGEST].strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
    for attempt in (cleaned, re.sub(r"[\x00-\x1f]+", " ", cleaned), re.sub(r",\s*([}\]])", r"\1", cleaned)):
        try:
            return orjson.loads(attempt)
        except orjson.JSONDecodeError:
            continue
    return None


def _is_article(node: dict[str, Any]) -> bool:
    return any(_ARTICLE.fullmatch(kind) for kind in _texts(node.get("@type")))


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for item in values[:50] if (text := _text(item))]


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _names(value: Any) -> Iterator[str]:
    for person in (value if isinstance(value, list) else [value])[:50]:
        name = _text(person.get("name")) if isinstance(person, dict) else _text(person)
        if name:
            yield name


def _image(value: Any) -> str | None:
    first = value[0] if isinstance(value, list) and value else value
    return _text(first.get("url")) if isinstance(first, dict) else _text(first)
