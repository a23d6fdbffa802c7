"""Feeds that are due: leased, fetched, read; their new entries go onto `pages.found`."""
