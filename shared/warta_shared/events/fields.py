"""The bounded field types that events are made of: nothing in an event is without a limit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
)

from warta_shared.events.article_id import PATTERN

TITLE_MAX = 1_000
SUMMARY_MAX = 10_000
BODY_MAX = 1_000_000
NAME_MAX = 300
URL_MAX = 2_048
LIST_MAX = 200
EXTENSIONS_MAX = 50
# Elasticsearch's `integer`, and the integers that every JSON reader keeps exact (RFC 8259, 6).
INTEGER_MAX = 2**31 - 1
EXACT_MAX = 2**53 - 1
# The end of the year 9999, in milliseconds since 1970.
MILLISECONDS_MAX = 253_402_300_799_999


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


def _written_out(instant: Any) -> Any:
    """Refuse numbers, also as text: nothing says whether they are seconds or milliseconds."""
    if isinstance(instant, int | float) or (isinstance(instant, str) and ":" not in instant):
        raise ValueError("a time is an RFC 3339 text with its zone")
    return instant


def _utc_milliseconds(instant: datetime) -> datetime:
    """As it is sent: an event is the same before and after its journey."""
    if not instant.microsecond % 1_000 and not instant.utcoffset():
        return instant
    try:
        utc = instant.astimezone(UTC)
    except OverflowError:
        raise ValueError("the time lies outside the years 1 to 9999") from None
    return utc.replace(microsecond=utc.microsecond // 1_000 * 1_000)


def _rfc3339(instant: datetime) -> str:
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


# The length comes first, so that it stands in the JSON Schema and long text is refused before it is looked at.
Text = Annotated[str, AfterValidator(_interchangeable)]
Title = Annotated[
    str, StringConstraints(min_length=1, max_length=TITLE_MAX), AfterValidator(_interchangeable)
]
Summary = Annotated[str, StringConstraints(max_length=SUMMARY_MAX), AfterValidator(_interchangeable)]
Body = Annotated[str, StringConstraints(min_length=1, max_length=BODY_MAX), AfterValidator(_interchangeable)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=NAME_MAX), AfterValidator(_interchangeable)]
Url = Annotated[
    str,
    StringConstraints(pattern=r"^https?://[^\s]+$", max_length=URL_MAX),
    AfterValidator(_interchangeable),
]
ArticleId = Annotated[str, StringConstraints(pattern=f"^{PATTERN}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
TopicCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$")]
ContentHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Score = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0, le=INTEGER_MAX)]
EpochMillis = Annotated[int, Field(ge=0, le=MILLISECONDS_MAX)]
Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_written_out),
    AfterValidator(_utc_milliseconds),
    PlainSerializer(_rfc3339, return_type=str, when_used="json"),
]
ExtensionKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
ExtensionText = Annotated[str, StringConstraints(max_length=SUMMARY_MAX), AfterValidator(_interchangeable)]
ExtensionValue = ExtensionText | Annotated[int, Field(ge=-EXACT_MAX, le=EXACT_MAX)] | float | bool
Extensions = Annotated[dict[ExtensionKey, ExtensionValue], Field(max_length=EXTENSIONS_MAX)]


def capped(items: list[Any], most: int = LIST_MAX) -> list[Any]:
    """The first `most` items: producers cut long lists instead of losing the article."""
    return items[:most]
