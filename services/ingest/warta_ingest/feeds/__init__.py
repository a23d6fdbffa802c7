"""Feeds: the operator's list of them, and what their bytes say."""

from warta_ingest.feeds.entry import FeedEntry, ParsedFeed
from warta_ingest.feeds.feed import Feed, Interval
from warta_ingest.feeds.feeds_file import FeedsFileError, Problem, load_feeds

__all__ = [
    "Feed",
    "FeedEntry",
    "FeedsFileError",
    "Interval",
    "ParsedFeed",
    "Problem",
    "load_feeds",
]
