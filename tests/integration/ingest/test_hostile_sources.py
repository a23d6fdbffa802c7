"""The service as a process, with the sources of a hostile world at once: each ends in one named outcome, in time."""

from __future__ import annotations

import asyncio
import gzip
import re
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import orjson
import psutil
import pytest
from redis import Redis

from tiny_site import PARAGRAPHS, rss
from waiting import eventually
from warta_ingest.poll.state import NEVER_POLLED
from warta_ingest.registry.record import Record, record_place
from warta_ingest.sameness import article_id, canonical_url
from warta_local.processes.child import Child
from warta_local.processes.ports import free_port
from warta_local.redis_server import RedisServer
from warta_shared.delivery.names import RAW

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux has all of 127.0.0.0/8, for a host each"
)
SECONDS = 10.0
BYTES = 1_000_000_000

Write = Callable[[asyncio.StreamWriter], Awaitable[None]]


def reply(body: bytes, kind: str = "application/xml", status: str = "200 OK", more: str = "") -> Write:
    async def write(writer: asyncio.StreamWriter) -> None:
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nConnection: close\r\n{more}"
        head += f"Content-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)

    return write


def page(body: bytes) -> Write:
    return reply(body, "text/html; charset=utf-8")


def endless(begin: bytes, part: bytes, pause: float) -> Write:
    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + begin)
        while True:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)

    return write


def bomb(inner: bytes, times: int) -> Write:
    packed = gzip.compress(inner * times)
    return reply(packed, more="Content-Encoding: gzip\r\n")


def moved(to: str) -> Write:
    return reply(b"", status="302 Found", more=f"Location: {to}\r\n")


ITEM = "<item><title>T{n}</title><link>http://127.0.9.9/{n}</link><description>d</description></item>"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
ARTICLE = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)

# What a source does, and the word for it in its feed's state.
FEEDS: dict[str, tuple[Write, str]] = {
    "slow": (endless(b"<rss>", b" ", 0.2), "timeout"),
    "endless": (endless(b"<rss>", b" " * 100_000, 0), "too-large"),
    "bomb": (bomb(b" " * 1_000_000, 100), "too-large"),
    "loop": (moved("/"), "redirect-loop"),
    "private": (moved("http://10.1.2.3/rss"), "private-address"),
    "metadata": (moved("http://169.254.169.254/latest/meta-data"), "private-address"),
    "xxe": (
        reply(
            b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel>'
            b"<item><title>&x;</title><link>http://127.0.9.9/x</link></item></channel></rss>"
        ),
        "new-entries",
    ),
    "laughs": (
        reply(
            f'<!DOCTYPE rss [<!ENTITY l0 "ha">{LAUGHS}]><rss version="2.0"><channel><item><title>&l9;</title>'
            "<link>http://127.0.9.9/l</link></item></channel></rss>".encode()
        ),
        "new-entries",
    ),
    "deep": (reply(b"<a>" * 3_000_000), "not-a-feed"),
    "many": (
        reply(f"<rss version='2.0'><channel>{ITEM * 90_000}</channel></rss>".encode()),
        "new-entries",
    ),
    "json-deep": (reply(b"[" * 5_000_000, "application/feed+json"), "not-a-feed"),
    "bad-utf8": (reply(b"<rss><channel><item><title>\xff\xfe\xc3(</title></item></channel></rss>"), "nothing-new"),
    "noise": (reply(bytes(range(256)) * 4_000), "not-a-feed"),
    "empty": (reply(b""), "empty"),
    "not-modified": (reply(b"", status="304 Not Modified"), "http-304"),
    "gone": (reply(b"", status="410 Gone"), "http-410"),
    "busy": (reply(b"", status="429 Too Many Requests", more="Retry-After: 3600\r\n"), "http-429"),
}  # fmt: skip
PAGES: dict[str, tuple[Write, str]] = {
    "slow": (endless(b"<html>", b" ", 0.2), "retry timeout"),
    "endless": (endless(b"<html>", b"<p>" * 30_000, 0), "done too-large"),
    "bomb": (bomb(b"<div>" * 200_000, 100), "done too-large"),
    "deep": (page(b"<div>" * 590_000), "done no-text"),
    "attributes": (page(b"<p " + b" ".join(b"a%d=1" % n for n in range(300_000)) + b">"), "done no-text"),
    "brackets": (page(b"<" * 2_900_000), "done no-text"),
    "script": (page(b"<script type=application/ld+json>" + b'{"a":' * 500_000 + b"</script>"), "done no-text"),
    "spaces": (page(b"<p>a" + b" \t\r" * 900_000 + b"</p>"), "done no-text"),
    "binary": (page(bytes(range(256)) * 10_000), "done no-text"),
}  # fmt: skip


@dataclass
class HostileWorld:
    """A server for each kind, at an address of its own; `asked`: when each was first asked."""

    port: int
    asked: dict[str, float] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)

    def url(self, kind: str) -> str:
        return f"http://127.0.{2 if kind.startswith('page') else 1}.{self._number(kind)}:{self.port}/{kind}"

    def run(self, started: threading.Event) -> None:
        asyncio.run(self._serve(started))

    def stop(self) -> None:
        self._stop.set()

    def _number(self, kind: str) -> int:
        return ([*KINDS].index(kind) if kind in KINDS else len(KINDS)) + 1

    async def _serve(self, started: threading.Event) -> None:
        servers = [
            await asyncio.start_server(
                self._answer(kind), self.url(kind).split("/")[2].split(":")[0], self.port
            )
            for kind in KINDS
        ]
        started.set()
        await asyncio.to_thread(self._stop.wait)
        for server in servers:
            server.close()

    def _answer(self, kind: str) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                request = await reader.readuntil(b"\r\n\r\n")
                robots = request.startswith(b"GET /robots.txt")
                if not robots:
                    self.asked.setdefault(kind, time.monotonic())
                await (reply(b"", status="404 Not Found") if robots else KINDS[kind])(writer)
                await writer.drain()
            except (ConnectionError, asyncio.IncompleteReadError):
                pass
            finally:
                writer.close()

        return answer


KINDS: dict[str, Write] = {f"feed-{kind}": write for kind, (write, _) in FEEDS.items()}
KINDS |= {f"page-{kind}": write for kind, (write, _) in PAGES.items()}
KINDS["page-good"] = page(f"<html><body><article><h1>Cabai</h1>{ARTICLE}</article></body></html>".encode())
# The feed that names the pages; its server is filled when their addresses are known.
NAMING = "feed-naming"


@pytest.fixture(scope="module")
def world() -> Iterator[HostileWorld]:
    world, started = HostileWorld(free_port()), threading.Event()
    pages = [kind for kind in KINDS if kind.startswith("page-")]
    KINDS[NAMING] = reply(rss(*((world.url(kind), f"Title of {kind}") for kind in pages)).encode())
    thread = threading.Thread(target=world.run, args=(started,))
    thread.start()
    assert started.wait(10)
    yield world
    world.stop()
    thread.join(10)


@dataclass
class Service:
    """The service, and when and how each source ended."""

    world: HostileWorld
    redis: Redis
    folder: Path
    port: int
    ended: dict[str, tuple[str, float]] = field(default_factory=dict)
    bytes_most: int = 0
    child: Child | None = None

    def start(self, redis_url: str) -> None:
        feeds = [
            {"id": kind, "url": self.world.url(kind), "source": "S"}
            for kind in KINDS
            if kind.startswith("feed-")
        ]
        (self.folder / "feeds.yaml").write_bytes(orjson.dumps({"feeds": feeds}))
        env = {
            "WARTA_REDIS_URL": redis_url,
            "WARTA_HTTP_PORT": str(self.port),
            "WARTA_FEEDS_FILE": str(self.folder / "feeds.yaml"),
            "WARTA_ALLOW_NETWORKS": "127.0.0.0/8",
        }
        command = [sys.executable, "-m", "warta_ingest"]
        self.child = Child(command, log=self.folder / "ingest.log", env=env, cwd=self.folder)

    def all_ended(self) -> bool:
        """Look at every source, and at the memory of the service and its parsers."""
        assert self.child
        for kind in KINDS:
            outcome = "" if kind in self.ended else self._outcome(kind)
            if outcome:
                self.ended[kind] = outcome, time.monotonic()
        main = psutil.Process(self.child.pid)
        peaks = [_peak(process.pid) for process in (main, *main.children(recursive=True))]
        self.bytes_most = max(self.bytes_most, *peaks)
        return len(self.ended) == len(KINDS)

    def _outcome(self, kind: str) -> str:
        if kind.startswith("feed-"):
            outcome = self.redis.hget(f"feed:{kind}", "outcome") or b""
            return "" if outcome.decode() == NEVER_POLLED else outcome.decode()
        identity = article_id(canonical_url(self.world.url(kind)))
        where = record_place(identity, 0)
        held = self.redis.hget(where.bucket, where.field) or b""
        record = Record.unpacked(held[3:], identity)
        fetches = record.page.fetches if record.page else ()
        return f"{fetches[-1].outcome} {fetches[-1].reason}" if fetches else ""


def _peak(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0


@pytest.fixture(scope="module")
def service(world: HostileWorld, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service when every source has ended, or none ended any more."""
    folder = tmp_path_factory.mktemp("hostile")
    with RedisServer(folder / "redis") as server, Redis(port=server.port) as redis:
        service = Service(world, redis, folder, free_port())
        service.start(server.url)
        eventually(service.all_ended, 40)
        yield service
        assert service.child
        service.child.stop(10)


def test_each_feed_ends_in_its_outcome(service: Service) -> None:
    ended = {
        kind.removeprefix("feed-"): word
        for kind, (word, _) in service.ended.items()
        if kind.startswith("feed-")
    }
    assert ended == {kind: word for kind, (_, word) in FEEDS.items()} | {"naming": "new-entries"}


def test_each_page_ends_in_its_outcome(service: Service) -> None:
    ended = {
        kind.removeprefix("page-"): word
        for kind, (word, _) in service.ended.items()
        if kind.startswith("page-")
    }
    assert ended == {kind: word for kind, (_, word) in PAGES.items()} | {"good": "done published"}


def test_each_ends_in_time(service: Service) -> None:
    late = {kind: at - service.world.asked[kind] for kind, (_, at) in service.ended.items()}
    assert {kind: seconds for kind, seconds in late.items() if seconds > SECONDS} == {}


def test_neither_the_service_nor_a_parser_grew(service: Service) -> None:
    assert 0 < service.bytes_most < BYTES


def test_nothing_secret_got_out(service: Service) -> None:
    """Of what the feeds with entities named, nothing is anywhere."""
    assert b"root:" not in b"".join(
        body for _, entry in service.redis.xrange("pages.found") for body in entry.values()
    )


def test_the_service_goes_on(service: Service) -> None:
    bodies = [orjson.loads(entry[b"body"]) for _, entry in service.redis.xrange(RAW)]
    assert [one["url"] for one in bodies] == [service.world.url("page-good")]
    health = httpx.get(f"http://127.0.0.1:{service.port}/health/ready")
    assert (health.status_code, health.json()["problems"]) == (200, {})
