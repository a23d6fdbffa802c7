"""A page into an article: text by trafilatura, facts by JSON-LD, meta elements and what readers see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import reduce
from itertools import chain
from urllib.parse import urljoin

from lxml.html import HtmlElement
from trafilatura.metadata import extract_author

from warta_ingest.extraction.authors import first_people, person_names
from warta_ingest.extraction.blocks import Blocks, text_blocks
from warta_ingest.extraction.body import article_body
from warta_ingest.extraction.day import guessed_day
from warta_ingest.extraction.facts import Facts
from warta_ingest.extraction.json_ld import json_ld_facts
from warta_ingest.extraction.meta import canonical_link, language, meta_facts
from warta_ingest.extraction.next_pages import next_pages
from warta_ingest.extraction.page import ExtractedPage
from warta_ingest.extraction.titles import host_names, without_site
from warta_ingest.extraction.tree import page_tree
from warta_ingest.extraction.visible import element_facts, headline, written_facts
from warta_ingest.text.charset import decode_text
from warta_ingest.text.plain import one_line, plain, word_count
from warta_shared.events.fields import NAME_MAX, SUMMARY_MAX, TITLE_MAX, URL_MAX

SECTIONS_MAX = 50
LANGUAGE_MAX = 35
_EDITOR = re.compile(r"editor\s?:\s?(.{2,60})", re.IGNORECASE)


def extract_page(
    html: bytes, url: str, content_type: str | None = None, country: str | None = None
) -> ExtractedPage:
    """The article of the page at `url`; raises NoText. `country` gives times without a zone their zone."""
    tree = page_tree(decode_text(html, content_type))
    places = _facts(tree, country)
    facts = reduce(Facts.completed_by, places)
    own_address, tag = _link(url, canonical_link(tree)), one_line(language(tree), LANGUAGE_MAX)
    seen = one_line(headline(tree), TITLE_MAX)
    title = without_site(plain(facts.title, TITLE_MAX), seen, facts.sites, url)
    published = facts.published or guessed_day(tree, url, country)
    others = next_pages(tree, url)
    blocks = text_blocks(tree)
    authors = _authors(places, blocks, tree, url)
    body = article_body(tree, blocks, title, facts)
    return ExtractedPage(
        title=title or body.split("\n")[0][:TITLE_MAX],
        body=body,
        word_count=word_count(body),
        summary=_summary(facts, title),
        authors=authors,
        published_at=published.at if published else None,
        published_source=published.source if published else None,
        published_exact=published is None or published.exact,
        modified_at=facts.modified.at if facts.modified else None,
        image_url=_link(url, facts.image_url),
        sections=_sections(facts),
        canonical_link=own_address,
        language=tag or None,
        next_pages=others,
    )


def _facts(tree: HtmlElement, country: str | None) -> list[Facts]:
    """What each place of the page says, the best place first; running text only where no hour is known."""
    places = [place(tree, country) for place in (json_ld_facts, meta_facts, element_facts)]
    if not any(place.published and place.published.exact for place in places):
        places.append(written_facts(tree, country))
    return places


def _authors(places: list[Facts], blocks: Blocks, tree: HtmlElement, url: str) -> tuple[str, ...]:
    """Who wrote it. Indonesian outlets tell machines the name of the editor, whom readers see as such."""
    editors = (editor for place in places for editor in place.editors)
    seen = (match[1] for block in blocks.all if (match := _EDITOR.fullmatch(block.text)))
    sites = (site for place in places for site in place.sites)
    others = (*person_names((*editors, *seen)), *sites, *host_names(url))
    said = (place.authors for place in places)
    return tuple(first_people(chain(said, _guessed_authors(tree)), others))


def _guessed_authors(tree: HtmlElement) -> Iterator[list[str]]:
    """trafilatura's guess from the markup of bylines; made only when asked for, since it takes its time."""
    try:
        author = extract_author(tree)
    except RecursionError:
        return
    if author:
        yield [author]


def _summary(facts: Facts, title: str) -> str | None:
    summary = plain(facts.summary, SUMMARY_MAX)
    return summary if summary and summary != title else None


def _sections(facts: Facts) -> tuple[str, ...]:
    names = dict.fromkeys(plain(section, NAME_MAX) for section in facts.sections[:SECTIONS_MAX])
    return tuple(name for name in names if name)


def _link(base: str, target: str | None) -> str | None:
    """Absolute, http or https, within bounds."""
    try:
        link = urljoin(base, (target or "").strip()) if target else ""
    except ValueError:
        return None
    is_web = link.startswith(("http://", "https://")) and len(link) <= URL_MAX
    return link if is_web and link == one_line(link, URL_MAX) and " " not in link else None
