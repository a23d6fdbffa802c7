"""Ingest: feeds read a second, pages extracted a second a core, from a feed's new entry to `articles.raw`, and what
a thousand slow hosts at once cost in memory.
"""

from __future__ import annotations

import asyncio
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from drafts import feed, settings
from ingest_servers import connected, plain_fetching, serving
from tiny_site import PARAGRAPHS, TinySite, page, rss
from warta_ingest.extraction import extract_page
from warta_ingest.feeds import store
from warta_ingest.feeds.parsing import parse_feed
from warta_ingest.feeds.store import Origin, StoredFeed
from warta_ingest.fetcher import PAGE_ACCEPT, Fetcher, FetcherOptions
from warta_local.redis_server import RedisServer
from warta_shared.delivery.client import Redis
from warta_shared.delivery.names import RAW

FEED_SECONDS = PAGE_SECONDS = 5.0
PAGES = 30
HOSTS = 1_000
ARRIVALS = 10


def furnished(number: int) -> bytes:
    """A page as outlets send it: 100 KB, of which the article is 3 KB."""
    rng = random.Random(number)
    links = "".join(
        f'<li><a href="/b/{rng.randrange(10**6)}"><img src="/i/{n}.jpg" alt="">Berita lain nomor {n}</a></li>'
        for n in range(300)
    )
    ld = (
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Harga cabai naik","datePublished":'
        '"2026-08-20T07:30:00+07:00","author":{"@type":"Person","name":"Ratna Dewi"}}</script>'
    )
    scripts = "<script>" + "var a = [1, 2, 3];" * 2_000 + "</script>"
    text = [f"Paragraf {n}. {rng.choice(PARAGRAPHS)} {rng.choice(PARAGRAPHS)}" for n in range(15)]
    body = page(f"Harga cabai naik {number}", *text)
    return (
        body.replace("</head>", f"{ld}{scripts}</head>")
        .replace("</body>", f"<ul>{links}</ul></body>")
        .encode()
    )


def rate(run: Callable[[int], object], seconds: float) -> float:
    """Runs a second of CPU."""
    run(0)
    done, began = 0, time.process_time()
    while time.process_time() - began < seconds:
        run(done)
        done += 1
    return done / (time.process_time() - began)


def bench_parsers() -> None:
    """One core, in this process."""
    body = rss(*((f"/berita/{n}", f"Judul nomor {n}: harga cabai naik") for n in range(50))).encode()
    print(
        f"feeds of 50 entries: {rate(lambda _: parse_feed(body, 'https://k.example/rss'), FEED_SECONDS):,.0f}/s a core"
    )
    pages = [furnished(number) for number in range(PAGES)]
    size = statistics.mean(map(len, pages)) / 1_000
    found = rate(lambda n: extract_page(pages[n % PAGES], f"https://k.example/{n}", None, "ID"), PAGE_SECONDS)
    print(f"pages of {size:.0f} KB, everything on: {found:,.1f}/s a core (goal 35)")


async def bench_latency() -> None:
    """From the moment a feed names a new page to its article on the stream; the feed is polled once a second."""
    site = TinySite()
    site.put("/rss", rss())
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        server = stack.enter_context(RedisServer(Path(folder) / "redis"))
        url = await stack.enter_async_context(serving(site))
        redis = await stack.enter_async_context(connected(settings(redis_url=server.url)))
        declared = feed(id="bench", url=f"{url}/rss", interval={"min": 1, "max": 1})
        await store.change(redis, [("bench", "", StoredFeed.of(declared, Origin.COMMAND).record)])
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "warta_ingest", env=environment(server.url)
        )
        seconds = [await arrival(redis, site, number) for number in range(ARRIVALS + 1)][1:]
        process.terminate()
        await process.wait()
    print(
        f"named by a feed -> articles.raw: {statistics.median(seconds):.2f} s (median), {max(seconds):.2f} s at most"
    )


def environment(redis_url: str) -> dict[str, str]:
    """The service's, with loopback allowed and no gap."""
    given = {"REDIS_URL": redis_url, "ALLOW_NETWORKS": "127.0.0.0/8", "HOST_GAP": "0", "HTTP_PORT": "0"}
    return dict(os.environ) | {
        f"WARTA_{name}": value for name, value in {**given, "LOG_LEVEL": "ERROR"}.items()
    }


async def arrival(redis: Redis, site: TinySite, number: int) -> float:
    """Seconds until the page that the feed names from now on is an article."""
    site.put(f"/{number}", page(f"Judul nomor {number}"))
    before, began = await redis.xlen(RAW), time.monotonic()
    site.put("/rss", rss(*((f"/{n}", f"Judul nomor {n}") for n in range(number + 1))))
    while await redis.xlen(RAW) == before:  # noqa: ASYNC110 -- another process adds it
        await asyncio.sleep(0.01)
    return time.monotonic() - began


async def bench_connections() -> None:
    """A thousand hosts (127.x.y.z) that answer after a while, all at once."""
    waiting = asyncio.Event()
    held = 0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal held
        await reader.readuntil(b"\r\n\r\n")
        held += 1
        await waiting.wait()
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 2\r\n\r\nok")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "0.0.0.0", 0, backlog=4_096)  # noqa: S104 -- all of 127/8
    port = server.sockets[0].getsockname()[1]
    base = plain_fetching(settings())
    options = FetcherOptions("bench", deadline=60, fetches=HOSTS, allow=("127.0.0.0/8",), tls=base.tls)
    async with Fetcher(options) as fetcher:
        urls = [f"http://127.1.{n // 250}.{n % 250 + 1}:{port}/" for n in range(HOSTS)]
        tasks = [asyncio.create_task(fetcher.fetch(url, byte_cap=1_000, accept=PAGE_ACCEPT)) for url in urls]
        began = time.monotonic()
        while held < HOSTS and time.monotonic() - began < 30:  # noqa: ASYNC110 -- the server counts
            await asyncio.sleep(0.01)
        took, megabytes = time.monotonic() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000
        print(f"{held:,} hosts at once after {took:.1f} s: {megabytes:.0f} MB with both ends (goal 300)")
        waiting.set()
        await asyncio.gather(*tasks)
    server.close()


async def main() -> None:
    """Memory first, before the parsers have grown the process."""
    await bench_connections()
    await bench_latency()


if __name__ == "__main__":
    import uvloop

    uvloop.run(main())
    bench_parsers()
