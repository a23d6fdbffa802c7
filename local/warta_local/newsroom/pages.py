"""The HTML of the site: an article in its outlet's layout, with all that stands around it, and the index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from html import escape
from importlib.resources import files
from string import Template

from warta_local.newsroom.article import NewsArticle
from warta_local.newsroom.datelines import byline, dateline, updated_ago
from warta_local.newsroom.metadata import head_tags
from warta_local.newsroom.outlets import OUTLETS, Outlet

RELATED_MAX = 4
PADDING_BYTES = 4 * 1024 * 1024
_PADDING_CHUNK = b"<!-- " + b"rice " * 13_104 + b"-->\n"


def article_page(article: NewsArticle, related: Sequence[NewsArticle], base: str, fetches: int) -> bytes:
    """An article's page in its own encoding; `fetches` is how often the page was asked for, this one included."""
    outlet = OUTLETS[article.outlet]
    blocks = [f"<p>{escape(text, quote=False)}</p>" for text in article.paragraphs]
    if article.flips:
        blocks.insert(0, updated_ago(fetches))
    html = _template(outlet.template).substitute(
        _fields(article, base),
        charset=article.encoding,
        head=head_tags(article, base),
        body="\n".join(_with_asides(blocks, outlet, related)),
        related=_links(related),
    )
    return html.encode(article.encoding)


def amp_page(article: NewsArticle, base: str) -> bytes:
    """The AMP variant: the same text, another layout, the canonical link to the page itself."""
    body = "\n".join(f"<p>{escape(text, quote=False)}</p>" for text in article.paragraphs)
    fields = _fields(article, base)
    head = head_tags(article, base, amp=True)
    language = OUTLETS[article.outlet].language
    page = _template("amp.html").substitute(
        fields, head=head, body=body, canonical=base + article.path, language=language
    )
    return page.encode()


def gallery_page(article: NewsArticle, base: str) -> bytes:
    """A page of pictures with no article text."""
    return (
        _template("gallery.html").substitute(_fields(article, base), head=head_tags(article, base)).encode()
    )


def oversized_page(article: NewsArticle) -> Iterator[bytes]:
    """A page whose first 4 MiB are comments, in 64 KiB chunks; made as it is read, so that it costs nothing."""
    yield f"<!DOCTYPE html><html><head><title>{escape(article.title)}</title></head><body>".encode()
    for _ in range(PADDING_BYTES // len(_PADDING_CHUNK) + 1):
        yield _PADDING_CHUNK
    yield f"<article><p>{escape(article.summary)}</p></article></body></html>".encode()


def index_page(title: str, articles: Iterable[NewsArticle], feed_links: Iterable[tuple[str, str]]) -> bytes:
    """A list of articles; `feed_links` are (media type, path) for feed discovery."""
    feeds = [f'<link rel="alternate" type="{media}" href="{path}">' for media, path in feed_links]
    page = _template("index.html").substitute(
        title=escape(title), feeds="\n".join(feeds), articles=_links(articles)
    )
    return page.encode()


@cache
def _template(name: str) -> Template:
    return Template((files(__package__) / "templates" / name).read_text("utf-8"))


def _fields(article: NewsArticle, base: str) -> dict[str, str]:
    return {
        "title": escape(article.title),
        "section": escape(article.section),
        "byline": byline(article),
        "dateline": dateline(article),
        "image": escape(base + article.image_path),
    }


def _with_asides(blocks: list[str], outlet: Outlet, related: Sequence[NewsArticle]) -> Iterator[str]:
    """The text's blocks, interrupted after the second, third ... one by the outlet's asides."""
    asides = iter(outlet.asides)
    for number, block in enumerate(blocks, start=1):
        yield block
        if number > 1 and (aside := next(asides, None)):
            yield Template(aside).substitute(
                related_url=related[0].path, related_title=escape(related[0].title)
            )


def _links(articles: Iterable[NewsArticle]) -> str:
    return "\n".join(f'<li><a href="{one.path}">{escape(one.title)}</a></li>' for one in articles)
