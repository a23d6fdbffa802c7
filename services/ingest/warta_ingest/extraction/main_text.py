"""Which blocks of a page are its article.

trafilatura finds the place and misses or adds paragraphs there; the blocks that stand where its paragraphs
stand, and look like them, are the text. Where it is lost, the densest part of the page is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import groupby

from lxml.html import HtmlElement

from warta_ingest.extraction.blocks import Block, Blocks
from warta_ingest.text.plain import letters, word_count

# Shares of words, tuned on public test sets: how much of trafilatura's text must be found among the blocks,
# how much of the article its element holds, how much makes furniture no furniture, how short is lost.
_FOUND = 0.6
_HELD, _HELD_BY_DENSITY = 0.9, 0.75
FURNITURE_HOLDS = 0.4
_LOST = 0.2
_LEAST_WORDS = 25
_LINKED = 0.5
_OPENING_WORDS, _SHORT_WORDS = 12, 4
_KEY_MAX = 300_000
_LEAD_KEY = 50
_PARAGRAPHS = frozenset({"p", "li", "h2", "h3", "h4", "h5", "blockquote", "td", "th", "pre", "dd", "dt"})
_CELLS = frozenset({"td", "th"})
_DENSE = frozenset({"p", "blockquote"})

Signature = tuple[object, ...]
Weigh = Callable[[Block], float]


def main_text(blocks: Blocks, found: str, titles: Iterable[str], leads: Iterable[str]) -> list[str]:
    """The lines of the article; empty where there is none.

    `found` is trafilatura's text, `titles` what the page calls itself, `leads` its descriptions of itself:
    a block that begins like one is the article's first paragraph, wherever it stands.
    """
    dense = _by_density(blocks)
    words, dense_words = word_count(found), sum(block.words for block in dense)
    anchored = _by_anchors(blocks, found, words)
    if anchored is not None and words >= _LOST * dense_words:
        names = {letters(title) for title in titles}
        kept = _with_lead(blocks.all, anchored, leads)
        return _lines(
            block for block in kept if block.element.tag != "h1" and letters(block.text) not in names
        )
    if dense_words >= _LEAST_WORDS:
        return _lines(dense)
    links = {letters(block.text) for block in blocks.all if block.linked > _LINKED}
    return [line for line in found.split("\n") if letters(line) not in links]


def _lines(blocks: Iterable[Block]) -> list[str]:
    """The blocks' texts; the cells of a table's row are one line."""
    rows = groupby(blocks, lambda b: b.element.getparent() if b.element.tag in _CELLS else id(b))
    return [" ".join(block.text for block in row) for _, row in rows]


def _by_density(blocks: Blocks) -> list[Block]:
    """The prose-holding part of the page, from its first long paragraph on."""
    shown = blocks.without_furniture(blocks.prose(), FURNITURE_HOLDS)
    prose = [block for block in shown if block.is_prose]
    if not prose:
        return []
    element = _holder(prose, _HELD_BY_DENSITY, _density)
    inside = _within(shown, element)
    openings = (n for n, b in enumerate(inside) if b.is_prose and b.words >= _OPENING_WORDS)
    first = next(openings, 0)
    return _without_last_headings([block for block in inside[first:] if block.linked <= _LINKED])


def _by_anchors(blocks: Blocks, found: str, words: int) -> list[Block] | None:
    """The blocks where trafilatura's paragraphs stand, and those like them; None where they are not found."""
    text = letters(found)[:_KEY_MAX]
    hits = [block for block in blocks.all if len(key := letters(block.text)) > 3 and key in text]
    shown = blocks.without_furniture([block for block in hits if block.is_prose], FURNITURE_HOLDS)
    known = {id(block) for block in hits}
    hits = [block for block in shown if id(block) in known]
    anchors = [block for block in hits if block.is_prose]
    if not anchors or sum(b.words for b in hits if b.linked < _LINKED) < _FOUND * words:
        return None
    article = _Article(_holder(anchors, _HELD, _words), anchors, known)
    return _without_last_headings(article.pick(shown))


@dataclass(slots=True)
class _Article:
    """The element that holds the anchors, and how blocks of the article are marked up there."""

    element: HtmlElement
    anchors: list[Block]
    hits: set[int]
    parents: set[HtmlElement | None] = field(init=False)
    signatures: set[Signature] = field(init=False)

    def __post_init__(self) -> None:
        self.anchors = _within(self.anchors, self.element)
        self.parents = {block.element.getparent() for block in self.anchors}
        self.signatures = {_signature(block) for block in self.anchors}

    def pick(self, shown: list[Block]) -> list[Block]:
        inside = _within(shown, self.element)
        places = {id(block): place for place, block in enumerate(inside)}
        first, last = places[id(self.anchors[0])], places[id(self.anchors[-1])]
        while first > 0 and self._opens(inside[first - 1]):
            first -= 1
        return [
            block
            for place, block in enumerate(inside[first:], first)
            if block.linked <= _LINKED
            and (id(block) in self.hits or (self._is_alike(block) and (place < last or _continues(block))))
        ]

    def _opens(self, block: Block) -> bool:
        """Whether a paragraph before the first long one is the article's: a short sentence, not a date or a name."""
        return (
            id(block) in self.hits
            and block.element.tag == "p"
            and block.words >= _SHORT_WORDS
            and (_signature(block) in self.signatures)
        )

    def _is_alike(self, block: Block) -> bool:
        """Whether a block that trafilatura left out is marked up as those it took."""
        tag, is_like = block.element.tag, _signature(block) in self.signatures
        if tag not in _PARAGRAPHS and not (is_like and block.element.get("class")):
            return False
        return is_like or tag in _CELLS or block.element.getparent() in self.parents


def _continues(block: Block) -> bool:
    return block.element.tag in ("p", "li") and block.is_prose


def _with_lead(blocks: list[Block], article: list[Block], leads: Iterable[str]) -> list[Block]:
    """The article, after the paragraph above it that the page describes itself with."""
    keys = [key[:_LEAD_KEY] for lead in leads if len(key := letters(lead)) >= _LEAD_KEY // 2]
    taken = {id(block) for block in article}
    for block in blocks:
        if id(block) in taken:
            break
        if block.is_prose and any(key in letters(block.text) for key in keys):
            return [block, *article]
    return article


def _holder(blocks: list[Block], share: float, weigh: Weigh) -> HtmlElement:
    """The innermost element that holds this share of the blocks' weight, step by step from the outermost."""
    weights: dict[HtmlElement, float] = defaultdict(float)
    children: dict[HtmlElement, set[HtmlElement]] = {}
    element = blocks[0].element
    for block in blocks:
        inner = None
        for outer in block.ancestors():
            weights[outer] += weigh(block)
            if inner is not None:
                children.setdefault(outer, set()).add(inner)
            element = inner = outer
    while element in children:
        heaviest = max(children[element], key=lambda child: weights[child])
        if weights[heaviest] < share * weights[element]:
            break
        element = heaviest
    return element


def _words(block: Block) -> float:
    return block.words


def _density(block: Block) -> float:
    return block.words if block.element.tag in _DENSE else block.words / 2


def _within(blocks: list[Block], element: HtmlElement) -> list[Block]:
    elements = set(element.iter())
    return [block for block in blocks if block.element in elements]


def _without_last_headings(blocks: list[Block]) -> list[Block]:
    while blocks and blocks[-1].is_heading:
        blocks = blocks[:-1]
    return blocks


def _signature(block: Block) -> Signature:
    parent = block.element.getparent()
    own = (block.element.tag, block.element.get("class"))
    return own if parent is None else (*own, parent.tag, parent.get("class"))
