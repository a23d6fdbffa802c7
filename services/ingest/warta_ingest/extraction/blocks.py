"""The text of a page as its readers see it: runs of text between the edges of blocks, in their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.etree import Comment, ProcessingInstruction, iterwalk, strip_elements
from lxml.html import HtmlElement

from warta_ingest.extraction.furniture import NEVER_TEXT, is_furniture
from warta_ingest.text.plain import word_count

BLOCKS_MAX = 10_000
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font",
    "i", "ins", "kbd", "label", "mark", "nobr", "q", "rb", "rp", "rt", "rtc", "ruby", "s", "samp", "small",
    "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
})  # fmt: skip
_PROSE_WORDS = 8
_LINKS_IN_PROSE = 0.4


@dataclass(slots=True)
class Block:
    """Text without a break.

    `element` is the block element around it, `furniture` those of its ancestors that look like furniture of
    the page, the outermost first; `linked` is the share of its characters in links. `is_prose`: running text,
    that is some words, few of them links, and no headline.
    """

    text: str
    element: HtmlElement
    furniture: tuple[HtmlElement, ...]
    linked: float
    words: int = field(init=False)
    is_prose: bool = field(init=False)

    def __post_init__(self) -> None:
        self.words = word_count(self.text)
        self.is_prose = self.words >= _PROSE_WORDS and self.linked < _LINKS_IN_PROSE and not self.is_heading

    @property
    def is_heading(self) -> bool:
        """Whether it is a headline of some level."""
        return self.element.tag in _HEADINGS

    def ancestors(self) -> Iterator[HtmlElement]:
        """The block element and all around it, the innermost first."""
        yield self.element
        yield from self.element.iterancestors()


@dataclass(slots=True)
class Blocks:
    """The blocks of a page in their order, and the elements that look like its furniture."""

    all: list[Block] = field(default_factory=list)
    furniture: list[HtmlElement] = field(default_factory=list)

    def prose(self) -> list[Block]:
        """The running text of the whole page."""
        return [block for block in self.all if block.is_prose]

    def without_furniture(self, article: list[Block], share: float) -> list[Block]:
        """The blocks outside of furniture; what holds a share of the article's words is none, whatever its name."""
        kept = self._holding(article, share)
        return [block for block in self.all if all(element in kept for element in block.furniture)]

    def furniture_without(self, article: list[Block], share: float) -> list[HtmlElement]:
        """The furniture that holds less than a share of the article's words."""
        kept = self._holding(article, share)
        return [element for element in self.furniture if element not in kept]

    def _holding(self, article: list[Block], share: float) -> set[HtmlElement]:
        total = sum(block.words for block in article)
        held: Counter[HtmlElement] = Counter()
        for block in article:
            for element in block.furniture:
                held[element] += block.words
        return {element for element, words in held.items() if words >= share * total}


def text_blocks(tree: HtmlElement) -> Blocks:
    """The blocks of the page, at most BLOCKS_MAX; the tree loses its scripts and all that is never text."""
    strip_elements(tree, *NEVER_TEXT, Comment, ProcessingInstruction, with_tail=False)
    body = tree.find("body")
    root = body if body is not None else tree
    run = _Run(root)
    for event, element in iterwalk(root, events=("start", "end")):
        if event == "start":
            run.enter(element)
        else:
            run.leave(element)
        if len(run.found.all) >= BLOCKS_MAX:
            break
    return run.found


class _Run:
    """Collects text until a block begins or ends. Most of the time of reading a page is spent here."""

    def __init__(self, root: HtmlElement) -> None:
        self.found = Blocks()
        self._root = root
        # The block around the text, that block's furniture, and whether the text is a link.
        self._places: list[tuple[HtmlElement, tuple[HtmlElement, ...], bool]] = [(root, (), False)]
        self._pieces: list[str] = []
        self._linked = 0

    def enter(self, element: HtmlElement) -> None:
        block, furniture, in_link = self._places[-1]
        if element.tag in _INLINE:
            in_link = in_link or element.tag == "a"
        else:
            self._end()
            block = element
            if is_furniture(element):
                furniture = (*furniture, element)
                self.found.furniture.append(element)
        self._places.append((block, furniture, in_link))
        if text := element.text:
            self._take(text)

    def leave(self, element: HtmlElement) -> None:
        if element.tag not in _INLINE:
            self._end()
        self._places.pop()
        if (tail := element.tail) and element is not self._root:
            self._take(tail)

    def _take(self, text: str) -> None:
        self._pieces.append(text)
        if self._places[-1][2]:
            self._linked += len(text.strip())

    def _end(self) -> None:
        if not self._pieces:
            return
        text = " ".join("".join(self._pieces).split())
        if text:
            block, furniture, _ = self._places[-1]
            self.found.all.append(Block(text, block, furniture, self._linked / len(text)))
        self._pieces.clear()
        self._linked = 0
