"""The pages of one article into one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from warta_ingest.extraction.page import ExtractedPage
from warta_ingest.text.plain import word_count
from warta_shared.events.fields import BODY_MAX

_WHOLE_HOLDS = 0.8


def joined(first: ExtractedPage, others: Sequence[ExtractedPage]) -> ExtractedPage:
    """The article of `first` with the text of its other pages, in their order; no line of an earlier page twice.

    A page that holds the text of `first` and more is a view of the whole: its text stands for both. Facts are
    the first page's; authors may stand on the last alone. `next_pages` is empty afterwards.
    """
    lines = first.body.split("\n")
    for other in others:
        lines = _with(lines, other.body.split("\n"))
    body = "\n".join(lines)[:BODY_MAX].strip()
    authors = first.authors or next((page.authors for page in others if page.authors), ())
    return replace(first, body=body, word_count=word_count(body), authors=authors, next_pages=())


def _with(lines: list[str], more: list[str]) -> list[str]:
    known, coming = {_key(line) for line in lines}, {_key(line) for line in more}
    if sum(_key(line) in coming for line in lines) >= _WHOLE_HOLDS * len(lines) and len(more) >= len(lines):
        return more
    return lines + [line for line in more if _key(line) not in known]


def _key(line: str) -> str:
    return " ".join(line.casefold().split())
