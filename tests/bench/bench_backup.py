"""What a backup of Redis and its return take: `python tests/bench/bench_backup.py [ARTICLES]`."""

from __future__ import annotations

import asyncio
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

from warta_index.backup.records_file import batches, write_records
from warta_local.redis_server import RedisServer
from warta_shared.delivery import markers
from warta_shared.delivery.broker import connection, make_broker
from warta_shared.delivery.client import Redis
from warta_shared.delivery.names import RAW
from warta_shared.keyspace.kept import Part
from warta_shared.keyspace.reading import records
from warta_shared.keyspace.removal import remove_all
from warta_shared.keyspace.unsettled import unsettled
from warta_shared.keyspace.writing import write
from warta_shared.settings import RedisSettings

ARTICLES = 100_000
RECORD_BYTES, BODY_BYTES = 120, 4_000
WAITING_SHARE = 10
ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
PACKED = {"hash-max-listpack-entries": "512", "hash-max-listpack-value": "1024"}


async def fill(redis: Redis, number: int) -> None:
    """A record an article, and one in ten of the articles on a stream."""
    rng = random.Random(1)
    pipe = redis.pipeline(transaction=False)
    for count in range(number):
        identity = "".join(rng.choices(ALPHABET, k=25)) + "a"
        bucket, field = markers.place("registry", identity, 0)
        pipe.hset(bucket, field, rng.randbytes(RECORD_BYTES))
        pipe.pexpire(bucket, 90 * 86_400_000)
        if count % WAITING_SHARE == 0:
            pipe.xadd(RAW, {"id": identity, "body": rng.randbytes(BODY_BYTES // 2).hex()})
        if count % 1_000 == 0:
            await pipe.execute()
    await pipe.execute()


def told(step: str, began: float, size: int = 0) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    written = f", {size / 1e6:.1f} MB" if size else ""
    print(f"{step:<22} {time.perf_counter() - began:6.1f} s{written}, peak {peak:.0f} MB")


async def run(url: str, folder: Path, number: int) -> None:
    broker = make_broker(RedisSettings(redis_url=url))
    await broker.connect()
    redis = connection(broker)
    await fill(redis, number)
    sources = {Part.REGISTRY: records(redis, Part.REGISTRY), Part.STREAMS: unsettled(redis, 0)}
    for part, source in sources.items():
        began = time.perf_counter()
        fact = await write_records(folder / f"{part}.jsonl.gz", source, lambda _number: None)
        told(f"backup of {part}", began, fact.bytes)
    await remove_all(redis)
    for part in sources:
        began = time.perf_counter()
        for batch in batches(folder / f"{part}.jsonl.gz"):
            await write(redis, batch)
        told(f"restore of {part}", began)
    await broker.stop()


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else ARTICLES
    with (
        tempfile.TemporaryDirectory() as folder,
        RedisServer(Path(folder) / "redis", config=PACKED) as server,
    ):
        asyncio.run(run(server.url, Path(folder), number))


if __name__ == "__main__":
    main()
