"""ninjs and NewsArticle of a document use the words of their standards, with values of the kinds that those ask for.

The tables hold what the standards define, as far as it is used: https://iptc.org/std/ninjs/ (ninjs 3.1) and
https://schema.org/docs/full.html.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from enriched_articles import enriched_article, maximal_article
from warta_index.renderings import RENDER, Rendering, as_news_article, as_ninjs, rendered
from warta_index.renderings.values import uri
from warta_shared.events import EnrichedArticle, Entity
from warta_shared.events.article import Status

Json = dict[str, Any]
Check = Callable[[Any], bool]


def document(article: EnrichedArticle) -> Json:
    whole: Json = json.loads(article.model_dump_json())
    return whole | {"indexed_at": "2025-11-25T04:30:00.000Z"}


MAXIMAL = document(maximal_article())
MINIMAL = document(enriched_article(url=None, canonical_url=None))


def is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def is_number(value: Any) -> bool:
    return type(value) is int and value >= 0


def is_percentage(value: Any) -> bool:
    return is_number(value) and value <= 100


def is_uri(value: Any) -> bool:
    """RFC 3986: a scheme, then nothing but its characters and escapes."""
    return bool(
        re.fullmatch(r"[a-z][a-z0-9+.-]*:([A-Za-z0-9:/?#\[\]@!$&'()*+,;=._~-]|%[0-9A-Fa-f]{2})+", value)
    )


def is_instant(value: Any) -> bool:
    return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None


def is_date(value: Any) -> bool:
    return bool(date.fromisoformat(value)) and len(value) == len("2025-06-02")


def one_of(*words: str) -> Check:
    return lambda value: value in words


def each(check: Check) -> Check:
    return lambda value: isinstance(value, list) and bool(value) and all(map(check, value))


def only(**checks: Check) -> Check:
    """An object that has these properties alone, those in capitals always."""

    def right(value: Any) -> bool:
        known = {name.lower() if name.isupper() else name: check for name, check in checks.items()}
        needed = {name.lower() for name in checks if name.isupper()}
        wrong = {name for name in value if name not in known or not known[name](value[name])}
        assert not wrong, f"{wrong} of {value}"
        return needed <= value.keys()

    return right


TEXT_OF = each(
    only(VALUE=is_text, role=is_text, contentType=is_text, charCount=is_number, wordCount=is_number)
)
NAMED = each(only(name=is_text, literal=is_text, uri=is_uri))
SYMBOL = only(exchange=is_text, symbol=is_text)
PICTURE = only(
    NAME=is_text, URI=is_uri, type=one_of("picture"), renditions=each(only(NAME=is_text, href=is_uri))
)
NINJS = only(
    URI=is_uri,
    type=one_of(
        "text", "audio", "video", "picture", "graphic", "composite", "component", "event", "planning"
    ),
    standard=only(name=one_of("ninjs"), version=one_of("3.1"), schema=is_uri),
    representationType=one_of("full", "partial"),
    version=is_text,
    firstCreated=is_instant,
    versionCreated=is_instant,
    contentCreated=is_instant,
    pubStatus=one_of("usable", "withheld", "canceled"),
    language=is_text,
    headlines=TEXT_OF,
    descriptions=TEXT_OF,
    bodies=TEXT_OF,
    by=is_text,
    infoSources=each(only(role=is_text, name=is_text, literal=is_text)),
    subjects=each(only(name=is_text, uri=is_uri, literal=is_text, confidence=is_percentage)),
    people=NAMED,
    organisations=each(only(name=is_text, literal=is_text, symbols=each(SYMBOL))),
    places=NAMED,
    altIds=each(only(role=is_text, value=is_text)),
    associations=each(PICTURE),
)

# schema.org: properties by the type that brings them, and the values that are expected of them (where several are
# allowed, those that are written).
THING = {"name": is_text, "description": is_text, "identifier": is_text, "image": is_uri, "url": is_uri,
         "mainEntityOfPage": is_uri}  # fmt: skip
ORGANIZATION = THING
CORPORATION = ORGANIZATION | {"tickerSymbol": is_text}
DEFINED_TERM = THING | {"termCode": is_text, "inDefinedTermSet": is_uri}


def typed(value: Any) -> bool:
    properties = TYPES[value["@type"]]
    for name, item in value.items():
        if name not in {"@type", "@context"}:
            check = is_uri if name == "@id" else properties[name]
            assert check(item), f"{name} of {value['@type']}: {item!r}"
    return True


CREATIVE_WORK = THING | {
    "about": each(typed), "author": each(typed), "creativeWorkStatus": is_text, "dateModified": is_instant,
    "datePublished": is_instant, "headline": is_text, "inLanguage": is_text, "mentions": each(typed),
    "publisher": typed, "sdDatePublished": is_date, "sourceOrganization": typed, "version": is_number,
}  # fmt: skip
ARTICLE = CREATIVE_WORK | {"articleBody": is_text, "articleSection": each(is_text), "wordCount": is_number}
TYPES: dict[str, dict[str, Check]] = {
    "NewsArticle": ARTICLE,
    "Organization": ORGANIZATION,
    "Corporation": CORPORATION,
    "Person": THING,
    "Place": THING,
    "Legislation": CREATIVE_WORK,
    "DefinedTerm": DEFINED_TERM,
}


@pytest.mark.parametrize("article", [MAXIMAL, MINIMAL])
def test_ninjs_has_what_the_standard_defines(article: Json) -> None:
    assert NINJS(as_ninjs(article))


@pytest.mark.parametrize("article", [MAXIMAL, MINIMAL])
def test_a_news_article_has_what_schema_org_defines(article: Json) -> None:
    assert typed(as_news_article(article))


def test_nothing_that_a_standard_has_words_for_is_lost() -> None:
    ninjs, news = as_ninjs(MAXIMAL), as_news_article(MAXIMAL)
    assert ARTICLE.keys() - news.keys() == {"name"}, "articles have headlines"
    assert ninjs["headlines"][0]["value"] == news["headline"] == MAXIMAL["title"]
    assert ninjs["bodies"][0]["value"] == news["articleBody"] == MAXIMAL["body"]
    assert ninjs["subjects"][0]["uri"] == "http://cv.iptc.org/newscodes/mediatopic/04000000"
    assert [one["@type"] for one in news["mentions"]] == [
        "Person", "Organization", "Place", "Legislation", "Corporation",
    ]  # fmt: skip
    assert news["about"][0]["termCode"] == "04000000"


@pytest.mark.parametrize(
    ("status", "published"),
    [(Status.USABLE, "usable"), (Status.WITHHELD, "withheld"), (Status.WITHDRAWN, "canceled")],
)
def test_each_status_has_its_word(status: Status, published: str) -> None:
    article = document(enriched_article(status=status))
    assert as_ninjs(article)["pubStatus"] == published
    assert as_news_article(article)["creativeWorkStatus"] == status.value


def test_a_ticker_names_its_exchange() -> None:
    article = document(
        enriched_article(tickers=(Entity(id="ticker:idx-bbca", name="BBCA"), Entity(name="XYZ")))
    )
    assert as_ninjs(article)["organisations"] == [
        {"name": "BBCA", "literal": "ticker:idx-bbca", "symbols": [{"exchange": "IDX", "symbol": "BBCA"}]},
        {"name": "XYZ", "symbols": [{"symbol": "XYZ"}]},
    ]
    assert [one["tickerSymbol"] for one in as_news_article(article)["mentions"]] == ["IDX BBCA", "XYZ"]


def test_an_unknown_language_is_not_claimed() -> None:
    assert "inLanguage" not in as_news_article(document(enriched_article(language="und")))


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("https://news.example/a?b=c&d=%20#e", "https://news.example/a?b=c&d=%20#e"),
        ("https://news.example/harga-é|<x>", "https://news.example/harga-%C3%A9%7C%3Cx%3E"),
        (None, None),
    ],
)
def test_addresses_are_uris(address: str | None, written: str | None) -> None:
    assert uri(address) == written
    assert written is None or is_uri(written)


def test_every_rendering_can_be_asked_for() -> None:
    assert set(RENDER) == set(Rendering)
    assert list(rendered(None, [MINIMAL])) == [MINIMAL]
    assert list(rendered(Rendering.NINJS, [MINIMAL])) == [as_ninjs(MINIMAL)]
