"""`warta secrets`: what it writes, what it keeps, what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from warta_shared.cli.main import app


def secrets(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["secrets", *map(str, arguments)])
    return done.exit_code, done.stdout + done.stderr


def written(*arguments: str | Path) -> list[str]:
    code, told = secrets(*arguments, "--json")
    assert code == 0
    return sorted(json.loads(told)["written"])


def test_only_what_is_missing_is_written(tmp_path: Path) -> None:
    first = written(tmp_path)
    assert {"redis/users.acl", "ingest/redis_password", "elasticsearch/elastic_password"} <= set(first)
    assert secrets(tmp_path) == (0, "0 secrets written, all were there\n")
    (tmp_path / "operator" / "push_key").unlink()
    assert "operator/push_key" in written(tmp_path)


def test_rotation_makes_them_anew_and_is_never_seen(tmp_path: Path) -> None:
    written(tmp_path)
    password = tmp_path / "enrich" / "redis_password"
    before = password.read_text()
    code, told = secrets(tmp_path, "--rotate")
    assert code == 0
    assert password.read_text() != before
    assert password.read_text().strip() not in told


def test_producers_wait_for_the_disk_where_asked(tmp_path: Path) -> None:
    written(tmp_path, "--fsync-ack")
    assert "+waitaof" in (tmp_path / "redis" / "users.acl").read_text()


def test_what_is_wrong_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert secrets(tmp_path / "file")[0] == 1
    code, told = secrets(tmp_path, "--owner", "nobody=1")
    assert (code, "READER=UID" in told) == (2, True)
