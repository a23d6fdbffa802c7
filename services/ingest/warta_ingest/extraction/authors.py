"""Names out of bylines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from warta_shared.events.fields import NAME_MAX

AUTHORS_MAX = 50
_BY = re.compile(
    r"^(?:oleh|by|von|par|por|penulis|reporter|pewarta|laporan|ditulis oleh|written by)\b\s*:?\s*",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*[;|]\s*|\s+(?:dan|and|und|&)\s+", re.IGNORECASE)
_DESK = re.compile(r"^(?:tim )?(?:redaksi|editor(?:ial)?|admin|newsroom|staff|tim)\b", re.IGNORECASE)
_INITIALS = re.compile(r"\s*[(\[][^()\[\]]{1,12}[)\]]$")
_NO_NAME = re.compile(r"https?:|www\.|@|\d+$|[a-z0-9]+(?:-[a-z0-9]+)+$")


def person_names(bylines: Iterable[str]) -> list[str]:
    """The names, each once; a desk ("Redaksi") only where nobody is named."""
    names: dict[str, str] = {}
    for name in (name for byline in bylines for name in _names(byline)):
        names.setdefault(re.sub(r"\W+", "", name).casefold(), name)
    people = [name for name in names.values() if not _DESK.match(name)]
    return (people or list(names.values()))[:AUTHORS_MAX]


def _names(byline: str) -> Iterator[str]:
    for part in _BETWEEN.split(_BY.sub("", " ".join(byline.split()))):
        for piece in _listed(part.split(" - ")[0]):
            name = _INITIALS.sub("", piece).strip(" ,:-")
            if 2 < len(name) <= NAME_MAX and not _NO_NAME.match(name):
                yield name


def _listed(text: str) -> list[str]:
    """`Ratna Dewi, Budi Santoso` are two; `Budi Santoso, S.E.` and `Ratna, Jakarta` are not."""
    pieces = [piece.strip() for piece in text.split(",")]
    return pieces if all(" " in piece and "." not in piece for piece in pieces) else [text]
