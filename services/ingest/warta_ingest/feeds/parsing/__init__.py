"""A feed's bytes into entries: pure functions for a process that may be killed."""

from warta_ingest.feeds.parsing.parse import NotAFeed, parse_feed

__all__ = ["NotAFeed", "parse_feed"]
