"""Commands that cannot go on say why in a line, what to do, and end with the code that scripts look at."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner, Result

from warta_local.processes.ports import free_port
from warta_shared.cli.main import app

KEY = {"WARTA_PUSH_KEY": "warta_key"}
# Whatever the developer's own environment says.
NOTHING = dict.fromkeys(("WARTA_PUSH_KEY_FILE", "WARTA_REDIS_USERNAME", "WARTA_REDIS_PASSWORD_FILE"))


def warta(*arguments: str, stdin: str = "", **env: str) -> Result:
    away = f"127.0.0.1:{free_port()}"
    servers = {"WARTA_INGEST_URL": f"http://{away}", "WARTA_REDIS_URL": f"redis://{away}"}
    return CliRunner().invoke(app, arguments, input=stdin, env={**NOTHING, **servers, **KEY, **env})


@pytest.mark.parametrize(
    ("arguments", "stdin", "env", "named"),
    [
        (["push", "/nowhere.ndjson"], "", {}, "No such file"),
        (["push", "/"], "", {}, "Is a directory"),
        (["push", "-"], "", {}, "holds no article"),
        (["push", "-"], "{broken", {}, "line 1 is not JSON"),
        (["push", "-", "--format", "xml"], "{}", {}, "xml"),
        (["push", "-", "--patience", "-1"], "{}", {}, "patience"),
        (["push", "-", "--url", "https://a.example/"], "{}\n{}", {}, "name one article"),
        (["push", "-", "--external-id", "a"], "{}\n{}", {}, "name one article"),
        (["push", "-"], "{}", {"WARTA_INGEST_URL": "ingest:8080"}, "WARTA_INGEST_URL"),
        (["push", "-"], "{}", {"WARTA_INGEST_URL": "http://[::"}, "WARTA_INGEST_URL"),
        (["push", "-"], "{}", {"WARTA_PUSH_KEY": "two\nlines"}, "push key"),
        (["push", "-"], "{}", {"WARTA_PUSH_KEY": "k\u00e9y"}, "push key"),
        (["push", "-"], "{}", {"WARTA_PUSH_KEY": ""}, "no push key"),
        (
            ["push", "-"],
            "{}",
            {"WARTA_PUSH_KEY": "", "WARTA_PUSH_KEY_FILE": "/nowhere"},
            "WARTA_PUSH_KEY_FILE",
        ),
        (["trace", "not-a-url"], "", {}, "neither"),
        (["feeds", "poll"], "", {}, "--all"),
        (["feeds", "poll", "a", "--all"], "", {}, "--all"),
        (["feeds", "add", "ftp://a.example", "--no-check"], "", {}, "url"),
        (["feeds", "list"], "", {"WARTA_REDIS_URL": "http://a.example"}, "WARTA_REDIS_URL"),
    ],
)
def test_wrong_usage_is_code_2(arguments: list[str], stdin: str, env: dict[str, str], named: str) -> None:
    done = warta(*arguments, stdin=stdin, **env)
    assert done.exit_code == 2, done.output
    assert named in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    "arguments",
    [["push", "-"], ["feeds", "list"], ["feeds", "poll", "post"], ["trace", "https://a.example/"]],
)
def test_nobody_there_is_code_3_and_advice(arguments: list[str]) -> None:
    done = warta(*arguments, stdin="{}")
    assert done.exit_code == 3, done.output
    assert "no answer from" in done.stderr
    assert "WARTA_" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    "command", [["push"], ["trace"], ["feeds"], ["feeds", "list"], ["feeds", "check"], ["feeds", "poll"]]
)
def test_help_has_examples_and_exit_codes(command: list[str]) -> None:
    shown = warta(*command, "--help").stdout
    if command != ["feeds"]:
        assert "Examples:" in shown
        assert "Exit codes:" in shown
        assert f"warta {' '.join(command)}" in shown
    assert "--help" in shown
