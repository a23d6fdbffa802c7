"""An article as a pusher writes it."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from warta_ingest.draft import Draft
from warta_ingest.sameness import article_id, canonical_url, external_article_id
from warta_shared.events.article import PublishedSource, Source, Status
from warta_shared.events.fields import (
    EXTENSIONS_MAX,
    Body,
    Extensions,
    Instant,
    Language,
    Name,
    Summary,
    Text,
    Title,
    TopicCode,
    Url,
)

NAMES_MAX = 50
TOPICS_MAX = 20
FIELDS_MAX = 50


def _few(value: Any, most: int) -> Any:
    """Refuse a crowd before its members are looked at: each could be an error, and a million errors are 2 GB."""
    if isinstance(value, dict | list | tuple) and len(value) > most:
        raise ValueError(f"holds {len(value):,}, at most {most} are taken")
    return value


def _at_most(number: int) -> BeforeValidator:
    return BeforeValidator(partial(_few, most=number))


def _one_line(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


def _stripped(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _blank_is_none(value: Any) -> Any:
    return value or None if isinstance(value, str) else value


def _source(value: Any) -> Any:
    return {"id": value} if isinstance(value, str) else value


def _or_code(schema: dict[str, Any]) -> None:
    reference = schema.pop("$ref")
    schema["anyOf"] = [{"type": "string", "description": "The source's code"}, {"$ref": reference}]


Names = Annotated[tuple[Name, ...], Field(max_length=NAMES_MAX), _at_most(NAMES_MAX)]


class PushedArticle(BaseModel):
    """One article. `url` or `external_id` must be given: the article's identity comes from the external id
    (within its source) where there is one, else from the URL.

    `source` is a code such as "GALERT", or an object. `body` is plain text, paragraphs separated by newlines.
    """

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "anyOf": [
                {"required": [name], "properties": {name: {"type": "string"}}}
                for name in ("url", "external_id")
            ],
            "examples": [
                {
                    "url": "https://news.example/2025/06/msme-plan",
                    "title": "Ministry drafts MSME plan",
                    "body": "The ministry opened a public consultation in Surabaya.\nIt runs until July.",
                    "source": "GALERT",
                    "published_at": "2025-06-02T09:00:00+07:00",
                }
            ],
        },
    )

    title: Annotated[Title, BeforeValidator(_one_line)]
    body: Annotated[Body, BeforeValidator(_stripped)]
    source: Annotated[
        Source, BeforeValidator(_source), _at_most(FIELDS_MAX), Field(json_schema_extra=_or_code)
    ]
    url: Annotated[Url | None, BeforeValidator(_blank_is_none)] = None
    external_id: Annotated[Text, StringConstraints(min_length=1, max_length=500)] | None = None
    summary: Summary | None = None
    language: Language | None = None
    published_at: Instant | None = None
    modified_at: Instant | None = None
    status: Status = Status.USABLE
    authors: Names = ()
    sections: Names = ()
    topics: Annotated[tuple[TopicCode, ...], Field(max_length=TOPICS_MAX), _at_most(TOPICS_MAX)] = ()
    image_url: Annotated[Url | None, BeforeValidator(_blank_is_none)] = None
    extensions: Annotated[Extensions, _at_most(EXTENSIONS_MAX)] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _no_crowd(cls, value: Any) -> Any:
        return _few(value, FIELDS_MAX)

    @model_validator(mode="after")
    def _identified(self) -> Self:
        if not (self.url or self.external_id):
            raise ValueError("url or external_id must be given")
        if self.url:
            canonical_url(self.url)  # raises ValueError
        return self

    def draft(self) -> Draft:
        """The draft, with its id."""
        canonical = canonical_url(self.url) if self.url else None
        return Draft(
            id=external_article_id(self.source.id, self.external_id)
            if self.external_id
            else article_id(canonical or ""),
            url=self.url,
            canonical_url=canonical,
            title=self.title,
            body=self.body,
            summary=self.summary,
            source=self.source,
            published_at=self.published_at,
            published_source=PublishedSource.PUSH if self.published_at else None,
            modified_at=self.modified_at,
            status=self.status,
            authors=self.authors,
            sections=self.sections,
            image_url=self.image_url,
            language_hint=self.language,
            topic_hints=self.topics,
            extensions=tuple(sorted(self.extensions.items())),
            facts_count=True,
        )
