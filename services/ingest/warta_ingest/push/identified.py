"""What names an article: its source, and its URL or the pusher's own id."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic.config import JsonDict

from warta_ingest.sameness import article_id, canonical_url, external_article_id
from warta_shared.events.article import Source
from warta_shared.events.fields import Text, Url

FIELDS_MAX = 50


def _few(value: Any, most: int) -> Any:
    """Refuse a crowd before its members are looked at: each could be an error, and a million errors are 2 GB."""
    if isinstance(value, dict | list | tuple) and len(value) > most:
        raise ValueError(f"holds {len(value):,}, at most {most} are taken")
    return value


def at_most(number: int) -> BeforeValidator:
    """Refuses more members than this."""
    return BeforeValidator(partial(_few, most=number))


def blank_is_none(value: Any) -> Any:
    """An empty text is none."""
    return value or None if isinstance(value, str) else value


def _source(value: Any) -> Any:
    return {"id": value} if isinstance(value, str) else value


def _or_code(schema: dict[str, Any]) -> None:
    reference = schema.pop("$ref")
    schema["anyOf"] = [{"type": "string", "description": "The source's code"}, {"$ref": reference}]


ONE_NAMES_IT: JsonDict = {
    "anyOf": [
        {"required": [name], "properties": {name: {"type": "string"}}} for name in ("url", "external_id")
    ]
}


class Identified(BaseModel):
    """`url` or `external_id` must be given: the article's identity comes from the external id (within its
    source) where there is one, else from the URL. `source` is a code such as "GALERT", or an object.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Annotated[
        Source, BeforeValidator(_source), at_most(FIELDS_MAX), Field(json_schema_extra=_or_code)
    ]
    url: Annotated[Url | None, BeforeValidator(blank_is_none)] = None
    external_id: Annotated[Text, StringConstraints(min_length=1, max_length=500)] | None = None

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

    def canonical(self) -> str | None:
        """The canonical URL, where there is a URL."""
        return canonical_url(self.url) if self.url else None

    def identity(self) -> str:
        """The article's id."""
        if self.external_id:
            return external_article_id(self.source.id, self.external_id)
        return article_id(self.canonical() or "")
