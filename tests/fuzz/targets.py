"""What strangers send, each with what must hold whatever they send: no other exception, and these laws."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from builders import raw_article
from enriched_articles import enriched_article, maximal_article
from tiny_site import page, rss
from warta_index.document import build_document
from warta_index.query import search_request
from warta_index.written_query import QueryError, read_query
from warta_ingest.draft import Draft
from warta_ingest.extraction import NoText, extract_page
from warta_ingest.feeds.parsing import NotAFeed, parse_feed
from warta_ingest.push.body import JSON, items
from warta_ingest.push.keys import Holder
from warta_ingest.push.problem import Problem
from warta_ingest.push.results import draft_or_refusal
from warta_ingest.sameness import BadUrlError, article_id, canonical_url
from warta_shared.events import EnrichedArticle, Entry, InvalidMessage, RawArticle, decode_event
from warta_shared.events.article_id import is_id

URL = "https://kabar.example/ekonomi/harga-beras"
NOW = datetime(2025, 6, 2, 12, 0, tzinfo=UTC)
HOLDER = Holder("fuzz", "fuzz")


@dataclass(frozen=True)
class Target:
    """`corpus`: well formed; `words`: of the format; `check` fails, or raises what it should not, for a finding."""

    name: str
    corpus: Sequence[bytes]
    words: Sequence[bytes]
    check: Callable[[bytes], None]


def _clean(text: str) -> None:
    """What JSON, Redis and Elasticsearch can hold."""
    text.encode()
    assert "\x00" not in text, text[:200]


def feed(body: bytes) -> None:
    """A feed, a sitemap, or NotAFeed."""
    with suppress(NotAFeed):
        found = parse_feed(body, URL, None, "ID")
        assert len(found.entries) <= 2_000
        for entry in found.entries:
            for text in (entry.link, entry.image_url, entry.title, entry.summary, *entry.authors):
                _clean(text or "")


def extraction(body: bytes) -> None:
    """A page's article, or NoText."""
    with suppress(NoText):
        found = extract_page(body, URL, None, "ID")
        for text in (found.title, found.body, found.summary or "", *found.authors, *found.sections):
            _clean(text)
        assert found.body.strip()


def canonical(body: bytes) -> None:
    """One spelling, which is its own spelling, and an id."""
    with suppress(BadUrlError):
        spelled = canonical_url(body.decode("utf-8", "surrogateescape"))
        assert canonical_url(spelled) == spelled, spelled
        assert is_id(article_id(spelled))
        _clean(spelled)


def event(body: bytes) -> None:
    """An entry's body as each stage decodes it; a document is one line of JSON."""
    for model in (RawArticle, EnrichedArticle):
        with suppress(InvalidMessage):
            decoded = decode_event(Entry.from_fields(_fields(body)), model)
            assert model.model_validate_json(decoded.model_dump_json()) == decoded
    with suppress(InvalidMessage):
        document = build_document(Entry.from_fields(_fields(body)), NOW)
        assert b"\n" not in document.body
        assert isinstance(json.loads(document.body), dict)


def _fields(body: bytes) -> dict[bytes, bytes]:
    return {b"v": b"1", b"id": b"abcdefghijklmnopqrstuvwxyz", b"observed_at": b"", b"body": body}


def query(body: bytes) -> None:
    """A question that becomes a request, or QueryError."""
    with suppress(QueryError):
        written = body.decode("utf-8", "surrogateescape")
        question = read_query(written, NOW)
        assert question == read_query(written, NOW)
        json.dumps(search_request(question))


def push(body: bytes) -> None:
    """Articles and refusals that can be told as JSON, or a Problem."""
    for kind in (JSON, "application/x-ndjson"):
        with suppress(Problem):
            for item in items(body, kind, 1_000):
                found = draft_or_refusal(item, HOLDER)
                if isinstance(found, Draft):
                    assert is_id(found.id)
                    assert len(found.content_hash) == 32
                    found.article(revision=1, observed_at=1, first_seen_at=NOW).model_dump_json()
                else:
                    json.dumps(found).encode()


RSS = rss((URL, "Harga &amp; beras"), (f"{URL}-2", "Cabai"), ttl=15).encode()
ATOM = (
    b'<feed xmlns="http://www.w3.org/2005/Atom"><title>Post</title><entry><id>tag:1</id><title type="html">Rates '
    b'&lt;i&gt;hold&lt;/i&gt;</title><link rel="alternate" href="https://post.example/rates"/>'
    b"<updated>2025-06-02T09:30:00+07:00</updated><author><name>Clara</name></author><category term='Policy'/>"
    b'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Held.</p></div></content></entry></feed>'
)
RDF = (
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><item '
    b'rdf:about="https://a.example/1"><title>One</title><link>https://a.example/1</link></item></rdf:RDF>'
)
SITEMAP = (
    b'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>'
    b"https://kabar.example/a</loc><lastmod>2025-06-02</lastmod></url></urlset>"
)
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "K",
        "items": [
            {
                "id": "1",
                "url": URL,
                "title": "T",
                "content_html": "<p>x</p>",
                "date_published": "2025-06-02T07:00:00Z",
            }
        ],
    }
).encode()
LD = json.dumps(
    {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "NewsArticle",
                "headline": "H",
                "datePublished": "2025-06-02T07:00:00+07:00",
                "author": [{"@type": "Person", "name": "Ratna"}],
                "articleBody": "Teks. " * 60,
            }
        ],
    }
)
PAGE = page("Harga beras").encode()
RICH = PAGE.replace(
    b"<body>",
    b'<script type="application/ld+json">'
    + LD.encode()
    + b"</script><body><nav><a href='/'>Beranda</a></nav>"
    b"<table><tr><td>Beras</td><td>Rp12.000</td></tr></table><time datetime='2025-06-02T08:00'>Senin, 2 Juni 2025"
    b" 08:00 WIB</time><p>Editor: Budi Santoso</p><div class='author'>Oleh Ratna</div>",
)
PUSHED = {
    "url": URL,
    "title": "T",
    "body": "Satu.\nDua.",
    "source": {"id": "GALERT", "country": "ID"},
    "published_at": "2025-06-02T09:00:00+07:00",
    "authors": ["Ratna"],
    "topics": ["04000000"],
    "extensions": {"desk": "pasar", "page": 3},
    "language": "id",
}
WITHDRAWN = {"external_id": "1", "status": "withdrawn"}
EVENTS = (raw_article(), enriched_article(), maximal_article())
ADDRESSES = (
    "https://User:pw@News.Example:443/a/../b;jsessionid=1?utm_source=x&b=2&a=1#top",
    "http://[2001:db8::1]:8080/%7euser/?q=%E2%82%AC&&a",
    "https://xn--bcher-kva.example/büch er?x=ä%",
    "HTTP://müller.example./a%2Fb?fbclid=1&page=2",
)
WRITTEN = (
    'kredit "suku bunga" -pajak source:KABAR topic:economy entity:"Bank Indonesia" lang:id since:7d -source:GALERT',
    "a|b begin* (c d) until:2025-06-02T08:00Z status:all",
)

TARGETS = {
    target.name: target
    for target in (
        Target(
            "feed",
            (RSS, ATOM, RDF, SITEMAP, JSON_FEED),
            (b"<item>", b"</item>", b"<link>", b"&lt;", b"xmlns="),
            feed,
        ),
        Target(
            "page",
            (PAGE, RICH),
            (b"<p>", b"</article>", b"<script>", b"<meta ", b"datetime=", b"<table>"),
            extraction,
        ),
        Target(
            "canonical",
            [one.encode() for one in ADDRESSES],
            (b"https://", b"@", b":", b"?", b"#", b";", b"utm_", b"[", b"%2e"),
            canonical,
        ),
        Target(
            "event",
            [one.model_dump_json().encode() for one in EVENTS],
            (b'"id":', b'"observed_at":', b'"extensions":', b'"source":', b"1764000000000"),
            event,
        ),
        Target(
            "query",
            [one.encode() for one in WRITTEN],
            (b"source:", b"since:", b"-", b'"', b"|", b"lang:", b"9d", b"99999w"),
            query,
        ),
        Target(
            "push",
            [json.dumps(one).encode() for one in (PUSHED, [PUSHED, PUSHED | WITHDRAWN])],
            (b'"url":', b'"external_id":', b'"title":', b'"source":', b'"status":"withdrawn"', b"https://"),
            push,
        ),
    )
}
