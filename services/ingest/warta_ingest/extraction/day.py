"""The day of an article whose page says its time nowhere: from its address, else as htmldate guesses it."""

from __future__ import annotations

import re
from datetime import datetime

from htmldate import find_date
from lxml.html import HtmlElement

from warta_ingest.extraction.instants import Moment, moment
from warta_ingest.text.instants import EARLIEST, LATEST
from warta_shared.events.article import PublishedSource

_IN_ADDRESS = re.compile(r"/(20\d\d)([-/]?)([01]\d)\2([0-3]\d)(?=[/-]|\d{6}\b)")


def guessed_day(tree: HtmlElement, url: str, country: str | None) -> Moment | None:
    """The day alone; None where nothing tells it."""
    said = day_in_address(url) or _by_htmldate(tree, url)
    return moment(said, PublishedSource.TEXT, country)


def day_in_address(url: str) -> str | None:
    """`2025-06-02` of `/read/2025/06/02/...`, `/2025-06-02-...` and `/20250602140500-...`."""
    match = _IN_ADDRESS.search(url)
    if not match:
        return None
    try:
        return datetime(int(match[1]), int(match[3]), int(match[4])).date().isoformat()
    except ValueError:
        return None


def _by_htmldate(tree: HtmlElement, url: str) -> str | None:
    # Its extensive search takes any number for a date, and up to two seconds.
    return find_date(
        tree,
        url=url,
        original_date=True,
        extensive_search=False,
        min_date=datetime(EARLIEST, 1, 1),
        max_date=datetime(LATEST, 1, 1),
    )
