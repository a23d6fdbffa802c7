"""The guarded HTTP client that every feed and page comes through."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Self, cast

import httpx

from warta_ingest.fetcher import response_headers
from warta_ingest.fetcher.addresses import AddressPolicy
from warta_ingest.fetcher.decoding import check_encoding, read_body
from warta_ingest.fetcher.errors import FetchError, status_error
from warta_ingest.fetcher.fetched import Fetched, Hop
from warta_ingest.fetcher.network import HTTP_FAILURES, GuardedBackend, Resolver, SystemResolver, failure_of
from warta_ingest.fetcher.options import FetcherOptions, build_transport
from warta_ingest.fetcher.web_address import redirect_target, same_origin, web_address
from warta_shared.telemetry import metrics

PAGE_BYTES = 3_000_000
FEED_BYTES = 10_000_000
PAGE_ACCEPT = "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.5"
FEED_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.5"
)
_DRAIN_BYTES = 65_536
_DRAIN_SECONDS = 2.0
_PARTIAL = 206  # never asked for
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_OURS = frozenset(
    {"host", "accept-encoding", "connection", "content-length", "transfer-encoding", "upgrade", "te"}
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One fetch: where it stands between redirects."""

    url: str
    address: httpx.URL
    headers: Mapping[str, str]
    private_headers: Mapping[str, str]
    conditional: bool
    byte_cap: int
    stepwise: bool = False
    seconds: float = 0.0
    hops: tuple[Hop, ...] = ()


class Redirected(Exception):
    """The answer leads to `target`; `Fetcher.follow` goes there."""

    def __init__(self, asked: _Asked) -> None:
        super().__init__(str(asked.address))
        self.asked = asked

    @property
    def target(self) -> str:
        """The next address, checked."""
        return str(self.asked.address)


class Fetcher:
    """Fetches URLs of strangers; an async context manager. No cookies, no proxies, nothing of the environment."""

    def __init__(
        self,
        options: FetcherOptions,
        *,
        resolver: Resolver | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._options = options
        self._timeouts = httpx.Timeout(
            options.read_timeout, connect=options.connect_timeout, pool=None
        ).as_dict()
        self._turns = asyncio.Semaphore(options.fetches)
        self._now = now
        self._resolver = resolver or SystemResolver()
        network = GuardedBackend(AddressPolicy.allowing(options.allow), self._resolver)
        # The transport alone: a client on top of it would follow, log and remember things of its own.
        self._transport = build_transport(options, network)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        await self._transport.aclose()
        self._resolver.close()

    async def fetch(
        self,
        url: str,
        *,
        byte_cap: int,
        accept: str,
        etag: str | None = None,
        last_modified: str | None = None,
        headers: Mapping[str, str] | None = None,
        stepwise: bool = False,
    ) -> Fetched:
        """GET a URL, redirects followed (`stepwise`: raised as Redirected instead); raises FetchError.

        `etag` and `last_modified` make it conditional: the answer may then be `not_modified`. `headers` are
        the operator's own for this URL; they are not sent to another origin that a redirect leads to.
        """
        asked = _Asked(
            url=url,
            address=web_address(url, self._options.ports),
            headers={
                "user-agent": self._options.user_agent,
                "accept": accept,
                "accept-encoding": "gzip",
                **_conditions(etag, last_modified),
            },
            private_headers={k: v for k, v in (headers or {}).items() if k.lower() not in _OURS},
            conditional=bool(etag or last_modified),
            byte_cap=byte_cap,
            stepwise=stepwise,
        )
        return await self._in_time(asked)

    async def follow(self, redirected: Redirected) -> Fetched:
        """Go one step on, within what is left of the fetch's time; raises Redirected and FetchError."""
        return await self._in_time(redirected.asked)

    async def _in_time(self, asked: _Asked) -> Fetched:
        """Counted by how it ended; a step of a redirect is not the end."""
        began = time.monotonic()
        try:
            answer = await self._within_deadline(asked)
        except FetchError as error:
            _count(error.reason, asked, began)
            raise
        _count("not-modified" if answer.not_modified else "ok", asked, began)
        return answer

    async def _within_deadline(self, asked: _Asked) -> Fetched:
        try:
            async with self._turns, asyncio.timeout(self._options.deadline - asked.seconds):
                return await self._until_answered(asked)
        except TimeoutError as error:
            raise FetchError("timeout", f"not done within {self._options.deadline:g} s") from error

    async def _until_answered(self, asked: _Asked) -> Fetched:
        began = time.monotonic()
        while True:
            try:
                answer = await self._exchange(asked)
            except FetchError as error:
                error.hops = asked.hops
                raise
            if isinstance(answer, Fetched):
                return answer
            asked = answer
            if asked.stepwise:
                raise Redirected(replace(asked, seconds=asked.seconds + time.monotonic() - began))

    async def _exchange(self, asked: _Asked) -> Fetched | _Asked:
        """One request: the answer, or what to ask next."""
        headers = {**asked.headers, **asked.private_headers}
        request = httpx.Request("GET", asked.address, headers=headers, extensions={"timeout": self._timeouts})
        try:
            response = await self._transport.handle_async_request(request)
            try:
                if response.status_code in _REDIRECTS:
                    return await self._redirected(asked, response)
                return await self._answer(asked, response)
            finally:
                await response.aclose()
        except HTTP_FAILURES as error:
            raise failure_of(error) from error

    async def _redirected(self, asked: _Asked, response: httpx.Response) -> _Asked:
        await _drain(response)
        target = redirect_target(asked.address, response.headers.get("location", ""), self._options.ports)
        hop = Hop(str(asked.address), response.status_code, str(target))
        if len(asked.hops) >= self._options.redirects:
            raise FetchError("too-many-redirects", f"more than {self._options.redirects}")
        # Without cookies, the same URL gives the same answer again.
        if hop.to in {hop.url, *(earlier.url for earlier in asked.hops)}:
            raise FetchError("redirect-loop", "it leads back to where it came from")
        private = asked.private_headers if same_origin(asked.address, target) else {}
        return replace(asked, address=target, private_headers=private, hops=(*asked.hops, hop))

    async def _answer(self, asked: _Asked, response: httpx.Response) -> Fetched:
        headers, now = response.headers, self._now()
        wait = response_headers.retry_after(headers, now)
        not_modified = response.status_code == 304 and asked.conditional
        if not response.is_success or response.status_code == _PARTIAL:
            await _drain(response)
            if not not_modified:
                raise status_error(response.status_code, wait)
        return Fetched(
            url=asked.url,
            final_url=str(asked.address),
            hops=asked.hops,
            status=response.status_code,
            headers=response_headers.kept_headers(headers),
            body=b"" if not_modified else await _body(response, asked.byte_cap),
            not_modified=not_modified,
            etag=response_headers.validator(headers, "etag"),
            last_modified=response_headers.validator(headers, "last-modified"),
            retry_after=wait,
            max_age=response_headers.max_age(headers, now),
        )


def _count(outcome: str, asked: _Asked, began: float) -> None:
    metrics.FETCHES.labels(outcome).inc()
    metrics.FETCH_SECONDS.observe(asked.seconds + time.monotonic() - began)


async def _body(response: httpx.Response, cap: int) -> bytes:
    encoding = response.headers.get("content-encoding", "")
    response_headers.check_text_type(response.headers)
    response_headers.check_length(response.headers, cap)
    check_encoding(encoding)
    async with _raw(response) as raw:
        return await read_body(raw, encoding, cap)


async def _drain(response: httpx.Response) -> None:
    """Read the few bytes that come with a redirect or an error, so that the connection can be used again."""
    read = 0
    with suppress(TimeoutError, *HTTP_FAILURES):
        async with asyncio.timeout(_DRAIN_SECONDS), _raw(response) as raw:
            async for chunk in raw:
                read += len(chunk)
                if read > _DRAIN_BYTES:
                    break


def _raw(response: httpx.Response) -> aclosing[AsyncGenerator[bytes, None]]:
    """The body as it was sent; closed at once when reading stops early."""
    return aclosing(cast("AsyncGenerator[bytes, None]", response.aiter_raw()))


def _conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    pairs = {"if-none-match": etag, "if-modified-since": last_modified}
    return {name: value for name, value in pairs.items() if value}
