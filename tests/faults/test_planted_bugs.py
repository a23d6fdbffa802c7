"""The checker is tested with planted bugs: the same faults leave the product clean, and each bug is reported."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from faults import lab as lab_module
from faults.lab import BusyElasticsearch, Lab, scenario
from faults.ledger import Ledger
from warta_index import bulk, writer
from warta_index.credentials import administrator
from warta_index.results import Indexed
from warta_index.settings import SetupSettings
from warta_index.setup import install, plan
from warta_local.elasticsearch import ElasticsearchServer
from warta_shared.delivery.broker import connection, make_broker
from warta_shared.delivery.commit import Received
from warta_shared.delivery.hop import INDEX
from warta_shared.delivery.names import ENRICHED, RAW
from warta_shared.settings import DeliverySettings


@pytest.fixture(scope="module")
def installed(
    elasticsearch_server: ElasticsearchServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SetupSettings]:
    """Elasticsearch after `warta setup`; nothing of it is left to other tests."""
    settings = SetupSettings(
        elasticsearch_url=elasticsearch_server.url, elasticsearch_password=elasticsearch_server.password
    )
    keys = tmp_path_factory.mktemp("keys")

    async def do(wanted: bool) -> None:
        async with BusyElasticsearch(settings, administrator(settings)) as admin:
            await admin.ask("DELETE", "/articles-v1")
            if wanted:
                await install(admin, plan(settings, keys))

    asyncio.run(do(True))
    yield settings
    asyncio.run(do(False))


@pytest.fixture
async def lab(installed: SetupSettings, redis_url: str, tmp_path: Path) -> AsyncIterator[Lab]:
    broker = make_broker(DeliverySettings(redis_url=redis_url))
    await broker.connect()
    try:
        async with BusyElasticsearch(installed, administrator(installed)) as elasticsearch:
            ledger = Ledger(tmp_path, secrets.randbelow(1_000_000_000))
            yield Lab(broker, connection(broker), redis_url, elasticsearch, ledger)
    finally:
        await broker.stop()


Plant = Callable[[Lab, pytest.MonkeyPatch], Callable[[], Awaitable[None]] | None]


def acknowledged_first(_lab: Lab, patch: pytest.MonkeyPatch) -> None:
    """Acknowledge what was read, then work."""
    take = lab_module.Worker.take

    async def acknowledging(self: Any, received: Sequence[Received]) -> None:
        hop = self.delivery.hop
        if hop is INDEX:
            await self.delivery.redis.xack(ENRICHED, hop.name, *(item.entry_id for item in received))
        await take(self, received)

    patch.setattr(lab_module.Worker, "take", acknowledging)


def bulk_errors_ignored(_lab: Lab, patch: pytest.MonkeyPatch) -> None:
    """A bulk reply with status 200 is taken for success."""

    def believing(reply: Any, expected: int) -> Any:
        return [Indexed()] * expected if reply.ok else bulk.read_reply(reply, expected)

    patch.setattr(writer, "read_reply", believing)


def _sent_as(patch: pytest.MonkeyPatch, changed: Callable[[bytes], bytes]) -> None:
    encode = bulk.encode_request

    def encoding(*arguments: Any) -> bytes:
        lines = encode(*arguments).split(b"\n")
        lines[:-1:2] = [changed(action) for action in lines[:-1:2]]
        return b"\n".join(lines)

    patch.setattr(writer, "encode_request", encoding)


def random_ids(_lab: Lab, patch: pytest.MonkeyPatch) -> None:
    """Elasticsearch makes up `_id`."""
    _sent_as(patch, lambda _action: b'{"index":{"_id":"%b"}}' % secrets.token_hex(8).encode())


def versions_dropped(_lab: Lab, patch: pytest.MonkeyPatch) -> None:
    """The last to write wins."""
    _sent_as(patch, lambda action: action.partition(b',"version"')[0] + b"}}")


def no_reclaimer(_lab: Lab, patch: pytest.MonkeyPatch) -> None:
    """What a dead worker held stays with it."""

    async def nothing(_self: Any) -> None:
        return

    patch.setattr(lab_module.Worker, "reclaim", nothing)


def dead_consumers_deleted(lab: Lab, _patch: pytest.MonkeyPatch) -> Callable[[], Awaitable[None]]:
    """A tidy script removes the consumers of dead workers, with what they hold."""

    async def tidy() -> None:
        for consumer in await lab.redis.xinfo_consumers(ENRICHED, INDEX.name):
            await lab.redis.xgroup_delconsumer(ENRICHED, INDEX.name, consumer["name"])

    return tidy


def capped_by_length(lab: Lab, _patch: pytest.MonkeyPatch) -> Callable[[], Awaitable[None]]:
    """The stream keeps its newest entries, read or not: XADD with MAXLEN."""

    async def cap() -> None:
        await lab.redis.xtrim(ENRICHED, maxlen=5, approximate=False)

    return cap


def trimmed_past_the_unread(lab: Lab, _patch: pytest.MonkeyPatch) -> Callable[[], Awaitable[None]]:
    """Trimmed by what the other hop has read."""

    async def cut() -> None:
        newest = (await lab.redis.xrevrange(RAW, count=1))[0][0].decode()
        await lab.redis.xtrim(ENRICHED, minid=f"{int(newest.partition('-')[0]) + 60_000}", approximate=False)

    return cut


BUGS: dict[Plant, set[str]] = {
    acknowledged_first: {"lost", "stale"},
    bulk_errors_ignored: {"lost", "stale"},
    random_ids: {"duplicated"},
    versions_dropped: {"stale"},
    no_reclaimer: {"lost", "stale"},
    dead_consumers_deleted: {"lost", "stale"},
    capped_by_length: {"lost", "stale"},
    trimmed_past_the_unread: {"lost", "stale"},
}

# With these something waits for ever.
STUCK = {no_reclaimer, capped_by_length, trimmed_past_the_unread}
STUCK_SECONDS = 4.0


async def test_the_product_survives_the_faults_that_reveal_the_bugs(lab: Lab) -> None:
    verdict = await scenario(lab)
    verdict.assert_clean()
    assert len(lab.ledger.accepted) == 35
    assert await lab.waiting() == 0


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
async def test_a_planted_bug_is_reported(lab: Lab, monkeypatch: pytest.MonkeyPatch, bug: Plant) -> None:
    between = bug(lab, monkeypatch)
    verdict = await scenario(lab, between, *([STUCK_SECONDS] if bug in STUCK else []))
    reported = {kind for kind, number in verdict.counts().items() if number}
    assert reported & BUGS[bug], verdict
