"""A page into an article: text by trafilatura, facts by JSON-LD, meta elements and what readers see."""

from __future__ import annotations

from urllib.parse import urljoin

import lxml.html
import trafilatura
from lxml.etree import LxmlError
from lxml.html import HtmlElement

from warta_ingest.extraction.authors import person_names
from warta_ingest.extraction.facts import Facts
from warta_ingest.extraction.json_ld import json_ld_facts
from warta_ingest.extraction.line_filter import article_lines
from warta_ingest.extraction.meta import canonical_link, language, meta_facts, visible_facts
from warta_ingest.extraction.page import ExtractedPage, NoText
from warta_ingest.text.charset import decode_text
from warta_shared.events.fields import BODY_MAX, NAME_MAX, SUMMARY_MAX, TITLE_MAX, URL_MAX

LEAST_WORDS = 25
SECTIONS_MAX = 50


def extract_page(
    html: bytes, url: str, content_type: str | None = None, country: str | None = None
) -> ExtractedPage:
    """The article of the page at `url`; raises NoText. `country` gives times without a zone their zone."""
    text = decode_text(html, content_type)
    tree = _tree(text)
    facts = (
        json_ld_facts(tree, country)
        .completed_by(meta_facts(tree, country))
        .completed_by(visible_facts(tree, country))
    )
    title = _line(facts.title, TITLE_MAX)
    body = _body(text, url, title or "")
    return ExtractedPage(
        title=title or body.split("\n")[0][:TITLE_MAX],
        body=body,
        word_count=len(body.split()),
        summary=_summary(facts, title),
        authors=tuple(person_names(facts.authors)),
        published_at=facts.published.at if facts.published else None,
        published_source=facts.published.source if facts.published else None,
        modified_at=facts.modified.at if facts.modified else None,
        image_url=_link(url, facts.image_url),
        sections=tuple(name for s in facts.sections[:SECTIONS_MAX] if (name := _line(s, NAME_MAX))),
        canonical_link=_link(url, canonical_link(tree)),
        language=_line(language(tree), 35),
    )


def _tree(text: str) -> HtmlElement:
    try:
        tree = lxml.html.document_fromstring(text.encode(), parser=lxml.html.HTMLParser(encoding="utf-8"))
    except (LxmlError, ValueError) as error:
        raise NoText("no HTML") from error
    return tree


def _body(text: str, url: str, title: str) -> str:
    found = trafilatura.bare_extraction(
        text, url=url, include_comments=False, include_tables=False, with_metadata=False, favor_precision=True
    )
    lines = article_lines((getattr(found, "text", None) or ""), title)
    body = "\n".join(lines)[:BODY_MAX].strip()
    if len(body.split()) < LEAST_WORDS:
        raise NoText(f"{len(body.split())} words")
    return body


def _summary(facts: Facts, title: str | None) -> str | None:
    summary = _line(facts.summary, SUMMARY_MAX)
    return summary if summary != title else None


def _line(text: str | None, most: int) -> str | None:
    return " ".join((text or "").split())[:most].strip() or None


def _link(base: str, target: str | None) -> str | None:
    """Absolute, http or https, within bounds."""
    try:
        link = urljoin(base, (target or "").strip()) if target else ""
    except ValueError:
        return None
    fits = (
        link.startswith(("http://", "https://"))
        and len(link) <= URL_MAX
        and not any(c.isspace() for c in link)
    )
    return link if fits else None
