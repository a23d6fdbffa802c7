"""An article as a source delivered it, before the registry says whether it is new and which revision it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from warta_ingest.sameness import content_hash
from warta_shared.events.article import PublishedSource, RawArticle, Source, Status
from warta_shared.events.fields import EXTENSIONS_MAX
from warta_shared.registry.known import facts_hash

# An extension of articles whose `published_at` lies after they were seen: embargoes, wrong zones, typing errors.
IN_FUTURE = "published_in_future"
CLOCKS_DIFFER_MS = 15 * 60 * 1_000


@dataclass(frozen=True)
class Draft:
    """Everything of a RawArticle but its version.

    `facts_count`: whether a change of anything but title and body is meant (a pusher's correction) or noise
    (a page's rotating image). `of_known_only`: it is a version of an article that is known, never a new one
    (a withdrawal without the text). The hashes are computed once: a long body takes a second.
    """

    id: str
    title: str
    body: str
    source: Source
    url: str | None = None
    canonical_url: str | None = None
    summary: str | None = None
    published_at: datetime | None = None
    published_source: PublishedSource | None = None
    modified_at: datetime | None = None
    status: Status = Status.USABLE
    authors: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    image_url: str | None = None
    language_hint: str | None = None
    topic_hints: tuple[str, ...] = ()
    extensions: tuple[tuple[str, Any], ...] = ()
    facts_count: bool = False
    of_known_only: bool = False

    @cached_property
    def content_hash(self) -> str:
        """Changes when a reader would call the article changed."""
        return content_hash(self.title, self.body)

    @cached_property
    def facts_hash(self) -> str:
        """Changes when something else than title and body changed that counts."""
        facts: list[object] = [self.status]
        if self.facts_count:
            facts += [
                self.url, self.summary, self.published_at, self.modified_at, self.authors, self.sections,
                self.image_url, self.language_hint, self.topic_hints, self.extensions,
                self.source.model_dump_json(exclude_none=True),
            ]  # fmt: skip
        return facts_hash(facts)

    def article(self, *, revision: int, observed_at: int, first_seen_at: datetime) -> RawArticle:
        """The event for one version; raises pydantic's ValidationError when a field breaks its bounds."""
        return RawArticle(
            id=self.id,
            revision=revision,
            observed_at=observed_at,
            first_seen_at=first_seen_at,
            url=self.url,
            canonical_url=self.canonical_url,
            title=self.title,
            summary=self.summary,
            body=self.body,
            published_at=self.published_at,
            published_source=self.published_source,
            modified_at=self.modified_at,
            status=self.status,
            source=self.source,
            authors=self.authors,
            sections=self.sections,
            image_url=self.image_url,
            word_count=len(self.body.split()),
            content_hash=self.content_hash,
            extensions=self._extensions(observed_at),
            language_hint=self.language_hint,
            topic_hints=self.topic_hints,
        )

    def _extensions(self, observed_at: int) -> dict[str, Any]:
        """What came with it, and a mark where it claims to appear only later: the date is kept as it was said."""
        extensions = dict(self.extensions)
        said = self.published_at.timestamp() * 1_000 if self.published_at else 0
        if said > observed_at + CLOCKS_DIFFER_MS and len(extensions) < EXTENSIONS_MAX:
            extensions[IN_FUTURE] = True
        return extensions
