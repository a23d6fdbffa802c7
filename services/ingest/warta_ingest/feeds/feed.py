"""A feed as the operator declares it."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self
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


# RFC 9110, 5.1 and 5.5, without what could end the header and begin another.
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_HEADER_VALUE = re.compile(r"[\x20-\x7e]{1,4096}")
# The fetcher's own: they say how the connection is used and what comes back.
_OURS = frozenset(
    [
        "host",
        "connection",
        "content-length",
        "transfer-encoding",
        "upgrade",
        "te",
        "trailer",
        "accept-encoding",
        "expect",
        "if-none-match",
        "if-modified-since",
        "range",
    ]
)
HIDDEN = "***"


def _sendable(headers: dict[str, str]) -> dict[str, str]:
    """Refuse what cannot be sent; the values may be secrets and are in no message."""
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name):
            raise ValueError("a header's name holds letters, digits and dashes")
        if name.lower() in _OURS:
            raise ValueError(f"{name} is set by the fetcher itself")
        if not _HEADER_VALUE.fullmatch(value):
            raise ValueError(f"the value of {name} is empty, too long or not plain ASCII")
    return headers


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
    zone their zone; `language` is a hint, no more. `full_text` tells where the text of an article comes from:
    its page, or the feed itself where that carries it whole. `headers` are sent with each poll of this feed;
    they may hold secrets. `tags` group feeds in commands.
    """

    id: Slug
    url: FeedUrl
    source: Slug
    name: Name | None = None
    country: Country | None = None
    language: Language | None = None
    sections: Annotated[dict[Name, TopicCode], Field(max_length=200)] = {}
    interval: Annotated[Interval, BeforeValidator(_without_blanks)] = Interval()
    full_text: Literal["page", "feed"] = "page"
    headers: Annotated[dict[str, str], Field(max_length=20, repr=False), AfterValidator(_sendable)] = {}
    tags: Annotated[tuple[Slug, ...], Field(max_length=50)] = ()
    enabled: bool = True

    @model_validator(mode="before")
    @classmethod
    def _blanks(cls, value: Any) -> Any:
        return _without_blanks(value)

    def topic_of(self, section: str) -> str | None:
        """The Media Topic code of one of the outlet's sections, whatever its capitals."""
        wanted = section.strip().casefold()
        return next((code for name, code in self.sections.items() if name.casefold() == wanted), None)

    def shown(self) -> dict[str, Any]:
        """The feed as it may be printed: its headers' values are hidden."""
        return self.model_dump() | {"headers": dict.fromkeys(self.headers, HIDDEN)}
