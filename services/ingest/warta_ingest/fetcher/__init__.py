"""Fetching from a hostile web: only public addresses, only so many bytes, only so long."""
