"""An id and a source code for a feed that was given by its address alone."""

from __future__ import annotations

import re
from collections.abc import Container
from urllib.parse import urlsplit

from warta_ingest.sameness.canonical import registrable_site

ID_MAX = 100
_NOISE = frozenset({"", "rss", "feed", "feeds", "xml", "atom", "index", "rss2", "json", "sitemap"})


def feed_id(url: str, taken: Container[str]) -> str:
    """`kabar.example`, with words of the path or a number behind it where that is taken."""
    parts = urlsplit(url)
    host = (parts.hostname or "feed").removeprefix("www.")
    words = [word for word in re.split(r"[^A-Za-z0-9]+", parts.path) if word.lower() not in _NOISE]
    names = [host, "-".join([host, *words])]
    names += [f"{names[-1][:ID_MAX]}-{number}" for number in range(2, 10_000)]
    spelled = (re.sub(r"[^A-Za-z0-9._-]+", "-", name)[:ID_MAX].strip("-.") or "feed" for name in names)
    return next(name for name in spelled if name not in taken)


def source_code(url: str) -> str:
    """`KABAR` for https://news.kabar.example/rss."""
    site = registrable_site(url).split(":")[0].removeprefix("www.")
    label = site if re.fullmatch(r"[0-9.]+", site) else site.split(".")[0]
    return re.sub(r"[^A-Z0-9.]+", "", label.upper()).strip(".") or "NEWS"
