"""Where a saved page says that it came from."""

from __future__ import annotations

import re

from warta_ingest.extraction.meta import canonical_link, meta_address
from warta_ingest.extraction.tree import page_tree
from warta_ingest.text.charset import decode_text

# Browsers write it above a page that they save: <!-- saved from url=(0024)https://... -->
_SAVED_FROM = re.compile(r"<!-- saved from url=\(\d{4}\)(https?://[^\s>]+) -->")
_HEAD = 4_096


def stated_address(html: bytes, content_type: str | None = None) -> str:
    """Its rel=canonical, og:url or saved-from note, where that is a whole http(s) URL, else ''; raises NoText."""
    text = decode_text(html, content_type)
    tree = page_tree(text)
    saved = _SAVED_FROM.search(text[:_HEAD])
    stated = (canonical_link(tree), meta_address(tree), saved[1] if saved else None)
    return next((url for url in stated if url and url.lower().startswith(("http://", "https://"))), "")
