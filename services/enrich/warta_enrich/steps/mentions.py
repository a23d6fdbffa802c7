"""From single finds to entities: one per value or id, counted, most frequent first, cut to the event's caps."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import TypeAdapter

from warta_enrich.steps.tokens import Field
from warta_shared.events import Entity
from warta_shared.events.fields import LIST_MAX, NAME_MAX

KeyT = TypeVar("KeyT", bound=Hashable)
EntityT = TypeVar("EntityT", bound=Entity)

# Of the tables, as place:id-3578; a name without an id may hold a colon too.
_ID = re.compile(r"[a-z]+:[A-Za-z0-9._:-]{1,120}")
_ENTITIES = TypeAdapter(tuple[Entity, ...])


class Find(NamedTuple, Generic[KeyT]):
    """Something found once: half-open code point range of a field, what it is (`key`), how it is shown."""

    field: Field
    start: int
    end: int
    key: KeyT
    name: str


def merged(
    finds: Iterable[Find[KeyT]],
    events: TypeAdapter[tuple[EntityT, ...]],
    fields: Callable[[KeyT], dict[str, Any]],
) -> tuple[EntityT, ...]:
    """Finds of equal key as one entity, most frequent first, then in reading order.

    `fields` turns a key into the fields of its kind. At most LIST_MAX entities with LIST_MAX mentions each. One
    call to `events` validates all: a constructor call for each mention costs three times as much.
    """
    by_key: dict[KeyT, list[Find[KeyT]]] = {}
    for find in finds:
        by_key.setdefault(find.key, []).append(find)
    ranked = sorted(by_key.items(), key=lambda item: -len(item[1]))[:LIST_MAX]
    return events.validate_python([{**fields(key), **_described(found)} for key, found in ranked])


def entities(finds: Iterable[Find[str]]) -> tuple[Entity, ...]:
    """Entities by id (`org:kpk`); a key without a colon is a mere name, and its entity has no id."""
    return merged(finds, _ENTITIES, lambda key: {"id": key if _ID.fullmatch(key) else None})


def _described(found: list[Find[KeyT]]) -> dict[str, Any]:
    mentions = [{"field": find.field, "start": find.start, "end": find.end} for find in found[:LIST_MAX]]
    return {"name": found[0].name[:NAME_MAX], "count": len(found), "mentions": mentions}
