"""A feed as the operator declares it."""

from __future__ import annotations

from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from warta_shared.events.fields import Country, Language, Name, Slug, Url

MINUTE = 60
DAY = 86_400


def _fetchable(url: str) -> str:
    parts = urlsplit(url)
    if not parts.hostname:
        raise ValueError("has no host")
    if parts.username is not None or parts.password is not None:
        raise ValueError("holds a user or password; those do not belong in a URL")
    parts.port  # noqa: B018  # raises ValueError when it is no port
    return url


def _without_blanks(value: Any) -> Any:
    """`country:` with nothing behind it means the same as no line at all."""
    if not isinstance(value, dict):
        return value
    return {key: item for key, item in value.items() if item not in ("", None)}


FeedUrl = Annotated[Url, AfterValidator(_fetchable)]
TopicCode = Annotated[str, StringConstraints(pattern=r"^\d{8}$")]


class Declared(BaseModel):
    """A frozen value of the feeds file: a misspelt field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Interval(Declared):
    """How often a feed may be polled: not more often than every `min`, not less than every `max` seconds."""

    min: Annotated[int, Field(ge=1, le=DAY)] = 5 * MINUTE
    max: Annotated[int, Field(ge=1, le=7 * DAY)] = 60 * MINUTE

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min > self.max:
            raise ValueError(f"min ({self.min} s) is above max ({self.max} s)")
        return self


class Feed(Declared):
    """One feed. `id` names it in commands and metrics; `source` is the code that its articles carry.

    `sections` maps the outlet's section names to IPTC Media Topic codes. `country` gives times without a
    zone their zone; `language` is a hint, no more.
    """

    id: Slug
    url: FeedUrl
    source: Slug
    name: Name | None = None
    country: Country | None = None
    language: Language | None = None
    sections: Annotated[dict[Name, TopicCode], Field(max_length=200)] = {}
    interval: Annotated[Interval, BeforeValidator(_without_blanks)] = Interval()
    enabled: bool = True

    @model_validator(mode="before")
    @classmethod
    def _blanks(cls, value: Any) -> Any:
        return _without_blanks(value)

    def topic_of(self, section: str) -> str | None:
        """The Media Topic code of one of the outlet's sections, whatever its capitals."""
        wanted = section.strip().casefold()
        return next((code for name, code in self.sections.items() if name.casefold() == wanted), None)
