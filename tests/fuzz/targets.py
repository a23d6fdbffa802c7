"""What strangers send, each with what must hold whatever they send: no other exception, and these laws."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from fuzz.corpus import (
    ADDRESSES,
    ATOM,
    EVENTS,
    JSON_FEED,
    PAGE,
    PUSHED,
    RDF,
    RICH,
    RSS,
    SITEMAP,
    URL,
    WITHDRAWN,
    WRITTEN,
)
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
