"""`warta feeds`: which feeds are polled and how they are doing; add, change, find, import and export them."""

from warta_ingest.cli.feeds import changing, checking, discovering, exchanging, health, listing, polling
from warta_ingest.cli.feeds.app import app

__all__ = ["app", "changing", "checking", "discovering", "exchanging", "health", "listing", "polling"]
