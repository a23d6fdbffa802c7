"""Headlines without the outlet's name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

_DASHES = (" - ", " | ", " – ", " — ", " :: ", " » ")


def without_site(title: str, headline: str, sites: Iterable[str], url: str) -> str:
    """`Headline - Outlet` without the outlet: one of `sites`, the URL's host, or all that follows `headline`.

    `headline` is what readers see on the page, empty for none.
    """
    if headline and title.startswith(headline) and title[len(headline) :].startswith(_DASHES):
        return headline
    names = {_bare(site) for site in (*sites, *host_names(url))} - {""}
    for dash in _DASHES:
        head, found, tail = title.rpartition(dash)
        if found and head.strip() and _bare(tail) in names:
            return head.strip()
    return title


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()


def host_names(url: str) -> tuple[str, ...]:
    """What an outlet may be called after its address: news.kompas.com, kompas.com and kompas."""
    parts = (urlsplit(url).hostname or "").removeprefix("www.").split(".")
    return (".".join(parts), ".".join(parts[-2:]), parts[-2] if len(parts) > 1 else "")
