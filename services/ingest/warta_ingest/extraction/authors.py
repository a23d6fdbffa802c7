"""Names out of bylines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from warta_ingest.text.plain import letters, one_line
from warta_shared.events.fields import NAME_MAX

AUTHORS_MAX = 50
_LONGEST = 2_000
_JOB = (
    r"(?:penulis|reporter|pewarta|wartawan|wartawati|jurnalis|kontributor|koresponden|editor|journalist|correspondent"
    r"|staff writer|contributor|redakteur(?:in)?|autor(?:in)?|author|redactor|periodista|journaliste|기자|特派員|記者)"
)
_BY = re.compile(
    rf"^(?:(?:laporan|ditulis|written|reported|text|teks)\s+)?(?:oleh|by|von|par|por|av|di|door)\b\s*:?\s*"
    rf"|^{_JOB}(?:\s*[:/]\s*|\s+(?=\S+\s))|^(?:laporan|teks?)\s*:?\s+",
    re.IGNORECASE,
)
_JOB_AFTER = re.compile(rf"(?:\s*[,/|]\s*|\s+){_JOB}(?:\s+[\w.]+)?$", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*[;|·•]\s*|\s+(?:dan|and|und|og|och|et|&)\s+|\s*、\s*", re.IGNORECASE)
_DESK = re.compile(
    r"^(?:tim |dewan )?(?:redaksi|editor(?:ial)?|admin(?:istrator)?|newsroom|(?:web)?staff|staf|tim|desk|redaktion"
    r"|redazione|rédaction|redacción|web ?desk|news ?desk)\b|\b(?:redaksi|redaktion|newsroom|desk|developer)$"
    r"|\bcyber media$|\.(?:com|co|net|org|id|de)\b",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]{1,40}[)\]]$")
_NO_NAME = re.compile(r"https?:|www\.|.*@|\d+$|[a-z0-9]+(?:-[a-z0-9]+)+$|(?i:foto|photo)\b")


def person_names(bylines: Iterable[str], outlets: Iterable[str] = ()) -> list[str]:
    """The names, each once; a desk ("Redaksi") or one of the `outlets` only where nobody else is named."""
    names: dict[str, str] = {}
    for name in (name for byline in bylines for name in _names(byline)):
        names.setdefault(letters(name), name)
    return (_people(names, outlets) or list(names.values()))[:AUTHORS_MAX]


def first_people(places: Iterable[Iterable[str]], outlets: Iterable[str]) -> list[str]:
    """The people of the first place that names one; else what the first place with any name says.

    Where a better place names the outlet, only a full name is better: worse places hold initials and agencies.
    """
    known = list(outlets)
    first: list[str] = []
    for bylines in places:
        names = person_names(bylines, known)
        people = _people({letters(name): name for name in names}, known)
        if people and (not first or any(_is_full(name) for name in people)):
            return people
        first = first or names
    return first


def _people(names: dict[str, str], outlets: Iterable[str]) -> list[str]:
    known = {letters(outlet) for outlet in outlets}
    return [name for key, name in names.items() if key not in known and not _DESK.search(name)]


def _is_full(name: str) -> bool:
    return " " in name or not name.isascii()


def _names(byline: str) -> Iterator[str]:
    said = one_line(byline, _LONGEST)
    for part in _BETWEEN.split(_BY.sub("", said)):
        for piece in _listed(part.split(" - ")[0]):
            name = _once(_JOB_AFTER.sub("", _IN_BRACKETS.sub("", _BY.sub("", piece))).strip(" ,:-*"))
            if (
                1 < len(name) <= NAME_MAX
                and (len(name) > 2 or not name.isascii())
                and not _NO_NAME.match(name)
            ):
                yield name


def _once(name: str) -> str:
    """`Ratna Dewi Ratna Dewi`, a picture's and a link's text, is one name."""
    half = len(name) // 2
    return name[:half] if len(name) > 6 and name[:half] == name[half + 1 :] and name[half] == " " else name


def _listed(text: str) -> list[str]:
    """`Ratna Dewi, Budi Santoso` are two; `Budi Santoso, S.E.` and `Ratna, Jakarta` are not."""
    pieces = [piece.strip() for piece in text.split(",")]
    return pieces if all(" " in piece and "." not in piece for piece in pieces) else [text]
