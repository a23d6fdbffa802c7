"""The commands before they reach a server: help, usage, settings, and a server that is not there."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner, Result

from warta_index.cli import search as search_command
from warta_index.cli import setup as setup_command

SECRET = "s3cret-s3cret"


def run(app: Typer, *arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


@pytest.fixture
def nobody_there(monkeypatch: pytest.MonkeyPatch) -> str:
    """An address of this machine where nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    monkeypatch.setenv("WARTA_ELASTICSEARCH_URL", url)
    monkeypatch.setenv("WARTA_ELASTICSEARCH_PASSWORD", SECRET)
    monkeypatch.setenv("WARTA_ELASTICSEARCH_API_KEY", SECRET)
    return url


@pytest.mark.parametrize("app", [setup_command.app, search_command.app])
def test_help_has_examples_and_exit_codes(app: Typer) -> None:
    result = run(app, "--help")
    assert result.exit_code == 0
    assert "Examples" in result.output
    assert "Exit codes" in result.output


def test_search_without_a_server_says_so(nobody_there: str) -> None:
    result = run(search_command.app, "pasar")
    assert result.exit_code == 3
    assert f"no answer from {nobody_there}" in result.output
    assert "WARTA_ELASTICSEARCH_URL" in result.output
    assert SECRET not in result.output


def test_setup_without_a_server_gives_up_after_its_patience(nobody_there: str, tmp_path: Path) -> None:
    result = run(setup_command.app, "--wait", "0.5", "--keys-dir", str(tmp_path))
    assert result.exit_code == 3
    assert f"no answer from {nobody_there}" in result.output
    assert SECRET not in result.output
    assert list(tmp_path.iterdir()) == []


def test_setup_needs_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WARTA_ELASTICSEARCH_PASSWORD", raising=False)
    monkeypatch.delenv("WARTA_ELASTICSEARCH_PASSWORD_FILE", raising=False)
    result = run(setup_command.app)
    assert result.exit_code == 2
    assert "WARTA_ELASTICSEARCH_PASSWORD_FILE" in result.output


@pytest.mark.usefixtures("nobody_there")
@pytest.mark.parametrize("arguments", [("--rotate-keys",), ("--rotate-keys", "--check", "--keys-dir", "x")])
def test_rotation_needs_a_folder_and_changes_things(arguments: tuple[str, ...]) -> None:
    assert run(setup_command.app, *arguments).exit_code == 2


@pytest.mark.parametrize("app", [setup_command.app, search_command.app])
def test_wrong_settings_are_named_but_not_shown(app: Typer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARTA_ELASTICSEARCH_URL", f"http://elastic:{SECRET}@127.0.0.1:9200")
    result = run(app)
    assert result.exit_code == 2
    assert "WARTA_ELASTICSEARCH_URL" in result.output
    assert SECRET not in result.output


@pytest.mark.usefixtures("nobody_there")
@pytest.mark.parametrize(
    "arguments",
    [
        ("--since", "yesterday"),
        ("--until", "2025-13-01"),
        ("--size", "1001"),
        ("--sort", "best"),
        ("--status", "x"),
    ],
)
def test_wrong_options_are_usage_errors(arguments: tuple[str, ...]) -> None:
    assert run(search_command.app, "pasar", *arguments).exit_code == 2
