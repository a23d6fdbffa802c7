"""A dead letter: what could not be processed, who says so, when, where and why."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Base64Bytes, Field, StringConstraints

from warta_shared.events.fields import EpochMillis, Event, Slug, Text

DETAIL_MAX = 2_000


class DeadLetter(Event):
    """On `articles.dead`; `warta dead-letters replay` puts `original` back where it came from.

    `reason` is a short label, the same word as in the log line and the metric; `detail` is for people.
    `original` holds the entry's fields unchanged: names as Latin-1 text, values in base64, since they may be
    no text at all.
    """

    schema_version: Literal[1] = 1
    stream: Slug
    partition: Annotated[int, Field(ge=0)] | None = None
    entry_id: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,20}-[0-9]{1,20}$")]
    article_id: Annotated[Text, StringConstraints(max_length=128)] = ""
    group: Slug
    consumer: Slug
    reason: Slug
    detail: Annotated[Text, StringConstraints(max_length=DETAIL_MAX)] = ""
    deliveries: Annotated[int, Field(ge=1)]
    dead_at: EpochMillis
    original: dict[str, Base64Bytes]
