"""What a fetch sends, follows, keeps and brings back."""

from __future__ import annotations

import asyncio
import gzip
from datetime import UTC, datetime

import pytest
from loopback_server import Request, Serve, redirect, reply

from warta_ingest.fetcher import FEED_ACCEPT, Fetched, Fetcher, FetcherOptions, FetchError

CAP = 100_000


async def get(fetcher: Fetcher, url: str, **more: str) -> Fetched:
    return await fetcher.fetch(url, byte_cap=CAP, accept=FEED_ACCEPT, **more)


async def failure(fetcher: Fetcher, url: str, **more: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await get(fetcher, url, **more)
    return caught.value


async def test_it_says_who_it_is_and_brings_back_body_and_validators(serve: Serve, fetcher: Fetcher) -> None:
    server = await serve(reply(b"<rss/>", 'ETag: "v1"', "Last-Modified: Mon, 17 Aug 2026 10:00:00 GMT",
                               "Content-Type: text/xml", "Cache-Control: public, max-age=600"))  # fmt: skip
    fetched = await get(fetcher, f"{server.url}/feed#top")
    assert (fetched.status, fetched.body, fetched.etag) == (200, b"<rss/>", '"v1"')
    assert fetched.last_modified == "Mon, 17 Aug 2026 10:00:00 GMT"
    assert (fetched.content_type, fetched.max_age, fetched.not_modified) == ("text/xml", 600, False)
    sent = server.requests[0]
    assert sent.path == "/feed"
    assert sent.headers["user-agent"] == "Warta/test (+https://example.org)"
    assert sent.headers["accept-encoding"] == "gzip"
    assert sent.headers["accept"] == FEED_ACCEPT
    assert sent.headers["host"] == f"127.0.0.1:{server.port}"


async def test_a_conditional_request_ends_as_not_modified(serve: Serve, fetcher: Fetcher) -> None:
    server = await serve(reply(b"", 'ETag: "v1"', status="304 Not Modified"))
    fetched = await get(fetcher, server.url, etag='"v1"', last_modified="Mon, 17 Aug 2026 10:00:00 GMT")
    assert (fetched.not_modified, fetched.body, fetched.etag) == (True, b"", '"v1"')
    assert server.requests[0].headers["if-none-match"] == '"v1"'
    assert server.requests[0].headers["if-modified-since"] == "Mon, 17 Aug 2026 10:00:00 GMT"


async def test_not_modified_without_a_condition_is_an_error(serve: Serve, fetcher: Fetcher) -> None:
    server = await serve(reply(b"", status="304 Not Modified"))
    error = await failure(fetcher, server.url)
    assert (error.reason, error.retryable) == ("http-304", True)


async def test_gzip_is_decoded_whether_or_not_it_is_announced(serve: Serve, fetcher: Fetcher) -> None:
    zipped = gzip.compress(b"one ") + gzip.compress(b"two")
    announced = await serve(reply(zipped, "Content-Encoding: gzip"))
    silent = await serve(reply(zipped))
    lying = await serve(reply(b"plain", "Content-Encoding: gzip"))
    assert (await get(fetcher, announced.url)).body == b"one two"
    assert (await get(fetcher, silent.url)).body == b"one two"
    assert (await get(fetcher, lying.url)).body == b"plain"


async def test_connections_are_used_again_and_cookies_are_not_kept(serve: Serve, fetcher: Fetcher) -> None:
    server = await serve(reply(b"x", "Set-Cookie: id=1; Path=/"))
    for _ in range(3):
        await get(fetcher, server.url)
    assert {request.connection for request in server.requests} == {1}
    assert all("cookie" not in request.headers for request in server.requests)


async def test_redirects_are_followed_and_recorded(serve: Serve, fetcher: Fetcher) -> None:
    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        steps = {"/a": ("/b", "301 Moved Permanently"), "/b": ("c?x=1", "308 Permanent Redirect"),
                 "/c?x=1": ("/d", "302 Found")}  # fmt: skip
        step = steps.get(request.path)
        await (redirect(*step) if step else reply(b"here"))(request, writer)

    server = await serve(answer)
    fetched = await get(fetcher, f"{server.url}/a")
    assert (fetched.url, fetched.final_url, fetched.body) == (f"{server.url}/a", f"{server.url}/d", b"here")
    assert [(hop.url, hop.status, hop.permanent) for hop in fetched.hops] == [
        (f"{server.url}/a", 301, True),
        (f"{server.url}/b", 308, True),
        (f"{server.url}/c?x=1", 302, False),
    ]
    assert fetched.moved_to == f"{server.url}/c?x=1"
    assert {request.connection for request in server.requests} == {1}


async def test_an_operators_headers_do_not_follow_a_redirect_to_another_origin(
    serve: Serve, fetcher: Fetcher
) -> None:
    other = await serve(reply(b"here"))
    server = await serve(redirect(f"{other.url}/x"))
    await fetcher.fetch(
        server.url, byte_cap=CAP, accept="*/*", headers={"Authorization": "Bearer s", "Host": "x"}
    )
    assert server.requests[0].headers["authorization"] == "Bearer s"
    assert server.requests[0].headers["host"] == f"127.0.0.1:{server.port}"
    assert "authorization" not in other.requests[0].headers


@pytest.mark.parametrize(
    ("status", "reason", "retryable"),
    [("404 Not Found", "http-404", False), ("410 Gone", "http-410", False), ("429 Too Many", "http-429", True),
     ("418 Teapot", "http-4xx", False), ("503 Busy", "http-503", True), ("599 Odd", "http-5xx", True),
     ("206 Partial Content", "http-2xx", True), ("300 Many", "http-3xx", True)],
)  # fmt: skip
async def test_every_other_status_is_a_named_failure(
    serve: Serve, fetcher: Fetcher, status: str, reason: str, retryable: bool
) -> None:
    server = await serve(reply(b"sorry", "Retry-After: 120", status=status))
    error = await failure(fetcher, server.url)
    assert (error.reason, error.retryable, error.retry_after) == (reason, retryable, 120.0)
    assert error.status == int(status[:3])
    assert error.gone == (status[:3] == "410")


async def test_retry_after_may_be_a_date(serve: Serve) -> None:
    server = await serve(reply(b"", "Retry-After: Mon, 17 Aug 2026 10:05:00 GMT", status="503 Busy"))
    options = FetcherOptions(user_agent="t", deadline=2, allow=("127.0.0.1",))
    async with Fetcher(options, now=lambda: datetime(2026, 8, 17, 10, 0, tzinfo=UTC)) as fetcher:
        assert (await failure(fetcher, server.url)).retry_after == 300.0


async def test_the_deadline_holds_for_many_fetches_at_once(serve: Serve) -> None:
    server = await serve(reply(b"x" * 1_000))
    # Few turns and a deadline that a turn meets on a busy machine too: it counts from the turn, not from the call.
    async with Fetcher(
        FetcherOptions(user_agent="t", deadline=10, fetches=20, allow=("127.0.0.1",))
    ) as fetcher:
        fetched = await asyncio.gather(*(get(fetcher, f"{server.url}/{n}") for n in range(300)))
    assert sorted(int(one.final_url.rsplit("/", 1)[1]) for one in fetched) == list(range(300))
