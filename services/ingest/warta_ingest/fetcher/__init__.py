"""Fetching from a hostile web: only public addresses, only so many bytes, only so long."""

from warta_ingest.fetcher.addresses import AddressPolicy
from warta_ingest.fetcher.errors import FetchError
from warta_ingest.fetcher.fetched import Fetched, Hop
from warta_ingest.fetcher.fetcher import (
    FEED_ACCEPT,
    FEED_BYTES,
    PAGE_ACCEPT,
    PAGE_BYTES,
    Fetcher,
    Redirected,
)
from warta_ingest.fetcher.options import FetcherOptions

__all__ = [
    "FEED_ACCEPT",
    "FEED_BYTES",
    "PAGE_ACCEPT",
    "PAGE_BYTES",
    "AddressPolicy",
    "FetchError",
    "Fetched",
    "Fetcher",
    "FetcherOptions",
    "Hop",
    "Redirected",
]
