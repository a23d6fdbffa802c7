"""Snapshots of a real Elasticsearch: what comes back with an index, what is taken only once, what is refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from real_articles import Articles, Server

from enriched_articles import article_id, enriched_article
from warta_index.backup.making import Backup, Made
from warta_index.backup.manifest import Manifest
from warta_index.backup.refused import BackupRefused
from warta_index.backup.repository import Repository
from warta_index.backup.restoring import Restore, Restored
from warta_index.backup.shelf import Shelf
from warta_index.results import Indexed, Superseded
from warta_shared.delivery.broker import connection, make_broker
from warta_shared.delivery.client import Redis
from warta_shared.settings import RedisSettings

LOCATION = "of-these-tests"


class Keeping:
    """Backups of the cluster and an empty Redis."""

    def __init__(self, articles: Articles, redis: Redis, folder: Path, location: str = LOCATION) -> None:
        self.articles, self.redis = articles, redis
        self.shelf = Shelf(folder)
        self.repository = Repository(articles.admin, f"warta-{LOCATION}", location)
        self.made: Made
        self.told: list[tuple[str, int, int]] = []

    async def backup(self, keep: int = 0) -> Manifest:
        servers = self.redis, self.articles.admin, self.repository, self.shelf, 0
        self.made = await Backup(*servers, lambda *moved: self.told.append(moved)).make(keep)
        return self.made.manifest

    async def restore(self, made: Manifest, *, replace: bool = True) -> Restored:
        servers = self.redis, self.articles.admin, self.repository, self.shelf, 0
        restoring = Restore(*servers, lambda *moved: self.told.append(moved))
        await restoring.check(made)
        return await restoring.run(made, replace=replace)


@pytest.fixture
async def keeping(articles: Articles, redis_url: str, tmp_path: Path) -> AsyncIterator[Keeping]:
    broker = make_broker(RedisSettings(redis_url=redis_url, redis_username=None, redis_password=None))
    await broker.connect()
    found = Keeping(articles, connection(broker), tmp_path / "backups")
    yield found
    answer = (await articles.ask("GET", f"/_snapshot/{found.repository.name}/_all")).json()
    for one in answer.get("snapshots", ()):
        await found.repository.remove(one["snapshot"])
    await articles.ask("DELETE", f"/_snapshot/{found.repository.name}")
    await broker.stop()


def some(start: int, end: int) -> list[Any]:
    return [enriched_article(id=article_id(number)) for number in range(start, end)]


async def test_an_index_comes_back_with_its_settings_aliases_and_versions(keeping: Keeping) -> None:
    articles = keeping.articles
    await articles.write(*some(0, 20))
    await articles.do("PUT", "/articles-v1/_settings", {"index.refresh_interval": "7s"})
    made = await keeping.backup()
    assert (made.articles.documents, made.articles.indices) == (20, ("articles-v1",))
    before = await articles.do("GET", "/articles-v1")
    await articles.remove_indices()
    restored = await keeping.restore(made, replace=False)
    assert (restored.documents, restored.removed) == (20, 0)
    after = await articles.do("GET", "/articles-v1")
    assert after["articles-v1"]["aliases"] == before["articles-v1"]["aliases"]
    assert after["articles-v1"]["mappings"] == before["articles-v1"]["mappings"]
    assert after["articles-v1"]["settings"]["index"]["refresh_interval"] == "7s"
    await articles.do("PUT", "/articles-v1/_settings", {"index.refresh_interval": "1s"})
    assert await articles.check() == []
    older, newer = (
        enriched_article(id=article_id(1), observed_at=enriched_article().observed_at + by) for by in (-1, 1)
    )
    results = await articles.write(older, newer)
    assert [type(result) for result in results] == [Superseded, Indexed]


async def test_another_index_behind_the_aliases_makes_room(keeping: Keeping) -> None:
    """As after a reindex: the backup is of the first, the second is there now."""
    articles = keeping.articles
    await articles.write(*some(0, 3))
    made = await keeping.backup()
    await articles.do("PUT", "/articles-v2")
    moved = [{"remove": {"index": "articles-v1", "alias": alias}} for alias in ("articles", "articles-write")]
    added = [{"add": {"index": "articles-v2", "alias": alias}} for alias in ("articles", "articles-write")]
    await articles.do("POST", "/_aliases", {"actions": [*moved, *added]})
    assert (await keeping.restore(made)).documents == 3
    assert list(await articles.do("GET", "/_alias/articles,articles-write")) == ["articles-v1"]
    assert (await articles.ask("GET", "/articles-v2")).status == 404


async def test_a_second_backup_takes_only_what_is_new_and_old_ones_go(keeping: Keeping) -> None:
    articles = keeping.articles
    await articles.write(*some(0, 300))
    first = await keeping.backup()
    await articles.write(*some(300, 301))
    second = await keeping.backup(keep=2)
    path = f"/_snapshot/{keeping.repository.name}/{second.name}/_status"
    stats = (await articles.do("GET", path))["snapshots"][0]["stats"]
    assert stats["incremental"]["file_count"] < stats["total"]["file_count"]
    third = await keeping.backup(keep=1)
    assert [one.name for one in keeping.shelf.whole()] == [third.name]
    for gone in (first, second):
        with pytest.raises(BackupRefused, match="is not in the repository"):
            await keeping.repository.require(gone.articles.snapshot)
    assert set(keeping.made.removed) == {first.name, second.name}
    assert (await keeping.restore(third)).documents == 301


async def test_after_a_loss_no_good_backup_goes(keeping: Keeping) -> None:
    articles = keeping.articles
    await articles.write(*some(0, 10))
    good = await keeping.backup()
    await articles.remove_indices()
    await articles.install()
    await articles.write(*some(0, 4))
    empty = await keeping.backup(keep=1)
    assert (keeping.made.shrunk, keeping.made.removed) == (True, ())
    assert [one.name for one in keeping.shelf.whole()] == [good.name, empty.name]


async def test_what_a_killed_run_left_goes_with_the_next(keeping: Keeping) -> None:
    killed = "20200101-000000"
    keeping.shelf.folder(killed).mkdir(parents=True)
    await keeping.repository.ensure()
    await keeping.repository.snapshot(killed, ["articles-v1"], lambda _done, _all: None)
    made = await keeping.backup()
    assert keeping.shelf.names() == [made.name]
    with pytest.raises(BackupRefused, match="is not in the repository"):
        await keeping.repository.require(killed)


async def test_articles_are_left_alone_and_can_be_written_again(keeping: Keeping) -> None:
    articles = keeping.articles
    await articles.write(*some(0, 2))
    made = await keeping.backup()
    with pytest.raises(BackupRefused, match="there are articles here: 2 in the index"):
        await keeping.restore(made, replace=False)
    assert [type(result) for result in await articles.write(*some(2, 3))] == [Indexed]
    await articles.remove_indices()
    await articles.install()
    await keeping.redis.hset("registry:1f", "a", "b")
    with pytest.raises(BackupRefused, match="the registry knows some"):
        await keeping.restore(made, replace=False)
    assert [type(result) for result in await articles.write(*some(2, 3))] == [Indexed]


async def test_a_snapshot_whose_files_are_damaged_is_told(
    keeping: Keeping, elasticsearch_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warta_index.backup.repository.STANDS_SECONDS", 2.0)
    await keeping.articles.write(*some(0, 50))
    made = await keeping.backup()
    folder = elasticsearch_server.data_dir.resolve() / "snapshots" / LOCATION / "indices"
    data = [
        path
        for path in await asyncio.to_thread(lambda: list(folder.rglob("__*")))
        if path.stat().st_size > 500
    ]
    assert data
    for path in data:
        path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(BackupRefused, match="could not read the snapshot"):
        await keeping.restore(made)


async def test_a_place_that_elasticsearch_may_not_use_is_told(keeping: Keeping) -> None:
    keeping.repository = Repository(keeping.articles.admin, "warta-elsewhere", "/elsewhere")
    with pytest.raises(BackupRefused, match="cannot keep snapshots") as refused:
        await keeping.backup()
    assert "path.repo" in refused.value.advice


async def test_without_an_index_there_is_no_backup(keeping: Keeping) -> None:
    await keeping.articles.remove_indices()
    with pytest.raises(BackupRefused, match="there is no index of articles"):
        await keeping.backup()
    assert keeping.shelf.whole() == []
