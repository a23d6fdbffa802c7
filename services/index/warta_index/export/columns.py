"""The typed columns of a Parquet file: a document's fields as events declare them, and `indexed_at`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import orjson
import pyarrow as pa
from pydantic import AwareDatetime

from warta_shared.events import EnrichedArticle

INSTANT = pa.timestamp("ms", tz="UTC")
# A number in the document, milliseconds since 1970.
EPOCH = "observed_at"
# Texts that no two articles share: a dictionary of them would only cost.
UNIQUE = frozenset(
    ("id", "url", "canonical_url", "image_url", "title", "summary", "body", "content_hash", "extensions")
)
_PLAIN = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_(), AwareDatetime: INSTANT}


def schema() -> pa.Schema:
    """Instants in UTC, lists, structs; what may hold anything (`extensions`) is JSON as text."""
    columns = {name: _type(field.annotation) for name, field in EnrichedArticle.model_fields.items()}
    return pa.schema(columns | {EPOCH: INSTANT, "indexed_at": INSTANT})


def repeated(columns: pa.Schema) -> list[str]:
    """The paths of the texts that many articles share, as Parquet spells them."""
    return [path for field in columns if field.name not in UNIQUE for path in _texts(field.name, field.type)]


def typed(article: Mapping[str, Any], columns: pa.Schema) -> dict[str, Any]:
    """The document with values that the columns take."""
    return {field.name: _value(article.get(field.name), field) for field in columns}


def _type(kind: Any) -> pa.DataType:
    kind = _bare(kind)
    origin = get_origin(kind)
    if origin is tuple:
        return pa.list_(_type(get_args(kind)[0]))
    if origin is Literal:
        return _PLAIN[type(get_args(kind)[0])]
    if origin is dict:
        return pa.string()
    if kind in _PLAIN:
        return _PLAIN[kind]
    if issubclass(kind, StrEnum):
        return pa.string()
    return pa.struct({name: _type(field.annotation) for name, field in kind.model_fields.items()})


def _bare(kind: Any) -> Any:
    """Without bounds, and without None: every column may be empty."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in {Union, UnionType}:
        [only] = (one for one in get_args(kind) if one is not NoneType)
        return _bare(only)
    return kind


def _texts(path: str, kind: pa.DataType) -> Iterator[str]:
    if pa.types.is_string(kind):
        yield path
    elif pa.types.is_list(kind):
        yield from _texts(f"{path}.list.element", kind.value_type)
    elif pa.types.is_struct(kind):
        for field in kind:
            yield from _texts(f"{path}.{field.name}", field.type)


def _value(value: Any, field: pa.Field) -> Any:
    if isinstance(value, str) and field.type == INSTANT:
        return datetime.fromisoformat(value)
    if isinstance(value, dict) and pa.types.is_string(field.type):
        return orjson.dumps(value).decode()
    return value
