"""Which server program is chosen."""

from __future__ import annotations

from pathlib import Path

import pytest

from warta_local.processes.leash_process import still_held
from warta_local.redis_server.configuration import configuration
from warta_local.redis_server.engine import RedisNotFound, find_engine


def install(folder: Path, version_line: str) -> Path:
    program = folder / "redis-server"
    program.write_text(f"#!/bin/sh\necho '{version_line}'\n", encoding="utf-8")
    program.chmod(0o755)
    return program


def test_an_installed_server_of_7_0_or_newer_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = install(tmp_path, "Redis server v=7.2.5 sha=00000000:0 malloc=jemalloc bits=64")
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    engine = find_engine("auto")
    assert (engine.program, engine.version, engine.name) == (program, (7, 2), "redis 7.2")


@pytest.mark.parametrize("line", ["Redis server v=6.0.16 sha=0 bits=64", "what is this"])
def test_an_old_or_strange_server_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    install(tmp_path, line)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    assert find_engine("auto").name.startswith("valkey 9.")
    with pytest.raises(RedisNotFound, match=r"install Redis 7\.0 or newer"):
        find_engine("redis")


def test_the_bundled_server_runs() -> None:
    assert find_engine("valkey").version >= (9, 1)


def test_own_directives_win_over_ours(tmp_path: Path) -> None:
    text = configuration(tmp_path, 6390, acl_file=None, cluster_port=None, more={"appendfsync": "always"})
    assert "appendfsync always\n" in text
    assert "everysec" not in text
    assert "bind 127.0.0.1\nport 6390\n" in text
    assert "cluster" not in text


def test_the_leash_holds_what_was_not_released_newest_first() -> None:
    assert still_held(["+10\n", "+11\n", "+12\n", "-11\n", "-99\n"]) == [12, 10]
