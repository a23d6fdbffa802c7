"""The bounded field types that events are made of: nothing in an event is without a limit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
)

TITLE_MAX = 1_000
SUMMARY_MAX = 10_000
BODY_MAX = 1_000_000
NAME_MAX = 300
URL_MAX = 2_048
LIST_MAX = 200
EXTENSIONS_MAX = 50


class Event(BaseModel):
    """A frozen value: unknown fields are refused, so that a writer's mistake is seen at once."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null", allow_inf_nan=False)


def _interchangeable(text: str) -> str:
    """Refuse what JSON, Redis or Elasticsearch cannot carry: NUL and lone surrogates (RFC 8259, 8.2)."""
    if "\x00" in text:
        raise ValueError("text holds a NUL character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("text holds a lone surrogate") from None
    return text


def _utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC)


def _rfc3339(instant: datetime) -> str:
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


Text = Annotated[str, AfterValidator(_interchangeable)]
ArticleId = Annotated[str, StringConstraints(pattern=r"^[a-z2-7]{26}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Title = Annotated[Text, StringConstraints(min_length=1, max_length=TITLE_MAX)]
Summary = Annotated[Text, StringConstraints(max_length=SUMMARY_MAX)]
Body = Annotated[Text, StringConstraints(min_length=1, max_length=BODY_MAX)]
Name = Annotated[Text, StringConstraints(min_length=1, max_length=NAME_MAX)]
Url = Annotated[Text, StringConstraints(pattern=r"^https?://[^\s]+$", max_length=URL_MAX)]
ContentHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Score = Annotated[float, Field(ge=0, le=1)]
EpochMillis = Annotated[int, Field(ge=0, le=253_402_300_799_999)]
Instant = Annotated[
    AwareDatetime, AfterValidator(_utc), PlainSerializer(_rfc3339, return_type=str, when_used="json")
]
ExtensionKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
ExtensionValue = Annotated[Text, StringConstraints(max_length=SUMMARY_MAX)] | int | float | bool
Extensions = Annotated[dict[ExtensionKey, ExtensionValue], Field(max_length=EXTENSIONS_MAX)]


def capped(items: list[Any], most: int = LIST_MAX) -> list[Any]:
    """The first `most` items: producers cut long lists instead of losing the article."""
    return items[:most]
