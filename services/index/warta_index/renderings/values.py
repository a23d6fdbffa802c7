"""What both standards ask of values: absent rather than empty, URIs in ASCII, topics by their address."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

MEDIA_TOPICS = "http://cv.iptc.org/newscodes/mediatopic/"
# Reserved and unreserved characters of RFC 3986, and what is percent-encoded already.
_URI_CHARACTERS = ":/?#[]@!$&'()*+,;=%-._~"


def filled(**values: Any) -> dict[str, Any]:
    """Those values that say something."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def uri(address: str | None) -> str | None:
    """A URL as browsers take it -> a URI (RFC 3986), in which letters beyond ASCII are percent-encoded."""
    return quote(address, safe=_URI_CHARACTERS) if address else None


def identity(article_id: str) -> str:
    """An article's id as a URI."""
    return f"urn:warta:{article_id}"


def exchange_of(ticker_id: str | None) -> str | None:
    """`ticker:idx-bbca` -> IDX."""
    exchange, dash, _ = (ticker_id or "").partition(":")[2].partition("-")
    return exchange.upper() if dash else None
