"""Elements by their local names: namespaces are misspelt too often to be believed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from lxml.etree import _Element as Element

_CAPITALS = frozenset({"RDF", "RSS", "Feed", "Channel", "Item", "Entry"})


def local_name(element: Element) -> str:
    """The name without namespace or prefix; '' for what is no element."""
    return _local(element.tag) if isinstance(element.tag, str) else ""


@lru_cache(maxsize=1_000)
def _local(tag: str) -> str:
    """Remembered: a feed has few names, and each is asked for hundreds of times."""
    local = tag.rpartition("}")[2].rpartition(":")[2]
    return local.lower() if local in _CAPITALS else local


def children(element: Element, name: str) -> Iterator[Element]:
    """The child elements of this name."""
    return (child for child in element if local_name(child) == name)


def inner_text(element: Element) -> str:
    """All text inside, however deep."""
    return "".join(str(part) for part in element.itertext())


def text_of(element: Element, name: str) -> str | None:
    """The text of the first child of this name that has any."""
    for child in children(element, name):
        if text := inner_text(child).strip():
            return text
    return None
