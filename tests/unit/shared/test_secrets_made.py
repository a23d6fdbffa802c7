"""The secrets of an installation: who can read them, what is kept, and what follows from what."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from warta_shared.delivery.hop import HOPS, Hop
from warta_shared.delivery.names import key
from warta_shared.secrets import write_secrets
from warta_shared.secrets.push_keys import digest
from warta_shared.secrets.redis_acl import DEFAULT_USER, USERS, acl_file

MADE = {
    *(
        f"{user}/redis_password"
        for user in ("ingest", "enrich", "index", "operator", "health", "redis-exporter")
    ),
    "redis/users.acl",
    "elasticsearch/elastic_password",
    "setup/elastic_password",
    "operator/push_key",
    "ingest/push_keys",
    "redis-exporter/passwords.json",
    "grafana/admin_password",
    "grafana/secret_key",
}
SERVICE_OF = {"fetch": "ingest", "enrich": "enrich", "index": "index"}


def contents(root: Path) -> dict[str, str]:
    return {str(path.relative_to(root)): path.read_text() for path in root.rglob("*") if path.is_file()}


def test_what_is_made_and_who_can_read_it(tmp_path: Path) -> None:
    written = write_secrets(tmp_path)
    assert {str(path.relative_to(tmp_path)) for path in written} == MADE == set(contents(tmp_path))
    for path in written:
        assert path.stat().st_mode & 0o777 == 0o400, path
        assert path.parent.stat().st_mode & 0o777 == 0o700, path.parent


def test_secrets_are_long_and_all_different(tmp_path: Path) -> None:
    write_secrets(tmp_path)
    made = contents(tmp_path)
    passwords = [made[f"{user}/redis_password"] for user in USERS]
    passwords += [made["elasticsearch/elastic_password"], made["operator/push_key"].removeprefix("warta_")]
    assert len(set(passwords)) == len(passwords)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", password) for password in passwords)


def test_what_follows_from_a_secret(tmp_path: Path) -> None:
    write_secrets(tmp_path)
    made = contents(tmp_path)
    assert made["redis/users.acl"] == acl_file({user: made[f"{user}/redis_password"] for user in USERS})
    assert made["setup/elastic_password"] == made["elasticsearch/elastic_password"]
    assert made["ingest/push_keys"] == f"operator:{digest(made['operator/push_key'])}\n"
    assert json.loads(made["redis-exporter/passwords.json"]) == {
        "redis://redis-exporter@redis:6379": made["redis-exporter/redis_password"]
    }


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    write_secrets(tmp_path)
    before = contents(tmp_path)
    assert write_secrets(tmp_path) == []
    assert contents(tmp_path) == before


def test_rotation_makes_all_anew_but_elasticsearch_s_own(tmp_path: Path) -> None:
    write_secrets(tmp_path)
    before = contents(tmp_path)
    write_secrets(tmp_path, rotate=True)
    after = contents(tmp_path)
    kept = {name for name in MADE if before[name] == after[name]}
    assert kept == {
        "elasticsearch/elastic_password",
        "setup/elastic_password",
        "grafana/admin_password",
        "grafana/secret_key",
    }


@pytest.mark.parametrize("name", sorted(MADE))
@pytest.mark.parametrize("harm", [Path.unlink, lambda path: (path.chmod(0o600), path.write_text(""))])
def test_a_run_that_was_cut_off_is_mended(name: str, harm: Callable[[Path], object], tmp_path: Path) -> None:
    write_secrets(tmp_path)
    harm(tmp_path / name)
    assert tmp_path / name in write_secrets(tmp_path)
    made = contents(tmp_path)
    assert made["redis/users.acl"] == acl_file({user: made[f"{user}/redis_password"] for user in USERS})
    assert made["setup/elastic_password"] == made["elasticsearch/elastic_password"]
    assert made["ingest/push_keys"] == f"operator:{digest(made['operator/push_key'])}\n"
    assert (tmp_path / name).stat().st_mode & 0o777 == 0o400


def test_other_pushers_keep_their_keys(tmp_path: Path) -> None:
    write_secrets(tmp_path)
    path = tmp_path / "ingest" / "push_keys"
    other = f"wire:{'0' * 64}"
    path.chmod(0o600)
    path.write_text(path.read_text() + other + "\n")
    write_secrets(tmp_path, rotate=True)
    operator = digest((tmp_path / "operator" / "push_key").read_text())
    assert path.read_text() == f"operator:{operator}\n{other}\n"


def test_an_owner_gets_the_folder(tmp_path: Path) -> None:
    write_secrets(tmp_path, owners={"exporter": os.getuid()})
    folder = tmp_path / "exporter"
    assert (folder.stat().st_mode & 0o777, folder.stat().st_uid) == (0o700, os.getuid())


def acl_lines() -> dict[str, str]:
    lines = acl_file({user: f"password of {user}" for user in USERS}).splitlines()
    return {line.split()[1]: line for line in lines}


def test_the_users_of_an_acl_file() -> None:
    lines = acl_lines()
    assert list(lines) == ["default", "ingest", "enrich", "index", "operator", "health", "redis-exporter"]
    assert lines["default"] == f"user default {DEFAULT_USER}"
    sha256 = hashlib.sha256(b"password of health").hexdigest()
    assert lines["health"] == f"user health on #{sha256} resetchannels resetkeys -@all +ping"
    assert (
        lines["index"].split()[2:]
        == (
            f"on #{hashlib.sha256(b'password of index').hexdigest()} resetchannels resetkeys -@all "
            "~articles.enriched* ~articles.dead* %R~log-level* "
            "+ping +hello +select +client|id +client|setname +command +cluster|slots +cluster|shards +cluster|nodes "
            "+eval +xadd +xack +xreadgroup +xgroup|create +xgroup|setid +xgroup|delconsumer "
            "+xinfo|groups +xinfo|consumers +xinfo|stream +xpending +xclaim +xrange +xlen +xtrim +wait "
            "+get +set +exists +incrby"
        ).split()
    )


def test_only_producers_may_wait_for_the_disk_and_only_when_asked() -> None:
    passwords = dict.fromkeys(USERS, "password")
    assert "waitaof" not in acl_file(passwords)
    lines = acl_file(passwords, fsync_ack=True).splitlines()
    assert [line.split()[1] for line in lines if line.endswith(" +waitaof")] == ["ingest", "operator"]


def test_an_acl_file_holds_no_password() -> None:
    assert "password of" not in acl_file({user: f"password of {user}" for user in USERS})


def test_nobody_may_do_everything() -> None:
    dangerous = {
        "+config",
        "+acl",
        "+client",
        "+cluster",
        "+script",
        "+debug",
        "+flushall",
        "+keys",
        "allkeys",
    }
    lines = acl_lines()
    assert "off" in lines.pop("default").split()  # nobody can be this one
    for user, line in lines.items():
        words = line.split()
        assert not dangerous & set(words), user
        assert not [word for word in words if word.startswith("+@") or word in {"~*", "nopass"}], user


@pytest.mark.parametrize("hop", HOPS, ids=lambda hop: hop.name)
@pytest.mark.parametrize("partition", [None, 7])
def test_a_service_may_touch_the_streams_of_its_hop(hop: Hop, partition: int | None) -> None:
    patterns = [word[1:] for word in acl_lines()[SERVICE_OF[hop.name]].split() if word.startswith("~")]
    for stream in (
        hop.source_key(partition),
        hop.target_key(partition),
        hop.dead_key(partition),
        hop.settled_key(partition),
    ):
        assert any(fnmatchcase(stream, pattern) for pattern in patterns), stream


def test_a_service_may_not_touch_the_keys_of_another() -> None:
    patterns = [word[1:] for word in acl_lines()["index"].split() if word.startswith("~")]
    for foreign in ("articles.raw", "pages.found", key("registry", None, "x"), key("registry", 7, "x")):
        assert not any(fnmatchcase(foreign, pattern) for pattern in patterns), foreign
