"""Facts from JSON-LD (https://schema.org/NewsArticle): the publisher's own word, often broken."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from lxml.html import HtmlElement

from warta_ingest.extraction.facts import Facts
from warta_ingest.extraction.instants import moment
from warta_shared.events.article import PublishedSource

_ARTICLE = re.compile(r"(?:https?://(?:www\.)?schema\.org/|schema:)?\w*(?:Article|Posting|ClaimReview)")
_PAGE = re.compile(r"(?:https?://(?:www\.)?schema\.org/|schema:)?(?:\w*Page|BlogPost)")
# What is still readable in JSON that is not.
_READABLE = re.compile(r'"(headline|datePublished|dateModified)"\s*:\s*("(?:[^"\\\n]|\\.){1,500}")')
_JSON_LD = re.compile(r"application/ld\+json\b", re.IGNORECASE)
_LONGEST = 500_000
_DEEPEST = 6
_MOST_NODES = 2_000
_MOST_ITEMS = 50
_TELLING = ("headline", "datePublished", "author")

Node = Mapping[str, Any]


def json_ld_facts(tree: HtmlElement, country: str | None) -> Facts:
    """The facts of the page's article; empty where it has none."""
    nodes = list(_nodes(tree))
    articles = _of_type(nodes, _ARTICLE)
    if not articles:
        return _page_facts(_of_type(nodes, _PAGE), country)
    # Outer nodes come first; inner ones may be links to other articles.
    article = max(articles, key=lambda node: sum(name in node for name in _TELLING))
    named = {
        node["@id"]: node for node in reversed(nodes) if isinstance(node.get("@id"), str) and len(node) > 1
    }
    source = PublishedSource.JSON_LD
    return Facts(
        title=_text(article.get("headline")) or _text(article.get("name")),
        summary=_text(article.get("description")),
        authors=tuple(_names(article.get("author"), named)) or tuple(_names(article.get("creator"), named)),
        published=moment(article.get("datePublished"), source, country),
        modified=moment(article.get("dateModified"), source, country),
        image_url=_image(article.get("image"), named) or _image(article.get("thumbnailUrl"), named),
        sections=tuple(_texts(article.get("articleSection"))),
        sites=tuple(_names(article.get("publisher"), named)),
        text=_text(article.get("articleBody")),
    )


def _page_facts(pages: list[Node], country: str | None) -> Facts:
    """The dates of a WebPage, where a site tells nothing of its article."""
    page = next((page for page in pages if page.get("datePublished")), None)
    if page is None:
        return Facts()
    source = PublishedSource.JSON_LD
    return Facts(
        published=moment(page["datePublished"], source, country),
        modified=moment(page.get("dateModified"), source, country),
    )


def _of_type(nodes: list[dict[str, Any]], kind: re.Pattern[str]) -> list[Node]:
    return [node for node in nodes if any(kind.fullmatch(name) for name in _texts(node.get("@type")))]


def _nodes(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """Every object of every JSON-LD script, outer ones first, within bounds."""
    scripts = (script for script in tree.iter("script") if _JSON_LD.match(script.get("type", "").strip()))
    waiting: deque[tuple[Any, int]] = deque((_loaded(script.text or ""), 0) for script in scripts)
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        value, depth = waiting.popleft()
        if isinstance(value, dict):
            yield value
        children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        if depth < _DEEPEST:
            waiting += [(child, depth + 1) for child in children if isinstance(child, dict | list)][
                :_MOST_NODES
            ]


def _loaded(text: str) -> Any:
    """Publishers leave comment marks, control characters, commas and halves of surrogate pairs behind."""
    cleaned = text[:_LONGEST].strip().removeprefix("<!--").removesuffix("-->").strip()
    cleaned = cleaned.removeprefix("//<![CDATA[").removesuffix("//]]>").strip().rstrip(";")
    try:
        return orjson.loads(cleaned)
    except orjson.JSONDecodeError:
        pass
    for attempt in (cleaned, re.sub(r",\s*([}\]])", r"\1", cleaned)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return _readable(cleaned)


def _readable(text: str) -> dict[str, Any] | None:
    """An article's plain facts from broken JSON; None where it is not an article's."""
    if not re.search(r'"@type"\s*:\s*\[?\s*"[^"]{0,40}(?:Article|Posting)"', text):
        return None
    found: dict[str, Any] = {"@type": "Article"}
    for match in _READABLE.finditer(text):
        try:
            found.setdefault(match[1], orjson.loads(match[2]))
        except orjson.JSONDecodeError:
            continue
    return found


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for item in values[:_MOST_ITEMS] if (text := _text(item))]


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _named(value: Any, named: Mapping[str, Node]) -> Any:
    """What `{"@id": ...}` alone stands for."""
    if isinstance(value, dict) and len(value) <= 2 and isinstance(value.get("@id"), str):
        return value if "name" in value or "url" in value else named.get(value["@id"], value)
    return value


def _names(value: Any, named: Mapping[str, Node]) -> Iterator[str]:
    for item in (value if isinstance(value, list) else [value])[:_MOST_ITEMS]:
        person = _named(item, named)
        yield from _texts(person.get("name") if isinstance(person, Mapping) else person)


def _image(value: Any, named: Mapping[str, Node]) -> str | None:
    first = _named(value[0] if isinstance(value, list) and value else value, named)
    if isinstance(first, Mapping):
        return next(iter(_texts(first.get("url")) + _texts(first.get("contentUrl"))), None)
    return _text(first)
