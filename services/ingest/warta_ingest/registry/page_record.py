"""What the registry knows of a page: who named it, each fetch of it, and what came of that."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from warta_ingest.registry.address import packed_address, unpacked_address
from warta_shared.registry.packing import Reader, Writer

FETCHES_KEPT = 8
FEEDS_KEPT = 100
DETAIL_MAX = 300
MARK_BYTES = 4
OUTCOMES = ("done", "retry", "dead", "publish")
# The commonest reasons, which take no byte of their own. Part of the format: append only, up to 63.
REASONS = (
    "published", "unchanged", "superseded", "withdrawn", "revision-capped", "invalid-article", "no-text",
    "robots", "robots-unreachable", "too-large", "unsupported-type", "bad-url", "private-address", "timeout",
    "connect", "connection-lost", "dns", "tls", "host-busy", "http-403", "http-404", "http-410", "http-429",
    "http-500", "http-502", "http-503",
)  # fmt: skip
_OTHER = 63
# An article under the page's own id, or under another one that follows.
_OWN, _ANOTHER = 1, 2


@dataclass(frozen=True, slots=True)
class Fetch:
    """One try at a page: `at` in seconds since 1970; the outcome's word and its reason, as in logs and metrics."""

    at: int
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class PageRecord:
    """`feeds`: by feed_mark, a fingerprint of what the feed said of the page. `fetches`: the last ones, oldest first.

    `detail`, for people, and `article`, the id that it led to ('' for none), are of the last fetch.
    """

    address: bytes = b""
    feeds: Mapping[bytes, bytes] = field(default_factory=dict)
    fetches: tuple[Fetch, ...] = ()
    detail: str = ""
    article: str = ""

    @property
    def url(self) -> str:
        """The page's; '' when what was stored is none."""
        try:
            return unpacked_address(self.address)
        except ValueError:
            return ""

    def at(self, url: str) -> PageRecord:
        """With its address in another spelling, which is the same page."""
        return replace(self, address=packed_address(url))

    def named(self, feed: str, said: bytes) -> PageRecord:
        """After a feed has named it; of very many feeds the last ones are remembered."""
        others = {mark: old for mark, old in self.feeds.items() if mark != feed_mark(feed)}
        kept = dict(list(others.items())[-(FEEDS_KEPT - 1) :])
        return replace(self, feeds=kept | {feed_mark(feed): said})

    def unnamed(self, feed: str) -> PageRecord:
        """As if the feed had never named it: its next poll finds the page again."""
        return replace(
            self, feeds={mark: said for mark, said in self.feeds.items() if mark != feed_mark(feed)}
        )

    def said_by(self, feed: str) -> bytes | None:
        """The fingerprint of what the feed said last, None when it never named the page."""
        return self.feeds.get(feed_mark(feed))

    def fetched(self, fetch: Fetch, detail: str, article: str) -> PageRecord:
        """After one more try; of the same failure many times over the last one is kept."""
        before = self.fetches
        if before and before[-1].outcome == "retry" and _same(before[-1], fetch):
            before = before[:-1]
        kept = (*before, fetch)[-FETCHES_KEPT:]
        return replace(self, fetches=kept, detail=detail[:DETAIL_MAX], article=article)

    def write(self, to: Writer, own_id: str) -> None:
        """`own_id`: the page's; the article's is written only where it is another."""
        led = _OWN if self.article == own_id else _ANOTHER if self.article else 0
        to.number(led << 4 | len(self.fetches), 1)
        to.number(len(self.feeds), 1)
        for mark, said in self.feeds.items():
            to.raw(mark + said)
        for fetch in self.fetches:
            _write_fetch(fetch, to)
        if led == _ANOTHER:
            to.sized(self.article.encode())
        to.sized(self.address)
        to.raw(self.detail.encode())

    @classmethod
    def read(cls, given: Reader, own_id: str) -> PageRecord:
        """The counterpart of `write`; raises ValueError."""
        head, feed_count = given.number(1), given.number(1)
        feeds = {given.raw(MARK_BYTES): given.raw(MARK_BYTES) for _ in range(feed_count)}
        fetches = tuple(_read_fetch(given) for _ in range(head & 0xF))
        led = head >> 4
        article = given.sized().decode() if led == _ANOTHER else own_id if led == _OWN else ""
        return cls(given.sized(), feeds, fetches, given.rest().decode(), article)


def feed_mark(feed: str) -> bytes:
    """Stands for a feed in records."""
    return zlib.crc32(feed.encode()).to_bytes(MARK_BYTES)


def _same(one: Fetch, other: Fetch) -> bool:
    return (one.outcome, one.reason) == (other.outcome, other.reason)


def _write_fetch(fetch: Fetch, to: Writer) -> None:
    reason = REASONS.index(fetch.reason) if fetch.reason in REASONS else _OTHER
    to.number(fetch.at, 4)
    to.number(OUTCOMES.index(fetch.outcome) << 6 | reason, 1)
    if reason == _OTHER:
        to.sized(fetch.reason.encode())


def _read_fetch(given: Reader) -> Fetch:
    at, packed = given.number(4), given.number(1)
    outcome, reason = OUTCOMES[packed >> 6], packed & 0x3F
    if reason == _OTHER:
        return Fetch(at, outcome, given.sized().decode())
    if reason >= len(REASONS):
        raise ValueError("a reason of a later release")
    return Fetch(at, outcome, REASONS[reason])
