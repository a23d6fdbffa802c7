"""The parts of polling, put together."""

from __future__ import annotations

from collections.abc import Callable

from warta_ingest.poll.children import SitemapChildren
from warta_ingest.poll.contents import FeedContents
from warta_ingest.poll.discovered import DiscoveredPages
from warta_ingest.poll.fetching import FeedFetching
from warta_ingest.poll.older_pages import OlderPages
from warta_ingest.poll.poller import Poller
from warta_ingest.poll.whole_articles import WholeArticles
from warta_ingest.settings import IngestSettings
from warta_shared.delivery.client import Redis


def build_poller(
    redis: Callable[[], Redis],
    fetching: FeedFetching,
    whole: WholeArticles,
    settings: IngestSettings,
    clock: Callable[[], int],
) -> Poller:
    """A poller of feeds; `clock` gives ms since 1970."""
    contents = FeedContents(
        SitemapChildren(redis, fetching, clock),
        OlderPages(fetching),
        whole,
        DiscoveredPages(redis, settings, clock),
        clock,
    )
    return Poller(redis, fetching, contents, settings, clock)
