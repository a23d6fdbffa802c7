"""robots.txt (RFC 9309): fetched once a day for a host, kept in Redis for all replicas."""

from __future__ import annotations

import codecs
import logging
import zlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import orjson
from protego import Protego

from warta_ingest.fetcher import Fetcher, FetchError
from warta_shared.delivery.client import Redis
from warta_shared.delivery.names import key

log = logging.getLogger(__name__)

# RFC 9309, 2.5: at least 500 KiB are to be read.
BYTES_MAX = 500 * 1024
DAY_MS = 86_400_000
# 2.3.1.4: unreachable means all is forbidden; after 30 days it may pass for there being none.
UNREACHABLE_MS, GIVEN_UP_MS = 600_000, 30 * DAY_MS
KEPT_MS = 31 * DAY_MS
PARSED_MAX = 500
ACCEPT = "text/plain, */*;q=0.5"


@dataclass(frozen=True, slots=True)
class Known:
    """A robots.txt as Redis holds it; instants in ms since 1970.

    `fetched`: when it was last asked for; `text`: None when there is none (all is allowed); `unreachable`: since
    when it cannot be had, 0 when it can. With an older text it is that one that holds meanwhile.
    """

    fetched: int
    text: str | None = None
    unreachable: int = 0


@dataclass(frozen=True, slots=True)
class Permission:
    """Whether a page may be fetched; `delay`: the seconds between requests that the site asks for."""

    allowed: bool
    reason: str = ""
    delay: float = 0.0
    asked: bool = False


@dataclass(slots=True)
class Robots:
    """`agent`: our product token; `clock` gives ms since 1970."""

    redis: Callable[[], Redis]
    fetcher: Fetcher
    agent: str
    clock: Callable[[], int]
    _parsed: OrderedDict[tuple[str, int], Protego] = field(default_factory=OrderedDict)

    async def permission(self, url: str) -> Permission:
        """Look up the rules of the host, asking it for them when they are not known or old."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        known, now = await self._known(origin), self.clock()
        asked = known is None or now - known.fetched > (UNREACHABLE_MS if known.unreachable else DAY_MS)
        if known is None or asked:
            known = await self._ask(origin, known)
        return self._judge(origin, known, url, now, asked=asked)

    def _judge(self, origin: str, known: Known, url: str, now: int, *, asked: bool) -> Permission:
        if known.text is None:
            forbidden = known.unreachable and now - known.unreachable < GIVEN_UP_MS
            return Permission(not forbidden, "robots-unreachable" if forbidden else "", asked=asked)
        rules = self._rules(origin, known)
        delay = float(rules.crawl_delay(self.agent) or 0.0)
        allowed = bool(rules.can_fetch(url, self.agent))
        return Permission(allowed, "" if allowed else "robots", delay, asked)

    def _rules(self, origin: str, known: Known) -> Protego:
        name = (origin, known.fetched)
        if name not in self._parsed:
            self._parsed[name] = Protego.parse(known.text or "")
            if len(self._parsed) > PARSED_MAX:
                self._parsed.popitem(last=False)
        return self._parsed[name]

    async def _ask(self, origin: str, before: Known | None) -> Known:
        now = self.clock()
        try:
            fetched = await self.fetcher.fetch(f"{origin}/robots.txt", byte_cap=4 * BYTES_MAX, accept=ACCEPT)
            known = Known(now, _text(fetched.body))
        except FetchError as error:
            known = _failed(error, before, now)
            log.info("robots-not-had", extra={"origin": origin[:300], "reason": error.reason})
        await self.redis().set(_key(origin), _packed(known), px=KEPT_MS)
        return known

    async def _known(self, origin: str) -> Known | None:
        raw = await self.redis().get(_key(origin))
        try:
            return Known(**orjson.loads(zlib.decompress(raw))) if raw else None
        except (zlib.error, TypeError, ValueError):
            return None


def _failed(error: FetchError, before: Known | None, now: int) -> Known:
    """4xx and what cannot be one: there is none. 5xx and no answer: what was known holds, else all is forbidden."""
    unreachable = error.retryable and (error.status is None or error.status >= 500 or error.status == 429)
    if not unreachable:
        return Known(now)
    since = (before.unreachable if before else 0) or now
    text = before.text if before and now - since < GIVEN_UP_MS else None
    return Known(now, text, since)


def _text(body: bytes) -> str:
    return body.removeprefix(codecs.BOM_UTF8)[:BYTES_MAX].decode("utf-8", "replace")


def _packed(known: Known) -> bytes:
    return zlib.compress(orjson.dumps(known))


def _key(origin: str) -> str:
    return key("host-robots", None, origin)
