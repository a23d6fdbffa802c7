"""Whose copy a text is: the news agency that its dateline, its byline or its end names."""

from __future__ import annotations

import re
from collections.abc import Iterable

AGENCIES = {
    "antara": "ANTARA",
    "lkbn antara": "ANTARA",
    "antara news": "ANTARA",
    "reuters": "Reuters",
    "thomson reuters": "Reuters",
    "afp": "AFP",
    "agence france-presse": "AFP",
    "ap": "AP",
    "associated press": "AP",
    "the associated press": "AP",
    "bloomberg": "Bloomberg",
    "xinhua": "Xinhua",
    "kyodo": "Kyodo",
    "kyodo news": "Kyodo",
    "bernama": "Bernama",
    "dpa": "dpa",
    "efe": "EFE",
    "ians": "IANS",
    "pti": "PTI",
    "yonhap": "Yonhap",
    "anadolu": "Anadolu",
    "anadolu agency": "Anadolu",
    "tass": "TASS",
    "sputnik": "Sputnik",
    "vna": "VNA",
    "upi": "UPI",
}
"""The name of each agency by the folded forms in which it signs."""

_HEAD, _TAIL = 160, 200
_SIGNED = "|".join(sorted(map(re.escape, AGENCIES), key=len, reverse=True))
# "JAKARTA (ANTARA) - ", "LONDON, Aug 3 (Reuters) - ", "Jakarta, 3/8 (ANTARA) -": the dateline of a wire.
_DATELINE = re.compile(rf"^[^.!?\n]{{0,{_HEAD}}}?\(({_SIGNED})\)\s*[-–—:]", re.IGNORECASE)
# "(ANTARA)", "(Reuters/AFP)", "Sumber: Antara", "Source: Reuters" as the last words.
_AT_END = re.compile(
    rf"(?:\((?P<in>{_SIGNED})(?:/[\w .]{{1,30}})?\)|(?:sumber|source)\s*:\s*(?P<of>{_SIGNED}))\W{{0,3}}$",
    re.IGNORECASE,
)


def agency_of(body: str, authors: Iterable[str]) -> str | None:
    """The agency's name, None where the text names none as its origin (only writing about one is no sign)."""
    for author in authors:
        if named := AGENCIES.get(author.strip().casefold()):
            return named
    if (match := _DATELINE.match(body[: 2 * _HEAD])) or (match := _AT_END.search(body[-_TAIL:].rstrip())):
        return AGENCIES[next(filter(None, match.groups())).casefold()]
    return None
