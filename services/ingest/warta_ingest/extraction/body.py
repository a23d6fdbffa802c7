"""The text of an article: what the page shows, or what its JSON-LD tells where that is far more."""

from __future__ import annotations

import logging
import re

import trafilatura
from lxml.html import HtmlElement

from warta_ingest.extraction.blocks import Blocks
from warta_ingest.extraction.facts import Facts
from warta_ingest.extraction.line_filter import article_lines
from warta_ingest.extraction.main_text import main_text
from warta_ingest.extraction.page import NoText
from warta_ingest.extraction.tree import element_count
from warta_ingest.text.plain import one_line, plain, word_count
from warta_shared.events.fields import BODY_MAX

LEAST_WORDS = 25
# Furniture with a smaller share of the page's running text is kept from trafilatura: half of its time.
LOOSE_FURNITURE_HOLDS = 0.1
# A page that shows less than this of the text that its JSON-LD tells hides it, or was read wrongly.
SHOWN_OF_TOLD = 0.6
# trafilatura takes seconds beyond it; the largest of articles have a fifth of it left without furniture.
ELEMENTS_MAX = 15_000
# With more of it a page is no text, or was written in an encoding that nobody can tell.
NO_CHARACTERS_SHARE = 0.01
_NO_CHARACTER = "\ufffd"
_BREAK = re.compile(r"\n|</p>|<br\s{0,5}/?>|</h\d>|</li>", re.IGNORECASE)
_TOLD_LINES_MAX = 2_000

for _library in ("trafilatura", "htmldate"):
    logging.getLogger(_library).setLevel(logging.CRITICAL)  # they log what strangers wrote


def article_body(tree: HtmlElement, blocks: Blocks, title: str, facts: Facts) -> str:
    """The paragraphs, a newline between them; raises NoText. `tree`, of `blocks`, is cut down on the way."""
    for element in blocks.furniture_without(blocks.prose(), LOOSE_FURNITURE_HOLDS):
        if element.getparent() is not None:
            element.drop_tree()
    lines = main_text(blocks, _found(tree), (title, facts.title or ""), (facts.summary or "",))
    body, told = _cleaned(lines, title), _cleaned(_told_lines(facts.text), title)
    if word_count(told) * SHOWN_OF_TOLD > word_count(body):
        body = told
    if (words := word_count(body)) < LEAST_WORDS:
        raise NoText(f"{words} words")
    if body.count(_NO_CHARACTER) > NO_CHARACTERS_SHARE * len(body):
        raise NoText("bytes that are no characters")
    return body


def _found(tree: HtmlElement) -> str:
    """The text that trafilatura finds, with its own second opinions off: `main_text` is one."""
    if element_count(tree) > ELEMENTS_MAX:
        return ""
    try:
        found = trafilatura.bare_extraction(
            tree, include_comments=False, include_tables=True, with_metadata=False, fast=True
        )
    except RecursionError:  # it walks down; main_text does without it
        return ""
    return getattr(found, "text", None) or ""


def _told_lines(text: str | None) -> list[str]:
    """The lines of a JSON-LD articleBody, which may hold markup."""
    parts = _BREAK.split((text or "")[:BODY_MAX], maxsplit=_TOLD_LINES_MAX)
    return [plain(part, BODY_MAX) for part in parts]


def _cleaned(lines: list[str], title: str) -> str:
    kept = article_lines("\n".join(lines), title)
    return "\n".join(line for raw in kept if (line := one_line(raw, BODY_MAX)))[:BODY_MAX].strip()
