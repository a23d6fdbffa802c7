"""What enrichment finds in an article: entities, amounts, dates and topics, with where they stand."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from warta_shared.events.fields import LIST_MAX, Count, Event, Name, Score, Slug, TopicCode


class Mention(Event):
    """One place: a half-open range of Unicode code points, `text[start:end]`, of one field."""

    field: Literal["title", "body"]
    start: Count
    end: Annotated[Count, Field(ge=1)]


Mentions = Annotated[tuple[Mention, ...], Field(max_length=LIST_MAX)]


class Entity(Event):
    """A person, organisation, place, law or the like, with how often it is named."""

    id: Slug | None = None
    name: Name
    count: Annotated[Count, Field(ge=1)] = 1
    mentions: Mentions = ()


class Amount(Entity):
    """A sum of money; `amount` in whole units of the ISO 4217 `currency`."""

    amount: float
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Percentage(Entity):
    """A percentage; `value` 5.2 means 5.2 %."""

    value: float


def _on_the_calendar(text: str) -> str:
    date.fromisoformat(text + "0001-01-01"[len(text) :])
    return text


PartialDate = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"),
    AfterValidator(_on_the_calendar),
]


class CalendarDate(Entity):
    """A date; `date` is ISO 8601 at the precision that the text gives: 2025, 2025-06 or 2025-06-02."""

    date: PartialDate


class Topic(Event):
    """An IPTC Media Topic (https://iptc.org/standards/media-topics/): `code` is its eight digits."""

    code: TopicCode
    name: Name
    score: Score


Entities = Annotated[tuple[Entity, ...], Field(max_length=LIST_MAX)]
Amounts = Annotated[tuple[Amount, ...], Field(max_length=LIST_MAX)]
Percentages = Annotated[tuple[Percentage, ...], Field(max_length=LIST_MAX)]
CalendarDates = Annotated[tuple[CalendarDate, ...], Field(max_length=LIST_MAX)]
Topics = Annotated[tuple[Topic, ...], Field(max_length=LIST_MAX)]
