"""`warta doctor` asks a real Redis what its users may do, and finds rights that are missing or too many."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from warta_local.redis_server import RedisServer
from warta_shared.doctor.finding import Finding, Level
from warta_shared.doctor.redis_rights import rights_findings
from warta_shared.secrets.redis_acl import DEFAULT_USER, KEYS, USERS, acl_file

WATCHER = "user watcher on nopass allkeys +@all"


@asynccontextmanager
async def asking(folder: Path, acl: str, user: str = "watcher") -> AsyncIterator[Redis]:
    path = folder / "users.acl"
    path.write_text(f"{acl}{WATCHER}\n")
    with RedisServer(folder / "redis", acl_file=path, credentials=("watcher", "any")) as server:
        redis = Redis.from_url(server.url, username=user, password="secret")
        try:
            yield redis
        finally:
            await redis.aclose()


async def asked(folder: Path, acl: str, user: str = "watcher") -> list[Finding]:
    async with asking(folder, acl, user) as redis:
        return await rights_findings(redis)


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


ALWAYS = {"auth", "hello", "quit", "reset"}
"""What a server lets anybody do who may connect."""


async def whole_commands(redis: Redis) -> list[tuple[str, tuple[str, ...]]]:
    """Every command of the server, subcommands one by one, with as many arguments as each takes at least."""
    found = []
    for told in (await redis.execute_command("COMMAND")).values():
        found += [_subcommand(one) for one in told["subcommands"]] or [told]
    return [(one["name"], filled(one["name"].split("|"), one["arity"])) for one in found]


def _subcommand(told: Any) -> dict[str, Any]:
    name, arity = told[0], told[1]
    return {"name": name.decode() if isinstance(name, bytes) else name, "arity": arity}


def filled(words: list[str], arity: int) -> tuple[str, ...]:
    filler = "1" if words[0] in ("eval", "eval_ro", "fcall", "fcall_ro") else "articles.enriched"
    return (*words, *([filler] * max(0, abs(arity) - len(words))))


async def may(redis: Redis, user: str, command: tuple[str, ...]) -> bool:
    answer = await redis.execute_command("ACL", "DRYRUN", user, *command)
    return answer in (b"OK", "OK") or b"no permissions to access" in answer


@pytest.mark.parametrize("user", [*KEYS, "health", "redis-exporter"])
async def test_a_user_may_call_what_its_line_names_and_nothing_else(
    tmp_path: Path, acl: str, user: str
) -> None:
    line = next(line for line in acl.splitlines() if line.startswith(f"user {user} "))
    named = {word.removeprefix("+") for word in line.split() if word.startswith("+")}
    async with asking(tmp_path, acl) as redis:
        known = await whole_commands(redis)
        allowed = {name for name, command in known if await may(redis, user, command)}
    # A command with subcommands that is named as a whole allows all of them.
    allowed -= ALWAYS - named
    assert {name for name in allowed if name not in named and name.partition("|")[0] not in named} == set()
    assert named - allowed - {name.partition("|")[0] for name in allowed} == set()


KINDS = ("pages.found", "articles.raw", "articles.enriched", "articles.dead", "registry", "feeds", "host-turn", "story",
         "push-keys", "push-rate", "push-once", "canary", "log-level", "backfill", "reenrich", "strange")  # fmt: skip
MAY_WRITE = {
    "ingest": {"pages.found", "articles.raw", "articles.dead", "registry", "feeds", "host-turn", "push-rate",
               "push-once", "canary"},
    "enrich": {"articles.raw", "articles.enriched", "articles.dead", "story"},
    "index": {"articles.enriched", "articles.dead"},
    "operator": {"pages.found", "articles.raw", "articles.enriched", "articles.dead", "registry", "feeds", "story",
                 "push-keys", "log-level", "backfill", "reenrich"},
}  # fmt: skip


@pytest.mark.parametrize("user", KEYS)
async def test_a_user_writes_the_keys_of_its_work_and_no_other(tmp_path: Path, acl: str, user: str) -> None:
    async with asking(tmp_path, acl) as redis:
        written = {
            kind
            for kind in KINDS
            if await redis.execute_command("ACL", "DRYRUN", user, "xadd", f"{kind}:1", "*", "a", "b")
            in (b"OK", "OK")
        }
    assert written == MAY_WRITE[user]
