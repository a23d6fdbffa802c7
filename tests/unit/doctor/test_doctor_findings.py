"""What `warta doctor` makes of what it sees; the seeing itself is tested against real servers in tests/whole."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from warta_index.connection import Reply
from warta_index.doctor import articles_finding, drift_findings, health_finding, heap_finding
from warta_index.doctor import disk_finding as index_disk_finding
from warta_index.doctor import version_finding as index_version_finding
from warta_index.setup import PartReport, State
from warta_ingest.doctor.feeds import conditions_finding, overdue_finding
from warta_ingest.doctor.service import readiness_findings
from warta_ingest.poll.condition import Condition
from warta_shared.delivery.backlog import Backlog
from warta_shared.doctor import engine, machine, resolution, secret_files, streams
from warta_shared.doctor.events import versions_finding
from warta_shared.doctor.finding import Finding, Level, failed, ok, skipped, warn, worst
from warta_shared.doctor.redis_server import clock_finding, node_findings

GIB = 1024**3
GOOD_REDIS = {
    "redis_version": "7.4.1",
    "maxmemory_policy": "noeviction",
    "maxmemory": 512 * 1024**2,
    "used_memory": 10 * 1024**2,
    "aof_enabled": 1,
    "evicted_keys": 0,
    "aof_last_write_status": "ok",
    "aof_last_bgrewrite_status": "ok",
}


def test_the_worst_level_counts_and_what_is_skipped_is_no_fault() -> None:
    assert worst([]) is Level.OK
    assert worst([ok("a", ""), skipped("b", "")]) is Level.SKIPPED
    assert worst([warn("a", "", ""), ok("b", "")]) is Level.WARN
    assert worst([warn("a", "", ""), failed("b", "", ""), ok("c", "")]) is Level.FAIL


@pytest.mark.parametrize(
    ("total", "available", "level"),
    [(8 * GIB, 4 * GIB, Level.OK), (8 * GIB, GIB // 4, Level.WARN), (2 * GIB, 2 * GIB, Level.WARN)],
)
def test_memory(total: int, available: int, level: Level) -> None:
    assert machine.memory_finding(total, available).level is level


@pytest.mark.parametrize(("free", "level"), [(40, Level.OK), (14, Level.WARN), (5, Level.FAIL)])
def test_disks_by_the_watermarks_of_elasticsearch(free: int, level: Level) -> None:
    assert machine.disk_finding(Path("/data"), 100, free).level is level
    assert index_disk_finding("node", {"total_in_bytes": 100, "available_in_bytes": free}).level is level


@pytest.mark.parametrize(("number", "level"), [(262_144, Level.OK), (65_530, Level.WARN)])
def test_map_count(number: int, level: Level) -> None:
    assert machine.map_count_finding(number).level is level


@pytest.mark.parametrize(
    ("name", "told", "refused", "level"),
    [
        ("engine", "28.3.1", "", Level.OK),
        ("engine", "19.3.0", "", Level.WARN),
        ("engine", "", "Cannot connect to the Docker daemon", Level.WARN),
        ("compose", "v2.40.3-3", "", Level.OK),
        ("compose", "2.3.1", "", Level.WARN),
        ("compose", "", "", Level.WARN),
    ],
)
def test_versions_of_docker(name: str, told: str, refused: str, level: Level) -> None:
    found = engine.version_finding(name, told, refused)
    assert found.level is level
    assert (told or refused or "no version") in found.says


def test_secrets_must_be_there_filled_and_private(tmp_path: Path) -> None:
    path = tmp_path / "key"
    assert secret_files.secret_finding("V", path).level is Level.FAIL
    path.touch(mode=0o400)
    assert secret_files.secret_finding("V", path).level is Level.FAIL
    path.chmod(0o600)
    path.write_text("secret")
    assert secret_files.secret_finding("V", path).level is Level.OK
    path.chmod(0o440)
    found = secret_files.secret_finding("V", path)
    assert (found.level, found.advice) == (Level.FAIL, f"chmod 400 {path}")
    assert "secret" not in found.says.replace(str(path), "")


@pytest.mark.parametrize(
    ("value", "hosts"),
    [
        ("redis://redis:6379", ["redis"]),
        ("redis://user:pass@redis:6379/0", ["redis"]),
        ("redis+sentinel://a:26379,b:26379/master", ["a", "b"]),
        ("http://one:9200,http://two:9200", ["one", "two"]),
        ("http://[::1]:9200", ["::1"]),
        ("nonsense", []),
    ],
)
def test_hosts_of_addresses(value: str, hosts: list[str]) -> None:
    assert resolution.hosts_of(value) == hosts


def levels(found: list[Finding]) -> list[Level]:
    return [finding.level for finding in found]


def test_a_redis_as_it_should_be() -> None:
    assert levels(node_findings("redis", GOOD_REDIS, 0.85)) == [Level.OK] * 4


@pytest.mark.parametrize(
    ("change", "place", "level", "word"),
    [
        ({"redis_version": "6.2.0"}, 0, Level.FAIL, "6.2.0"),
        ({"valkey_version": "8.1.0", "redis_version": "7.2.4"}, 0, Level.OK, "valkey 8.1.0"),
        ({"maxmemory_policy": "allkeys-lru"}, 1, Level.FAIL, "allkeys-lru"),
        ({"aof_enabled": 0}, 1, Level.FAIL, "appendonly"),
        ({"maxmemory": 0}, 1, Level.FAIL, "maxmemory"),
        ({"evicted_keys": 3}, 1, Level.FAIL, "3 keys"),
        ({"aof_last_write_status": "err"}, 2, Level.FAIL, "aof_last_write_status err"),
        ({"used_memory": 400 * 1024**2}, 3, Level.WARN, "78%"),
        ({"used_memory": 480 * 1024**2}, 3, Level.FAIL, "94%"),
    ],
)
def test_what_is_wrong_with_a_redis(change: dict[str, Any], place: int, level: Level, word: str) -> None:
    found = node_findings("redis", GOOD_REDIS | change, 0.85)[place]
    assert found.level is level
    assert word in found.says


@pytest.mark.parametrize(
    ("ahead", "level", "word"),
    [(0.1, Level.OK, "ahead"), (-5, Level.WARN, "behind"), (3_600, Level.FAIL, "ahead")],
)
def test_clocks(ahead: float, level: Level, word: str) -> None:
    found = clock_finding("redis", ahead)
    assert found.level is level
    assert word in found.says


@pytest.mark.parametrize(
    ("hop", "total", "age", "level"),
    [
        ("enrich", 5, 3, Level.OK),
        ("enrich", 20_000, 3, Level.WARN),
        ("enrich", 100_001, 3, Level.FAIL),
        ("enrich", 5, 900, Level.FAIL),
        ("fetch", 5, 900, Level.OK),
    ],
)
def test_backlogs(hop: str, total: int, age: float, level: Level) -> None:
    assert streams.backlog_finding(hop, Backlog(total - 1, 1), age, 100_000).level is level


def test_a_missing_group_names_its_streams() -> None:
    found = streams.group_missing("index", ["a", "b", "c", "d"])
    assert found.says == "no group on a, b, c ..."


@pytest.mark.parametrize(
    ("version", "level"),
    [("8.19.4", Level.OK), ("9.1.0", Level.OK), ("7.17.0", Level.FAIL), ("10.0.0", Level.WARN)],
)
def test_versions_of_elasticsearch(version: str, level: Level) -> None:
    assert index_version_finding([version]).level is level


@pytest.mark.parametrize(
    ("status", "nodes", "level"),
    [("green", 3, Level.OK), ("yellow", 1, Level.OK), ("yellow", 3, Level.WARN), ("red", 1, Level.FAIL)],
)
def test_health_of_the_cluster(status: str, nodes: int, level: Level) -> None:
    health = {"status": status, "number_of_nodes": nodes, "unassigned_shards": 1}
    assert health_finding(health).level is level


def test_a_full_heap_is_told() -> None:
    assert heap_finding("n", {"heap_used_percent": 95, "heap_max_in_bytes": GIB}).level is Level.WARN
    assert heap_finding("n", {"heap_used_percent": 60, "heap_max_in_bytes": GIB}).level is Level.OK


def test_a_refused_key_and_a_missing_alias_are_told_apart() -> None:
    assert articles_finding(Reply(200, b'{"count": 1200}')).says == "1,200 in the index"
    assert "--rotate-keys" in articles_finding(Reply(401, b"{}")).advice
    assert articles_finding(Reply(404, b"{}")).advice == "warta setup"


def test_what_setup_would_change_is_told_part_by_part() -> None:
    same = PartReport("role", "warta-index", State.UNCHANGED)
    other = PartReport("index template", "articles", State.DIFFERS, ("settings: wanted 1, found 2",))
    assert levels(drift_findings([same])) == [Level.OK]
    [found] = drift_findings([same, other])
    assert (found.level, found.says) == (Level.WARN, "index template articles: settings: wanted 1, found 2")


def test_entries_of_a_release_that_is_unknown_stop_an_upgrade() -> None:
    assert versions_finding("articles.raw", Counter()).level is Level.OK
    assert versions_finding("articles.raw", Counter({"1": 3})).level is Level.OK
    found = versions_finding("articles.raw", Counter({"1": 3, "9": 1}))
    assert found.level is Level.FAIL
    assert "1 of version 9; this release reads 1" in found.says


def test_what_keeps_ingest_from_its_work_is_told() -> None:
    assert levels(readiness_findings({})) == [Level.OK]
    assert readiness_findings({"redis": "away"})[0].says == "redis: away"


def test_feeds_in_trouble_are_named() -> None:
    assert conditions_finding({}).level is Level.OK
    assert conditions_finding({"a": Condition.OK}).level is Level.OK
    found = conditions_finding({"a": Condition.OK, "b": Condition.FAILING})
    assert (found.level, found.says) == (Level.WARN, "1 failing, 1 ok: b")
    assert conditions_finding({"b": Condition.GONE}).level is Level.FAIL
    many = conditions_finding({f"f{n}": Condition.SILENT for n in range(9)})
    assert many.says.endswith("f0, f1, f2, f3, f4 ...")


def test_overdue_feeds_are_counted() -> None:
    assert overdue_finding(0, 5).level is Level.OK
    assert overdue_finding(2, 5).says == "2 of 5 feeds are overdue"
