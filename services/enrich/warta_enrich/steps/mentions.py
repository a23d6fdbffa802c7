"""From single finds to entities: one per value or id, counted, most frequent first, cut to the event's caps."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import TypeAdapter

from warta_enrich.steps.tokens import Field, fold
from warta_shared.events import Entity
from warta_shared.events.fields import LIST_MAX, NAME_MAX

KeyT = TypeVar("KeyT", bound=Hashable)
EntityT = TypeVar("EntityT", bound=Entity)

_ENTITIES = TypeAdapter(tuple[Entity, ...])


class Find(NamedTuple, Generic[KeyT]):
    """Something found once: half-open code point range of a field, what it is (`key`), how it is shown."""

    field: Field
    start: int
    end: int
    key: KeyT
    name: str


def name_key(name: str) -> str:
    """The key of a name that has no id: folded, and without the colon that marks ids."""
    return fold(name).replace(":", " ")


def is_id(key: str) -> bool:
    """Whether a key is an id (`org:kpk`) and no mere name."""
    return ":" in key


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
    if not by_key:
        return ()
    ranked = sorted(by_key.items(), key=lambda item: -len(item[1]))[:LIST_MAX]
    return events.validate_python([{**fields(key), **_described(found)} for key, found in ranked])


def entities(finds: Iterable[Find[str]]) -> tuple[Entity, ...]:
    """Entities by id; the entity of a mere name (`name_key`) has none."""
    return merged(finds, _ENTITIES, lambda key: {"id": key if is_id(key) else None})


def _described(found: list[Find[KeyT]]) -> dict[str, Any]:
    mentions = [{"field": find.field, "start": find.start, "end": find.end} for find in found[:LIST_MAX]]
    return {"name": found[0].name[:NAME_MAX], "count": len(found), "mentions": mentions}
