"""Strangers' bytes into text that every later stage can carry: charsets, markup, and the times people write."""
