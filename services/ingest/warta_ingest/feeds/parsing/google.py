"""Google Alerts: links lead through Google, titles carry markup and the publisher's name."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

_GOOGLE = re.compile(r"^(?:www\.)?google\.[a-z]{2,3}(?:\.[a-z]{2})?$")
_PUBLISHER = re.compile(r"^(?P<title>.{10,}?)\s[-–—|]\s(?P<publisher>[^-–—|]{2,60})$")


def unwrapped(link: str) -> str | None:
    """The target of a Google redirect, read off the link and never fetched; None when it is no such link."""
    try:
        parts = urlsplit(link)
        if not _GOOGLE.match((parts.hostname or "").lower()) or parts.path != "/url":
            return None
        query = parse_qs(parts.query)
    except ValueError:
        return None
    targets = [*query.get("url", ()), *query.get("q", ())]
    return next((target for target in targets if target.startswith(("http://", "https://"))), None)


def without_publisher(title: str) -> str:
    """`Headline - Publisher` without the publisher."""
    found = _PUBLISHER.match(title)
    return found["title"].strip() if found else title
