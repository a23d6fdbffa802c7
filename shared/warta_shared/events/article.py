"""An article: raw as ingest saw it, enriched as Elasticsearch holds it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from warta_shared.events.fields import (
    ArticleId,
    Body,
    ContentHash,
    Count,
    Country,
    EpochMillis,
    Event,
    Extensions,
    Instant,
    Language,
    Name,
    Score,
    Slug,
    Summary,
    Title,
    TopicCode,
    Url,
)
from warta_shared.events.mentions import Amounts, CalendarDates, Entities, Percentages, Topics


class Status(StrEnum):
    """Whether an article may be shown (ninjs `pubStatus`)."""

    USABLE = "usable"
    WITHHELD = "withheld"
    WITHDRAWN = "withdrawn"


class PublishedSource(StrEnum):
    """Where `published_at` came from, best first."""

    PUSH = "push"
    JSON_LD = "json-ld"
    META = "meta"
    TIME = "time-element"
    FEED = "feed"
    TEXT = "page-text"


class Source(Event):
    """Who published it; `id` is the operator's short code (GALERT), `feed` the feed it came by."""

    id: Slug
    name: Name | None = None
    domain: Name | None = None
    country: Country | None = None
    feed: Slug | None = None


class Article(Event):
    """What raw and enriched articles share.

    `observed_at` (ms since 1970) is when ingest saw this content, strictly growing per `id`: the external
    version in Elasticsearch. `first_seen_at` never changes for an `id`. `language_hint` is the feed's word for the
    language; `topic_hints` are Media Topic codes mapped from the feed's sections.
    """

    schema_version: Literal[1] = 1
    id: ArticleId
    revision: Annotated[Count, Field(ge=1)] = 1
    observed_at: EpochMillis
    first_seen_at: Instant
    url: Url | None = None
    canonical_url: Url | None = None
    title: Title
    summary: Summary | None = None
    body: Body
    published_at: Instant | None = None
    published_source: PublishedSource | None = None
    modified_at: Instant | None = None
    status: Status = Status.USABLE
    source: Source
    authors: Annotated[tuple[Name, ...], Field(max_length=50)] = ()
    sections: Annotated[tuple[Name, ...], Field(max_length=50)] = ()
    image_url: Url | None = None
    word_count: Count
    content_hash: ContentHash
    extensions: Extensions = Field(default_factory=dict)
    language_hint: Language | None = None
    topic_hints: Annotated[tuple[TopicCode, ...], Field(max_length=20)] = ()


class RawArticle(Article):
    """On `articles.raw`: an article as ingest found it, cleaned of markup, nothing added."""


class Enrichment(Event):
    """Which pipeline made the enriched fields: `version` of the code, `models` by name and checksum."""

    version: Slug
    models: Annotated[tuple[Slug, ...], Field(max_length=20)] = ()


class EnrichedArticle(Article):
    """On `articles.enriched`, and, byte for byte, the document in Elasticsearch.

    `language` is BCP-47, `und` when it cannot be told; `story_id` joins near-copies of one story: it is
    the id of the one that was seen first, whose source is `story_source`. `agency`: the news agency whose copy it is.
    """

    language: Language
    language_confidence: Score
    second_language: Language | None = None
    topics: Topics = ()
    people: Entities = ()
    organisations: Entities = ()
    places: Entities = ()
    laws: Entities = ()
    tickers: Entities = ()
    amounts: Amounts = ()
    percentages: Percentages = ()
    dates: CalendarDates = ()
    story_id: ArticleId | None = None
    story_source: Slug | None = None
    agency: Name | None = None
    enrichment: Enrichment
