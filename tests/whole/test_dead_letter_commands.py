"""`warta dead-letters` on a running system: what is buried is listed, shown and put back."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from fixtures_stack import Running
from waiting import eventually
from warta_local.demo.connections import open_servers
from warta_shared.cli.main import app
from warta_shared.delivery.names import RAW
from warta_shared.events import Entry

REASON, ARTICLE = "invalid-event", "d" * 26


def warta(running: Running, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["dead-letters", *arguments], env={**running.variables, "COLUMNS": "300"})


def listed(running: Running) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        warta(running, "list", "--group", "enrich", "--reason", REASON, "--json").stdout
    )["letters"]
    return found


@pytest.fixture(scope="module")
def buried(running: Running) -> dict[str, Any]:
    """An entry whose body is no event, put onto the stream by hand."""

    async def planted() -> None:
        async with open_servers(running.variables) as servers:
            fields = Entry(ARTICLE, b"by \x1b[31mhand").fields()
            await servers.redis.xadd(RAW, dict(zip(fields[::2], fields[1::2], strict=True)))

    asyncio.run(planted())
    return eventually(lambda: listed(running))[-1]


def test_it_is_listed_and_counted(running: Running, buried: dict[str, Any]) -> None:
    told = warta(running, "list")
    assert told.exit_code == 1
    assert buried["id"] in told.stdout
    assert f"enrich {REASON}" in told.stdout.splitlines()[-1]


def test_it_is_shown_with_its_original_and_without_commands_for_the_terminal(
    running: Running, buried: dict[str, Any]
) -> None:
    told = warta(running, "show", buried["id"])
    assert told.exit_code == 0
    assert "original.body" in told.stdout
    assert "\x1b" not in told.stdout
    as_json = json.loads(warta(running, "show", buried["id"], "--json").stdout)
    assert as_json["original"]["body"] == "by \x1b[31mhand"


def test_it_is_put_back_once_and_buried_again(running: Running, buried: dict[str, Any]) -> None:
    told = warta(running, "replay", buried["id"])
    assert (told.exit_code, told.stdout) == (0, "1 of 1 put back\n")
    assert warta(running, "replay", buried["id"]).exit_code == 1
    again = eventually(lambda: [one for one in listed(running) if one["id"] != buried["id"]])
    told = warta(running, "replay", "--all", "--reason", REASON, "--json")
    assert told.exit_code == 0
    assert again[-1]["id"] in {one["id"] for one in json.loads(told.stdout)["letters"]}
    eventually(lambda: listed(running))


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (["replay"], 2, "name dead letters, or give --all"),
        (["replay", "1-1", "--all"], 2, "name dead letters, or give --all"),
        (["replay", "1-1"], 1, "there is no dead letter 1-1"),
        (["replay", "--all", "--reason", "none-such"], 1, "no dead letter matches"),
        (["show", "1-1"], 1, "there is no dead letter 1-1"),
        (["show", "nonsense"], 1, "there is no dead letter nonsense"),
    ],
)
def test_what_is_not_there_is_told(running: Running, arguments: list[str], code: int, word: str) -> None:
    told = warta(running, *arguments)
    assert (told.exit_code, word in told.stderr) == (code, True), told.output
