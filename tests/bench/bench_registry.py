"""The registry: Redis' bytes a URL at a million of them, each named by a feed, fetched once and published."""

from __future__ import annotations

import asyncio
import random
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from drafts import settings
from ingest_servers import connected
from warta_ingest.registry.page_record import Fetch, PageRecord
from warta_ingest.registry.record import Record, record_place
from warta_ingest.sameness import article_id
from warta_local.redis_server import RedisServer
from warta_shared.delivery import markers, scripts
from warta_shared.delivery.client import Redis
from warta_shared.registry.known import Known

URLS, AT_ONCE = 1_000_000, 500
LIFETIME_MS = 90 * 86_400_000
NOW = 1_748_865_600
WORDS = (
    "harga cabai naik jelang puasa menteri keuangan bank indonesia rupiah menguat saham ihsg ditutup turun "
    "presiden resmikan bendungan gubernur pemprov anggaran triliun government plans to raise fuel subsidies "
    "central holds rate as inflation slows exporters ask for relief after tariff decision in washington"
).split()


def url(rng: random.Random, number: int) -> str:
    """As outlets write them: 90 characters on average."""
    site = f"{rng.choice(('www', 'news', 'ekonomi'))}.kabar{rng.randrange(40)}.co.id"
    slug = "-".join(rng.choice(WORDS) for _ in range(rng.randint(5, 10)))
    return f"https://{site}/{rng.choice(('read', 'berita', 'bisnis'))}/{number + 5_000_000}/{slug}"


def packed(rng: random.Random, address: str, identity: str) -> bytes:
    """What stands there after a page was named, fetched and published."""
    at = NOW * 1000 + rng.randrange(10**9)
    known = Known(1, at, at, rng.randbytes(8).hex(), rng.randbytes(4).hex(), at // 3_600_000, 0, "KABAR")
    page = PageRecord(fetches=(Fetch(at // 1000, "done", "published"),), article=identity).at(address)
    return Record(known, page.named(f"feed-{rng.randrange(40)}", rng.randbytes(4))).packed(identity)


async def main() -> None:
    """Written by the publish script, as the service does."""
    rng, lengths, seconds = random.Random(7), list[int](), list[float]()
    with tempfile.TemporaryDirectory() as folder, RedisServer(Path(folder) / "redis") as server:
        async with connected(settings(redis_url=server.url)) as redis:
            before = await used(redis)
            for start in range(0, URLS, AT_ONCE):
                keys, arguments = [""], [str(LIFETIME_MS), "0"]
                for number in range(start, start + AT_ONCE):
                    address = url(rng, number)
                    identity, where = (found := article_id(address)), record_place(found, 0)
                    lengths.append(len(address))
                    keys.append(where.bucket)
                    arguments += [where.field, b"", packed(rng, address, identity)]
                began = time.perf_counter()
                await scripts.run(redis, "publish", keys, arguments)
                seconds.append(time.perf_counter() - began)
            grown = await used(redis) - before
            began, read = time.perf_counter(), 0
            async for _, marked in markers.every(redis, "registry", 0):
                read += bool(marked.marker)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000
    print(
        f"{URLS:,} URLs of {statistics.mean(lengths):.0f} characters: {grown / URLS:.0f} bytes each (goal 150); "
        f"a write takes {statistics.median(seconds) / AT_ONCE * 1e6:.0f} us of Redis; "
        f"all {read:,} read in {time.perf_counter() - began:.0f} s, this process {memory:.0f} MB"
    )


async def used(redis: Redis) -> int:
    """Redis' memory in bytes."""
    return int((await redis.info("memory"))["used_memory"])


if __name__ == "__main__":
    asyncio.run(main())
