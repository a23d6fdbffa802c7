"""Names out of bylines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from warta_shared.events.fields import NAME_MAX

AUTHORS_MAX = 50
_BY = re.compile(r"^(?:oleh|by|penulis|reporter|laporan|ditulis oleh|written by)\s*:?\s+", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:;|\||\s+(?:dan|and|&)\s+)\s*", re.IGNORECASE)
_DESK = re.compile(r"^(?:tim )?(?:redaksi|editor(?:ial)?|admin|newsroom|staff|tim)\b", re.IGNORECASE)


def person_names(bylines: Iterable[str]) -> list[str]:
    """The names, each once; a desk ("Redaksi") only where nobody is named."""
    names = list(dict.fromkeys(name for byline in bylines for name in _names(byline)))
    people = [name for name in names if not _DESK.match(name)]
    return (people or names)[:AUTHORS_MAX]


def _names(byline: str) -> Iterator[str]:
    for part in _BETWEEN.split(_BY.sub("", " ".join(byline.split()))):
        name = part.split(" - ")[0].strip(" ,:-")
        if 2 < len(name) <= NAME_MAX and not name.startswith(("http", "@")):
            yield name
