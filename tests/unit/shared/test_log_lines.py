"""JSON log lines as `warta logs` shows and filters them, and as the services write them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest
from typer.testing import CliRunner

from warta_shared.cli.logs import chosen, read_line, rendered
from warta_shared.cli.main import app
from warta_shared.delivery.account import account
from warta_shared.delivery.commit import Received
from warta_shared.delivery.outcome import Dead, Done, Outcome, Publish, Retry
from warta_shared.events import Entry
from warta_shared.events.traceparent import new_traceparent, read_traceparent, trace_id
from warta_shared.telemetry.logs import configure_logs

LINE = {
    "time": "2026-11-30T10:00:00+0000",
    "level": "WARNING",
    "service": "enrich",
    "logger": "warta_shared.delivery.account",
    "event": "dead",
    "hop": "enrich",
    "article_id": "a1",
    "detail": "",
}


def written(**changes: Any) -> str:
    return orjson.dumps(LINE | changes).decode() + "\n"


def test_a_line_is_found_behind_the_prefix_of_compose() -> None:
    assert read_line(f"enrich-1  | {written()}") == LINE
    assert read_line("plain text\n") is None
    assert read_line('{"no": "event"}') is None
    assert read_line("{broken}") is None


def test_a_line_for_people() -> None:
    shown = rendered(LINE).plain
    assert shown == "2026-11-30T10:00:00 WARNING  enrich  dead hop=enrich article_id=a1"


def test_what_outsiders_wrote_is_shown_and_not_obeyed() -> None:
    shown = rendered(LINE | {"detail": "\x1b[2J\r\nfake", "exc_info": "Traceback\n  \x07line"}).plain
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert shown.count("\n") == 2


@pytest.mark.parametrize(
    ("wanted", "least", "shown"),
    [
        ({}, logging.DEBUG, True),
        ({}, logging.ERROR, False),
        ({"hop": "enrich"}, logging.DEBUG, True),
        ({"hop": "enrich", "article_id": "a2"}, logging.DEBUG, False),
    ],
)
def test_filters(wanted: dict[str, str], least: int, shown: bool) -> None:
    assert chosen(LINE, wanted, least) is shown


def test_text_among_the_lines_is_kept_unless_something_is_sought() -> None:
    assert chosen(None, {}, logging.ERROR)
    assert not chosen(None, {"hop": "enrich"}, logging.DEBUG)


def test_the_command(tmp_path: Path) -> None:
    file = tmp_path / "enrich.log"
    file.write_text(written() + written(event="retry", level="DEBUG") + "text\x1b[0m\n")
    runner = CliRunner()
    told = runner.invoke(app, ["logs", str(file), "--level", "warning"])
    assert (told.exit_code, "retry" in told.output, "text [0m" in told.output) == (0, False, True)
    piped = runner.invoke(app, ["logs", "--json", "--where", "event=retry"], input=file.read_text())
    assert orjson.loads(piped.output)["level"] == "DEBUG"
    assert runner.invoke(app, ["logs", str(tmp_path / "none")]).exit_code == 1
    assert runner.invoke(app, ["logs", str(file), "--where", "nonsense"]).exit_code == 2


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Set the logs up as a service does, for this test alone."""
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", root.handlers[:])
    monkeypatch.setattr(root, "level", root.level)
    return lambda level: configure_logs("enrich", level)


def told_of(outcomes: Sequence[Outcome], capfd: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    received = Received(b"1-0", {b"id": b"a1"})
    account("enrich", [(received, outcome, True) for outcome in outcomes], 0.1)
    return [orjson.loads(line) for line in capfd.readouterr().err.splitlines()]


def test_many_at_once_have_a_line_for_each_outcome(
    configured: Callable[[str], None], capfd: pytest.CaptureFixture[str]
) -> None:
    away = Retry("redis-away", blame=False)
    outcomes = [
        *[Publish(Entry("a1", b"{}"))] * 20,
        *[Done("superseded-by-newer")] * 3,
        Dead("no-text"),
        away,
    ]
    configured("INFO")
    told = [(one["event"], one["level"], one.get("messages")) for one in told_of(outcomes, capfd)]
    assert told == [
        ("dead", "WARNING", None),
        ("publish", "INFO", 20),
        ("done", "INFO", 3),
        ("retry", "WARNING", 1),
    ]
    configured("DEBUG")
    assert [one["event"] for one in told_of(outcomes, capfd)].count("publish") == 20


def test_each_of_a_few_messages_has_a_line_with_its_trace(
    configured: Callable[[str], None], capfd: pytest.CaptureFixture[str]
) -> None:
    configured("INFO")
    made = new_traceparent()
    received = Received(b"1-0", {b"id": b"a1", b"traceparent": made.encode(), b"body": b"the secret body"})
    outcomes = [Publish(Entry("a1", b"{}")), Dead("no-text", "why"), Retry("broke", "how")]
    account("enrich", [(received, outcome, True) for outcome in outcomes], 0.1)
    written_out = capfd.readouterr().err
    lines = [orjson.loads(line) for line in written_out.splitlines()]
    told = [(line["event"], line["level"], line.get("reason")) for line in lines if "trace_id" in line]
    assert told == [
        ("publish", "INFO", None),
        ("dead", "WARNING", "no-text"),
        ("retry", "WARNING", "broke"),
    ]
    assert {line["trace_id"] for line in lines if "trace_id" in line} == {trace_id(made)}
    assert "secret body" not in written_out


def test_traceparents_are_made_and_read_as_the_standard_has_them() -> None:
    made = new_traceparent()
    assert read_traceparent(made) == made
    assert trace_id(made) == made.split("-")[1]
    assert new_traceparent() != made
    assert [read_traceparent(text) for text in ("", "00-zz-1-00", f"{made}-more")] == ["", "", ""]
    assert trace_id("") == ""
