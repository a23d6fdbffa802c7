"""The newsroom's articles: one Markdown file each, YAML front matter above plain paragraphs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

import yaml

EDIT_SUFFIX = ".v2"


class Outcome(StrEnum):
    """What fetching an article's page must end in; the site behaves accordingly."""

    PUBLISHED = "published"
    SERVER_ERROR = "server-error"
    NOT_FOUND = "not-found"
    GONE = "gone"
    NO_TEXT = "no-text"
    TOO_LARGE = "too-large"


class PageStyle(StrEnum):
    """Where a page states its date and authors to machines; people always see a byline.

    `meta-naive` gives local time without a zone, `text` only a dateline for people, `undated` nothing.
    """

    JSON_LD = "json-ld"
    META = "meta"
    META_NAIVE = "meta-naive"
    TIME = "time"
    TEXT = "text"
    UNDATED = "undated"


@dataclass(frozen=True, slots=True)
class NewsArticle:
    """One article as its file tells it; `published` and `updated` carry the outlet's zone.

    `contains` is a phrase of the text by which a test knows it again; `near_copy_of` is the slug of the
    article that this one repeats; `flips` says that the page shows another "updated N minutes ago" at
    every fetch; `amp` that feeds link to an AMP variant.
    """

    slug: str
    outlet: str
    section: str
    title: str
    authors: tuple[str, ...]
    published: datetime | None
    page: PageStyle
    paragraphs: tuple[str, ...]
    updated: datetime | None = None
    outcome: Outcome = Outcome.PUBLISHED
    contains: str = ""
    encoding: str = "utf-8"
    amp: bool = False
    flips: bool = False
    near_copy_of: str | None = None

    @property
    def path(self) -> str:
        """The canonical path; it holds no date, so that nobody can read one out of it."""
        return f"/{self.outlet}/{slugify(self.section)}/{self.slug}"

    @property
    def amp_path(self) -> str:
        """The path of the AMP variant (only where `amp` is set)."""
        return f"/{self.outlet}/amp/{self.slug}"

    @property
    def image_path(self) -> str:
        """The path of the lead picture."""
        return f"/img/{self.slug}.png"

    @property
    def summary(self) -> str:
        """What feeds say about it: the first paragraph."""
        return self.paragraphs[0]


def slugify(words: str) -> str:
    """`Pasar Modal` -> `pasar-modal`."""
    return words.lower().replace(" ", "-")


@cache
def load_articles() -> Mapping[str, NewsArticle]:
    """Every article in its first version, by slug, in the order of the slugs."""
    sources = [file for file in _sources() if EDIT_SUFFIX not in file.name]
    return MappingProxyType({_slug(file): _article(_slug(file), *_split(file)) for file in sources})


@cache
def load_edits() -> Mapping[str, NewsArticle]:
    """The second version of those articles that get edited, by slug."""
    first = load_articles()
    edits: dict[str, NewsArticle] = {}
    for file in _sources():
        if EDIT_SUFFIX in file.name:
            slug = _slug(file).removesuffix(EDIT_SUFFIX)
            front, paragraphs = _split(file)
            edits[slug] = replace(first[slug], paragraphs=paragraphs, **front)
    return MappingProxyType(edits)


def _sources() -> list[Traversable]:
    folder = files(__package__) / "articles"
    return sorted((file for file in folder.iterdir() if file.name.endswith(".md")), key=lambda f: f.name)


def _slug(file: Traversable) -> str:
    return file.name.removesuffix(".md")


def _split(file: Traversable) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Front matter and paragraphs of a file."""
    _, front, text = file.read_text("utf-8").split("---\n", 2)
    return yaml.safe_load(front), tuple(part.strip() for part in text.split("\n\n") if part.strip())


def _article(slug: str, front: dict[str, Any], paragraphs: tuple[str, ...]) -> NewsArticle:
    """An article from its file's parts; an unknown word in the front matter is a TypeError."""
    words = front | {
        "authors": tuple(front["authors"]),
        "page": PageStyle(front["page"]),
        "outcome": Outcome(front.get("outcome", Outcome.PUBLISHED)),
    }
    return NewsArticle(slug=slug, paragraphs=paragraphs, **words)
