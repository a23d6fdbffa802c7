"""One switch from a feed's format to its renderer."""

from __future__ import annotations

from collections.abc import Sequence

from warta_local.newsroom.atom import atom, google_alerts
from warta_local.newsroom.feed_entry import FeedEntry
from warta_local.newsroom.feeds import FeedFormat, FeedSpec
from warta_local.newsroom.json_feed import json_feed
from warta_local.newsroom.rss import rdf, rss_091, rss_2


def render(spec: FeedSpec, entries: Sequence[FeedEntry], base: str, polls: int) -> bytes:
    """The feed's bytes; `polls` counts its fetches, this one included."""
    match spec.format:
        case FeedFormat.RSS_2:
            return rss_2(spec, entries, base)
        case FeedFormat.RDF:
            return rdf(spec, entries, base)
        case FeedFormat.RSS_091:
            return rss_091(spec, entries, base)
        case FeedFormat.ATOM:
            return atom(spec, entries, base)
        case FeedFormat.JSON:
            return json_feed(spec, entries, base)
        case FeedFormat.GOOGLE_ALERTS:
            return google_alerts(spec, entries, polls)
