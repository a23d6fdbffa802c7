"""Answers to conditional requests (RFC 9110, 13): a feed that did not change is a 304 without a body."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256

from starlette.responses import Response

from warta_local.newsroom.feed_entry import FeedEntry, last_change
from warta_local.newsroom.feeds import FeedSpec


def feed_response(
    spec: FeedSpec, entries: Sequence[FeedEntry], body: bytes, request_headers: Mapping[str, str]
) -> Response:
    """200 with the feed, or 304; `request_headers` must be case-insensitive, as Starlette's are."""
    if not spec.validators:
        return Response(body, media_type=spec.format.media_type)
    changed = last_change(entries).astimezone(UTC)
    etag = f'W/"{sha256(body).hexdigest()[:20]}"'
    validators = {"ETag": etag, "Last-Modified": format_datetime(changed, usegmt=True)}
    if _unchanged(request_headers, etag, changed):
        return Response(status_code=304, headers=validators)
    return Response(body, media_type=spec.format.media_type, headers=validators)


def _unchanged(headers: Mapping[str, str], etag: str, changed: datetime) -> bool:
    """If-None-Match decides alone where it is given (13.2.2); tags compare weakly (8.8.3.2)."""
    wanted = headers.get("if-none-match")
    if wanted is not None:
        tags = {tag.strip().removeprefix("W/") for tag in wanted.split(",")}
        return "*" in tags or etag.removeprefix("W/") in tags
    since = headers.get("if-modified-since")
    if since is None:
        return False
    try:
        return changed <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False
