"""From single finds to entities: one per value or id, counted, most frequent first, cut to the event's caps."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from warta_enrich.steps.tokens import Field
from warta_shared.events import Entity, Mention
from warta_shared.events.fields import LIST_MAX, NAME_MAX


class Find(NamedTuple):
    """Something found once: half-open code point range of a field, what it is (`key`), how it is shown."""

    field: Field
    start: int
    end: int
    key: Hashable
    name: str


@dataclass(frozen=True, slots=True)
class Group:
    """All finds of one key; `name` is the first find's."""

    key: Hashable
    name: str
    count: int
    mentions: tuple[Mention, ...]


def grouped(finds: Iterable[Find]) -> list[Group]:
    """Finds of equal key merged, most frequent first, then in reading order; at most LIST_MAX groups."""
    by_key: dict[Hashable, list[Find]] = {}
    for find in finds:
        by_key.setdefault(find.key, []).append(find)
    ranked = sorted(by_key.items(), key=lambda item: -len(item[1]))[:LIST_MAX]
    return [
        Group(key, found[0].name[:NAME_MAX], len(found), tuple(_mention(find) for find in found[:LIST_MAX]))
        for key, found in ranked
    ]


def entities(finds: Iterable[Find]) -> tuple[Entity, ...]:
    """Entities whose key is their id (or, where it is no string, that have none)."""
    return tuple(
        Entity(
            id=group.key if isinstance(group.key, str) else None,
            name=group.name,
            count=group.count,
            mentions=group.mentions,
        )
        for group in grouped(finds)
    )


def _mention(find: Find) -> Mention:
    return Mention(field=find.field, start=find.start, end=find.end)
