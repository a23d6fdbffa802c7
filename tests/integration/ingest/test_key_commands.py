"""`warta keys` with a real Redis: what is made, shown once, listed and revoked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import Result
from redis import Redis
from typer.testing import CliRunner

from warta_shared.cli.main import app
from warta_shared.secrets.push_keys import digest, key_line, new_push_key

Warta = Callable[..., Result]


@pytest.fixture
def warta(redis_url: str) -> Warta:
    def run(*arguments: str, **env: str) -> Result:
        return CliRunner().invoke(
            app, ["keys", *arguments], env={"WARTA_REDIS_URL": redis_url, "COLUMNS": "200"} | env
        )

    return run


def told(done: Result) -> Any:
    assert done.exit_code == 0, done.stderr
    return orjson.loads(done.stdout)


def test_a_key_is_shown_once_and_only_its_digest_is_kept(warta: Warta, redis_url: str) -> None:
    made = warta("make", "newsdesk")
    secret = made.stdout.strip()
    assert made.exit_code == 0
    assert secret.startswith("warta_") and len(secret) == 49
    assert "not shown again" in made.stderr
    with Redis.from_url(redis_url) as redis:
        stored: Any = redis.hgetall("push-keys:made")
    assert list(stored) == [secret[:14].encode()]
    assert digest(secret).encode() in stored[secret[:14].encode()]
    assert secret[14:].encode() not in b"".join(stored.values())
    assert secret[14:] not in warta("list").stdout + warta("list", "--json").stdout


def test_everything_that_a_key_may_be_given(warta: Warta) -> None:
    made = told(
        warta(
            "make",
            "kabar",
            "--source",
            "KABAR",
            "--source",
            "POST",
            "--rate",
            "600",
            "--expires",
            "90d",
            "--json",
        )
    )
    secret = made.pop("key")
    [listed] = told(warta("list", "--json"))
    assert listed == made
    assert (listed["prefix"], listed["name"], listed["origin"]) == (secret[:14], "kabar", "command")
    assert (listed["rate"], listed["sources"], listed["last_used"]) == (600, ["KABAR", "POST"], None)
    lifetime = datetime.fromisoformat(listed["expires"]) - datetime.fromisoformat(listed["created"])
    assert lifetime == timedelta(days=90)
    shown = warta("list").stdout
    assert "KABAR, POST" in shown and "600" in shown and "never" in shown


def test_without_options_a_key_may_do_all_for_ever(warta: Warta) -> None:
    made = told(warta("make", "all", "--json"))
    assert (made["rate"], made["sources"], made["expires"], made["expired"]) == (None, [], None, False)


def test_keys_of_the_file_are_listed_with_it_or_once_they_were_used(
    warta: Warta, redis_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "push_keys"
    file.write_text(key_line("operator", new_push_key()))
    [listed] = told(warta("list", "--json", WARTA_PUSH_KEYS_FILE=str(file)))
    assert (listed["prefix"], listed["origin"], listed["last_used"]) == ("file:operator", "file", None)
    assert told(warta("list", "--json")) == []
    noon = datetime(2025, 6, 2, 12, tzinfo=UTC)
    with Redis.from_url(redis_url) as redis:
        redis.hset("push-used:at", "file:operator", int(noon.timestamp() * 1000))
    [listed] = told(warta("list", "--json"))
    assert (listed["name"], listed["last_used"]) == ("operator", noon.isoformat())


def test_a_name_is_revoked_with_all_its_keys_a_prefix_with_one(warta: Warta) -> None:
    first, second, other = (told(warta("make", name, "--json"))["prefix"] for name in ("a", "a", "b"))
    assert told(warta("revoke", "--prefix", first, "--json")) == {"revoked": [first]}
    assert [one["prefix"] for one in told(warta("list", "--json"))] == [second, other]
    assert warta("revoke", "a").stdout == f"revoked {second}\n"
    assert [one["name"] for one in told(warta("list", "--json"))] == ["b"]


def test_revoking_by_the_whole_key_works_too(warta: Warta) -> None:
    """What leaked is what one has at hand."""
    secret = warta("make", "leaked").stdout.strip()
    done = warta("revoke", "--prefix", secret)
    assert (done.exit_code, done.stdout) == (0, f"revoked {secret[:14]}\n")


def test_revoking_what_is_not_there_is_a_problem(warta: Warta) -> None:
    for arguments in (("nobody",), ("--prefix", "warta_00000000")):
        done = warta("revoke", *arguments)
        assert done.exit_code == 1
        assert "no such key" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("make", "two words"), "a name is"),
        (("make", "a", "--source", "no code"), "no source code"),
        (("make", "a", "--expires", "soon"), "90d"),
        (("make", "a", "--expires", "0d"), "90d"),
        (("make", "a", "--expires", "99999w"), "90d"),
        (("make", "a", "--rate", "0"), "rate"),
        (("revoke",), "one of the two"),
        (("revoke", "a", "--prefix", "warta_12345678"), "one of the two"),
        (("revoke", "--prefix", "warta_"), "14 characters"),
    ],
)
def test_what_makes_no_sense_is_said(warta: Warta, arguments: tuple[str, ...], said: str) -> None:
    done = warta(*arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert told(warta("list", "--json")) == []


def test_there_is_an_end_to_keys(warta: Warta, redis_url: str) -> None:
    with Redis.from_url(redis_url) as redis:
        redis.hset("push-keys:made", mapping={f"warta_{number:08}": "{}" for number in range(1_000)})
    done = warta("make", "one-more")
    assert done.exit_code == 1
    assert "1,000 keys" in done.stderr
