"""A document back into the raw article that it was made from: what enrichment added is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from pydantic import ValidationError

from warta_shared.events import Entry, RawArticle
from warta_shared.events.traceparent import new_traceparent

_FIELDS = frozenset(RawArticle.model_fields)


class NotAnArticle(Exception):
    """A document that is none of an article: its id, and why."""


def raw_entry(document: Mapping[str, Any]) -> Entry:
    """The entry for `articles.raw`, in the version that the document has; raises NotAnArticle.

    The same version is written over the document (external_gte), an older one never over a newer.
    """
    fields = {name: value for name, value in document.items() if name in _FIELDS and value is not None}
    try:
        article = RawArticle.model_validate_json(orjson.dumps(fields))
    except ValidationError as error:
        problems = error.errors(include_input=False, include_url=False)
        raise NotAnArticle(f"{document.get('id')}: {problems[0]['msg']}") from error
    body = article.model_dump_json().encode()
    return Entry(article.id, body, observed_at=article.observed_at, traceparent=new_traceparent())
