"""A document as a NewsArticle of schema.org (https://schema.org/NewsArticle), in JSON-LD."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from warta_index.renderings.values import MEDIA_TOPICS, exchange_of, filled, identity, uri

Json = dict[str, Any]

UNKNOWN_LANGUAGE = "und"
MENTIONED = {"people": "Person", "organisations": "Organization", "places": "Place", "laws": "Legislation"}


def as_news_article(article: Mapping[str, Any]) -> Json:
    """What the article says of itself, its topics as `about`, its entities as `mentions`."""
    language = article["language"]
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": identity(article["id"]),
        **filled(
            identifier=article["id"],
            url=uri(article.get("url")),
            mainEntityOfPage=uri(article.get("canonical_url") or article.get("url")),
            headline=article["title"],
            description=article.get("summary"),
            articleBody=article["body"],
            articleSection=article.get("sections"),
            wordCount=article["word_count"],
            inLanguage=None if language == UNKNOWN_LANGUAGE else language,
            datePublished=article.get("published_at"),
            dateModified=article.get("modified_at"),
            sdDatePublished=(article.get("indexed_at") or "")[:10],  # a date, unlike the others
            version=article["revision"],
            creativeWorkStatus=article["status"],
            image=uri(article.get("image_url")),
            author=[_thing("Person", name) for name in article.get("authors") or ()],
            publisher=_publisher(article["source"]),
            sourceOrganization=_thing("Organization", article.get("agency")),
            about=[_topic(topic) for topic in article.get("topics") or ()],
            mentions=_mentions(article),
        ),
    }


def _publisher(source: Mapping[str, Any]) -> Json:
    thing = _thing("Organization", source.get("name") or source["id"], source["id"])
    domain = source.get("domain")
    return thing | filled(url=uri(f"https://{domain}/") if domain else None)


def _topic(topic: Mapping[str, Any]) -> Json:
    return {
        "@type": "DefinedTerm",
        "@id": f"{MEDIA_TOPICS}{topic['code']}",
        "name": topic["name"],
        "termCode": topic["code"],
        "inDefinedTermSet": MEDIA_TOPICS,
    }


def _mentions(article: Mapping[str, Any]) -> list[Json]:
    """People, organisations, places and laws; companies by their tickers (ISO 10383's code or the usual short one)."""
    things = [
        _thing(kind, entity["name"], entity.get("id"))
        for field, kind in MENTIONED.items()
        for entity in article.get(field) or ()
    ]
    companies = [_company(ticker) for ticker in article.get("tickers") or ()]
    return things + companies


def _company(ticker: Mapping[str, Any]) -> Json:
    symbol = " ".join(filter(None, (exchange_of(ticker.get("id")), ticker["name"])))
    return _thing("Corporation", ticker["name"], ticker.get("id")) | {"tickerSymbol": symbol}


def _thing(kind: str, name: str | None, identifier: str | None = None) -> Json:
    return {"@type": kind, "name": name, **filled(identifier=identifier)} if name else {}
