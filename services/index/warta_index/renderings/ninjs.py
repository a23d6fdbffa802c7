"""A document as ninjs 3.1, the IPTC's news in JSON (https://iptc.org/std/ninjs/)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from warta_index.renderings.values import MEDIA_TOPICS, exchange_of, filled, identity, uri

Json = dict[str, Any]

STANDARD = {
    "name": "ninjs",
    "version": "3.1",
    "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#",
}
STATUS = {"usable": "usable", "withheld": "withheld", "withdrawn": "canceled"}
PLAIN = "text/plain"


def as_ninjs(article: Mapping[str, Any]) -> Json:
    """The article as a news object of type `text`; amounts, percentages and dates have no place in it."""
    return filled(
        uri=identity(article["id"]),
        type="text",
        standard=STANDARD,
        representationType="full",
        version=str(article["revision"]),
        firstCreated=article["first_seen_at"],
        versionCreated=_instant(article["observed_at"]),
        contentCreated=article.get("published_at"),
        pubStatus=STATUS[article["status"]],
        language=article["language"],
        headlines=[{"contentType": PLAIN, "value": article["title"]}],
        descriptions=_descriptions(article.get("summary")),
        bodies=[_body(article)],
        by=", ".join(article.get("authors") or ()),
        infoSources=_sources(article),
        subjects=_subjects(article),
        people=_named(article.get("people")),
        organisations=_named(article.get("organisations")) + _listed(article.get("tickers")),
        places=_named(article.get("places")),
        altIds=_other_ids(article),
        associations=_pictures(article),
    )


def _instant(milliseconds: int) -> str:
    moment = datetime.fromtimestamp(milliseconds / 1_000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _descriptions(summary: str | None) -> list[Json]:
    return [{"role": "summary", "contentType": PLAIN, "value": summary}] if summary else []


def _body(article: Mapping[str, Any]) -> Json:
    text = article["body"]
    return {
        "role": "main",
        "contentType": PLAIN,
        "charCount": len(text),
        "wordCount": article["word_count"],
        "value": text,
    }


def _sources(article: Mapping[str, Any]) -> list[Json]:
    """Who published it, and the agency whose copy it is."""
    source, agency = article["source"], article.get("agency")
    publisher = filled(role="publisher", name=source.get("name") or source["id"], literal=source["id"])
    return [publisher] + ([{"role": "agency", "name": agency}] if agency else [])


def _subjects(article: Mapping[str, Any]) -> list[Json]:
    """Media Topics; laws are concepts too."""
    topics = [
        {
            "name": topic["name"],
            "uri": f"{MEDIA_TOPICS}{topic['code']}",
            "confidence": round(topic["score"] * 100),
        }
        for topic in article.get("topics") or ()
    ]
    return topics + _named(article.get("laws"))


def _named(entities: list[Json] | None) -> list[Json]:
    return [filled(name=entity["name"], literal=entity.get("id")) for entity in entities or ()]


def _listed(tickers: list[Json] | None) -> list[Json]:
    """Companies of which the text gives the ticker."""
    return [
        filled(
            name=ticker["name"],
            literal=ticker.get("id"),
            symbols=[filled(exchange=exchange_of(ticker.get("id")), symbol=ticker["name"])],
        )
        for ticker in tickers or ()
    ]


def _other_ids(article: Mapping[str, Any]) -> list[Json]:
    roles = {"id": "id", "url": "url", "canonical_url": "canonical-url", "story_id": "story"}
    return [{"role": role, "value": article[field]} for field, role in roles.items() if article.get(field)]


def _pictures(article: Mapping[str, Any]) -> list[Json]:
    address = uri(article.get("image_url"))
    if not address:
        return []
    renditions = [{"name": "original", "href": address}]
    return [{"name": "main picture", "uri": address, "type": "picture", "renditions": renditions}]
