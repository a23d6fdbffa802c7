"""Servers for real: both engines, kill and restart, users, taken ports, and a cluster."""

from __future__ import annotations

import socket
import stat
from pathlib import Path
from typing import get_args

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.cluster import RedisCluster as ClusterClient
from redis.exceptions import AuthenticationError
from redis.retry import Retry

from warta_local.processes import PortTaken, ProcessEnded
from warta_local.redis_server import RedisCluster, RedisNotFound, RedisServer, find_engine
from warta_local.redis_server.cluster import ClusterNotFormed
from warta_local.redis_server.engine import EngineChoice
from warta_shared.secrets.redis_acl import USERS, acl_file

ENGINES = [name for name in get_args(EngineChoice) if name != "auto"]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> EngineChoice:
    choice: EngineChoice = request.param
    try:
        find_engine(choice)
    except RedisNotFound as missing:
        pytest.skip(str(missing))
    return choice


def client(server: RedisServer, username: str | None = None, password: str | None = None) -> Redis:
    return Redis(
        host="127.0.0.1",
        port=server.port,
        username=username,
        password=password,
        decode_responses=True,
        retry=Retry(NoBackoff(), 0),
    )


def test_what_was_written_survives_a_kill_and_keeps_its_port(tmp_path: Path, engine: EngineChoice) -> None:
    with RedisServer(tmp_path, engine=engine, config={"appendfsync": "always"}) as server:
        client(server).xadd("articles.raw", {"v": "1"}, id="7-1")
        url, pid = server.url, server.pid
        server.kill()
        assert not server.ready()
        server.restart()
        assert server.url == url
        assert server.pid != pid
        assert client(server).xrange("articles.raw") == [("7-1", {"v": "1"})]


def test_it_keeps_every_write_and_drops_none_when_memory_is_full(tmp_path: Path) -> None:
    with RedisServer(tmp_path) as server:
        settings = client(server).config_get("append*", "maxmemory-policy")
    assert settings["appendonly"] == "yes"
    assert settings["appendfsync"] == "everysec"
    assert settings["maxmemory-policy"] == "noeviction"


def test_own_directives_win(tmp_path: Path) -> None:
    with RedisServer(tmp_path, config={"maxmemory": "32mb", "appendonly": "no"}) as server:
        assert client(server).config_get("maxmemory")["maxmemory"] == str(32 * 1024 * 1024)
        assert client(server).config_get("appendonly")["appendonly"] == "no"


def test_only_the_users_of_the_acl_file_may_enter(tmp_path: Path, engine: EngineChoice) -> None:
    users = tmp_path / "users.acl"
    users.write_text(acl_file(dict.fromkeys(USERS, "let-me-in")), encoding="utf-8")
    data = tmp_path / "data"
    with RedisServer(data, engine=engine, acl_file=users, credentials=("health", "let-me-in")) as server:
        assert server.ready()
        assert client(server, username="health", password="let-me-in").ping()
        for credentials in ({}, {"username": "default", "password": ""}):
            with pytest.raises(AuthenticationError):
                client(server, **credentials).ping()
    assert stat.S_IMODE((data / "redis.conf").stat().st_mode) == 0o600
    assert stat.S_IMODE(server.log.stat().st_mode) == 0o600


def test_with_our_users_a_restart_keeps_what_scripts_wrote(tmp_path: Path, engine: EngineChoice) -> None:
    """A script that writes twice is a transaction in the append-only file, which Redis reads as the default user."""
    users = tmp_path / "users.acl"
    users.write_text(acl_file(dict.fromkeys(USERS, "secret")), encoding="utf-8")
    publishing = "redis.call('XADD', KEYS[1], '*', 'a', '1') redis.call('HSET', KEYS[2], 'a', '1')"
    server = RedisServer(tmp_path / "data", engine=engine, acl_file=users, credentials=("health", "secret"))
    with server:
        for _ in range(2):
            client(server, username="ingest", password="secret").eval(
                publishing, 2, "articles.raw", "registry:1"
            )
            server.kill()
            server.start()
        ingest = client(server, username="ingest", password="secret")
        assert (ingest.xlen("articles.raw"), ingest.hgetall("registry:1")) == (2, {"a": "1"})


def test_a_folder_with_spaces_and_quotes_works(tmp_path: Path) -> None:
    with RedisServer(tmp_path / 'my "news" folder') as server:
        assert client(server).ping()


def test_a_taken_port_is_named_with_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=f"port {port} for Redis is in use.*choose another"):
            RedisServer(tmp_path, port=port).start()


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    with pytest.raises(ProcessEnded, match=r"(?s)ended with code 1.*no-such-directive"):
        RedisServer(tmp_path, config={"no-such-directive": "1"}).start()


def test_three_masters_share_all_slots(tmp_path: Path) -> None:
    with RedisCluster(tmp_path) as cluster:
        assert cluster.url == f"redis+cluster://127.0.0.1:{cluster.nodes[0].port}"
        seen = ClusterClient(host="127.0.0.1", port=cluster.nodes[0].port)
        for number in range(60):
            seen.set(f"key-{number}", number)
        sizes = [client(node).dbsize() for node in cluster.nodes]
        assert sum(sizes) == 60
        assert all(size > 0 for size in sizes)
        seen.close()
    with pytest.raises(ClusterNotFormed, match="already holds a cluster node"):
        RedisCluster(tmp_path).start()


def test_a_replica_takes_over_from_a_killed_master(tmp_path: Path) -> None:
    with RedisCluster(tmp_path, masters=3, replicas=1) as cluster:
        assert len(cluster.nodes) == 6
        seen = ClusterClient(host="127.0.0.1", port=cluster.nodes[1].port)
        for number in range(30):
            seen.set(f"key-{number}", number)
        assert seen.wait(1, 2_000, target_nodes=ClusterClient.PRIMARIES)
        cluster.nodes[0].kill()
        assert [int(read_when_served(seen, f"key-{number}")) for number in range(30)] == list(range(30))
        seen.close()


def read_when_served(seen: ClusterClient, key: str) -> bytes:
    """Failover takes the node timeout (2 s) and an election."""
    import time

    from redis.exceptions import RedisError

    deadline = time.monotonic() + 30
    while True:
        try:
            value = seen.get(key)
        except RedisError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
            continue
        assert isinstance(value, bytes)
        return value
