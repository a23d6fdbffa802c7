"""Ids of articles: the same article has the same id for ever, on every machine."""

from __future__ import annotations

import hashlib
from urllib.parse import urlsplit, urlunsplit

from warta_shared.events import article_id as article_ids


def article_id(canonical_url: str) -> str:
    """The id (26 characters of a-z2-7) of the article at a canonical URL.

    http or https, and a slash at the end or none, are one article; the URL itself keeps its spelling,
    since only that one is sure to answer.
    """
    parts = urlsplit(canonical_url)
    path = parts.path.rstrip("/") or "/"
    return _digest("url", urlunsplit(("", parts.netloc, path, parts.query, "")))


def external_article_id(source: str, external_id: str) -> str:
    """The id of an article that a pusher knows by its own stable id within a source."""
    return _digest("external", f"{source}\x1f{external_id}")


def _digest(domain: str, text: str) -> str:
    # The domain keeps a pusher from choosing an external id that names someone else's URL.
    return article_ids.written(
        hashlib.sha256(f"warta:{domain}:{text}".encode()).digest()[: article_ids.BYTES]
    )
