"""An article as a pusher writes it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field

from warta_ingest.draft import Draft
from warta_ingest.push.identified import ONE_NAMES_IT, Identified, at_most, blank_is_none
from warta_shared.events.article import PublishedSource, Status
from warta_shared.events.fields import (
    EXTENSIONS_MAX,
    Body,
    Extensions,
    Instant,
    Language,
    Name,
    Summary,
    Title,
    TopicCode,
    Url,
)

NAMES_MAX = 50
TOPICS_MAX = 20


def _one_line(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


def _stripped(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


Names = Annotated[tuple[Name, ...], Field(max_length=NAMES_MAX), at_most(NAMES_MAX)]


class PushedArticle(Identified):
    """One article, named by `url` or `external_id` (its lasting id within its source).

    `source` is a code such as "GALERT", or an object. `body` is plain text, paragraphs separated by newlines.
    """

    model_config = ConfigDict(
        json_schema_extra={
            **ONE_NAMES_IT,
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
    summary: Summary | None = None
    language: Language | None = None
    published_at: Instant | None = None
    modified_at: Instant | None = None
    status: Status = Status.USABLE
    authors: Names = ()
    sections: Names = ()
    topics: Annotated[tuple[TopicCode, ...], Field(max_length=TOPICS_MAX), at_most(TOPICS_MAX)] = ()
    image_url: Annotated[Url | None, BeforeValidator(blank_is_none)] = None
    extensions: Annotated[Extensions, at_most(EXTENSIONS_MAX)] = Field(default_factory=dict)

    def draft(self) -> Draft:
        """The draft, with its id."""
        return Draft(
            id=self.identity(),
            url=self.url,
            canonical_url=self.canonical(),
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
