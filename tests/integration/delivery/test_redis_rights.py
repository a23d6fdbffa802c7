"""`warta doctor` asks a real Redis what its users may do, and finds rights that are missing or too many."""

from __future__ import annotations

from pathlib import Path

import pytest
from redis.asyncio import Redis

from warta_local.redis_server import RedisServer
from warta_shared.doctor.finding import Finding, Level
from warta_shared.doctor.redis_rights import rights_findings
from warta_shared.secrets.redis_acl import DEFAULT_USER, KEYS, USERS, acl_file

WATCHER = "user watcher on nopass allkeys +@all"


async def asked(folder: Path, acl: str, user: str = "watcher") -> list[Finding]:
    path = folder / "users.acl"
    path.write_text(f"{acl}{WATCHER}\n")
    with RedisServer(folder / "redis", acl_file=path, credentials=("watcher", "any")) as server:
        redis = Redis.from_url(server.url, username=user, password="secret")
        try:
            return await rights_findings(redis)
        finally:
            await redis.aclose()


@pytest.fixture
def acl() -> str:
    return acl_file(dict.fromkeys(USERS, "secret"))


@pytest.mark.parametrize("user", ["watcher", "operator"])
async def test_the_file_of_this_release_is_right_also_in_the_operator_s_eyes(
    tmp_path: Path, acl: str, user: str
) -> None:
    found = await asked(tmp_path, acl, user)
    assert [finding.says for finding in found] == [
        *[f"{name}: as this release wants it" for name in KEYS],
        "default: may read the append-only file",
    ]


async def test_rights_of_an_earlier_release_are_found(tmp_path: Path, acl: str) -> None:
    found = await asked(tmp_path, acl.replace(" +xpending", "").replace(" ~story*", ""))
    by_user = dict(zip((*KEYS, "default"), found, strict=True))
    assert by_user["index"].level is Level.FAIL
    assert by_user["index"].says == "index may not xpending"
    assert by_user["enrich"].says == "enrich may not xpending, ~story*"
    assert "warta secrets" in by_user["enrich"].advice


async def test_a_default_user_who_cannot_read_the_file_again_is_found(tmp_path: Path, acl: str) -> None:
    *_, found = await asked(tmp_path, acl.replace(f"user default {DEFAULT_USER}", "user default off"))
    assert found.level is Level.FAIL
    assert "a restart of Redis loses" in found.says


async def test_a_user_who_may_too_much_is_found(tmp_path: Path, acl: str) -> None:
    found = await asked(
        tmp_path, acl.replace("~articles.enriched* ~articles.dead* %R~log-level* +ping", "~* +flushall +ping")
    )
    assert [finding.says for finding in found if finding.level is Level.FAIL] == ["index may flushall"]


async def test_a_redis_without_users_is_no_failure(tmp_path: Path) -> None:
    [found] = await asked(tmp_path, "")
    assert found.level is Level.SKIPPED
