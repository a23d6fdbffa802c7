"""What a stack writes into its folder, and how others read it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

import psutil
import pytest
from dotenv import dotenv_values
from typer.testing import CliRunner

from warta_local.cli.local import app
from warta_local.cli.logs import follow, recent
from warta_local.processes import PortTaken
from warta_local.stack import Occupied, StackFolder, StackOptions, read_record
from warta_local.stack.choices import NAMES, Choices, choose
from warta_local.stack.client_env import client_variables, write_client_env
from warta_local.stack.occupancy import occupy, try_lock
from warta_local.stack.record import created, is_same, new_record, write_record
from warta_local.stack.services import service_program, without_ours
from warta_local.supervisor import Look, Phase

CHOICES = Choices(ports=dict(zip(NAMES, range(7_001, 7_006), strict=True)), engine="valkey")


@pytest.fixture
def folder(tmp_path: Path) -> StackFolder:
    folder = StackFolder(tmp_path / "my stack")
    folder.make()
    return folder


def look(name: str, pid: int | None, phase: Phase = Phase.READY) -> Look:
    return Look(name, phase, 7_001, pid, 2, 1_000_000, "" if phase is Phase.READY else "does not listen yet")


def options(folder: StackFolder, **more: Any) -> StackOptions:
    return replace(StackOptions(folder.root), **more)


def test_ports_and_engine_are_kept(folder: StackFolder) -> None:
    first = choose(folder, options(folder, engine="valkey"))
    assert sorted(first.ports) == sorted(NAMES)
    assert len(set(first.ports.values())) == len(NAMES)
    assert choose(folder, options(folder)) == first


def test_a_port_that_was_taken_meanwhile_is_replaced(folder: StackFolder) -> None:
    first = choose(folder, options(folder))
    with socket.socket() as other:
        other.bind(("127.0.0.1", first.ports["index"]))
        other.listen()
        second = choose(folder, options(folder))
    assert second.ports["index"] != first.ports["index"]
    assert second.ports["redis"] == first.ports["redis"]


def test_a_taken_port_that_was_asked_for_is_an_error(folder: StackFolder) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(PortTaken, match="for the push API is in use"):
            choose(folder, options(folder, http_port=other.getsockname()[1]))


def test_client_variables_suit_dotenv_and_a_shell(folder: StackFolder) -> None:
    variables = client_variables(folder, CHOICES, {"WARTA_PARTITIONS": "8", "WARTA_LOG_LEVEL": "DEBUG"})
    assert variables["WARTA_PARTITIONS"] == "8"
    assert "WARTA_LOG_LEVEL" not in variables
    write_client_env(folder, variables)
    assert dotenv_values(folder.client_env) == variables
    shell = subprocess.run(
        ["sh", "-c", f". '{folder.client_env}'; echo $WARTA_INGEST_URL; echo $WARTA_PUSH_KEY_FILE"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert shell.stdout.splitlines() == [
        "http://127.0.0.1:7003",
        f"{folder.secrets.resolve()}/operator/push_key",
    ]
    assert folder.client_env.stat().st_mode & 0o777 == 0o600


def test_variables_of_other_servers_do_not_reach_the_services() -> None:
    environment = {
        "PATH": "/bin",
        "WARTA_FEEDS_FILE": "feeds.yaml",
        "WARTA_REDIS_URL": "redis://elsewhere",
        "WARTA_REDIS_PASSWORD": "x",
        "WARTA_ELASTICSEARCH_API_KEY": "x",
        "WARTA_HTTP_PORT": "1",
        "WARTA_PUSH_KEYS": "x",
    }
    assert without_ours(environment) == {"PATH": "/bin", "WARTA_FEEDS_FILE": "feeds.yaml"}


def test_a_service_gets_its_own_secrets_only(folder: StackFolder) -> None:
    show = "import os; print(sorted(v for k, v in os.environ.items() if k.endswith('_FILE')))"
    (folder.root / "warta_enrich.py").write_text(show, encoding="utf-8")
    environment = {"PYTHONPATH": str(folder.root), "WARTA_PUSH_KEY_FILE": "mine"}
    child = service_program("enrich", folder, CHOICES, environment).begin()
    while child.exit_code is None:
        time.sleep(0.02)
    said = folder.log("enrich").read_text(encoding="utf-8").strip()
    assert said == str([str(folder.secrets / "enrich" / "redis_password")])


def test_a_record_knows_its_own_supervisor_only(folder: StackFolder) -> None:
    record = new_record("running", 1.0, {"redis": "redis://127.0.0.1:1"}, [look("redis", os.getpid())])
    write_record(folder.record, record)
    read = read_record(folder.record)
    assert read == record
    assert read.running
    assert read.ready
    stranger = record.model_copy(update={"supervisor_created": (record.supervisor_created or 0) - 60})
    assert not stranger.running


def test_a_dead_process_that_nobody_collected_does_not_run() -> None:
    dead = subprocess.Popen(["true"])
    begun = created(dead.pid)
    while psutil.Process(dead.pid).status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)
    assert not is_same(dead.pid, begun)
    dead.wait()


def test_a_stack_that_still_starts_is_not_ready(folder: StackFolder) -> None:
    assert not new_record("starting", 1.0, {}, [look("redis", os.getpid())]).ready


def test_half_a_record_is_none(folder: StackFolder) -> None:
    folder.record.write_text('{"state": "runn', encoding="utf-8")
    assert read_record(folder.record) is None


def test_a_folder_holds_one_stack(folder: StackFolder) -> None:
    write_record(folder.record, new_record("running", 1.0, {"ingest": "http://127.0.0.1:8080"}, []))
    with (
        occupy(folder),
        pytest.raises(Occupied, match=rf"already \(process {os.getpid()}, push API at http://12"),
    ):
        occupy(folder)
    lock = try_lock(folder)
    assert lock is not None
    lock.close()


def test_leftovers_of_a_killed_supervisor_are_ended(folder: StackFolder) -> None:
    left = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
    write_record(folder.record, new_record("running", 1.0, {}, [look("ingest", left.pid)]))
    # Reap it as init would, so that it does not stay as a zombie of ours.
    reaper = Thread(target=left.wait)
    reaper.start()
    occupy(folder).close()
    reaper.join(timeout=10)
    assert left.returncode == -15


def test_another_process_with_a_reused_pid_is_left_alone(folder: StackFolder) -> None:
    record = new_record("running", 1.0, {}, [look("ingest", os.getpid())])
    earlier = record.processes[0].model_copy(update={"created": 1.0})
    write_record(folder.record, record.model_copy(update={"processes": (earlier,)}))
    occupy(folder).close()


def test_wiping_leaves_the_files_of_others(folder: StackFolder) -> None:
    folder.secrets.mkdir()
    (folder.root / "my-feeds.yaml").touch()
    folder.wipe()
    assert [path.name for path in folder.root.iterdir()] == ["my-feeds.yaml"]
    (folder.root / "my-feeds.yaml").unlink()
    folder.wipe()
    assert not folder.root.exists()


def test_logs_are_followed_line_by_line(folder: StackFolder) -> None:
    log = folder.log("ingest")
    log.write_text("one\ntwo\nthree\n", encoding="utf-8")
    assert list(recent([log], 2)) == [("ingest", "two"), ("ingest", "three")]
    assert list(recent([log], 0)) == []
    turns = iter(["four\nfi", "ve\n", None, "anew\n"])

    def stopped() -> bool:
        added = next(turns, "end")
        if added == "end":
            return True
        if added is None:
            log.write_text("", encoding="utf-8")
        else:
            with log.open("a", encoding="utf-8") as file:
                file.write(added)
        return False

    lines = [line for _, line in follow(lambda: [log], stopped)]
    assert lines == ["four", "five", "anew"]


def test_status_of_nothing(folder: StackFolder) -> None:
    runner = CliRunner()
    answer = runner.invoke(app, ["status", "--dir", str(folder.root)])
    assert answer.exit_code == 3
    assert "no stack runs in" in answer.output
    as_json = runner.invoke(app, ["status", "--dir", str(folder.root), "--json"])
    assert as_json.exit_code == 3
    assert '"state": "stopped"' in as_json.output


def test_status_names_what_is_not_ready(folder: StackFolder) -> None:
    looks = [look("redis", os.getpid()), look("ingest", None, Phase.WAITING)]
    write_record(folder.record, new_record("running", 1.0, {"redis": "redis://127.0.0.1:1"}, looks))
    answer = CliRunner().invoke(app, ["status", "--dir", str(folder.root)])
    assert answer.exit_code == 1
    assert "waiting to restart" in answer.output
    assert "ingest: does not listen yet" in answer.output


def test_logs_of_an_unknown_process_name_the_known_ones(folder: StackFolder) -> None:
    folder.log("redis").write_text("ready\n", encoding="utf-8")
    runner = CliRunner()
    answer = runner.invoke(app, ["logs", "rediss", "--dir", str(folder.root)])
    assert answer.exit_code == 2
    assert "Logs: redis." in answer.output
    assert runner.invoke(app, ["logs", "--dir", str(folder.root)]).output == "redis | ready\n"


def test_down_of_nothing_is_fine(folder: StackFolder) -> None:
    assert CliRunner().invoke(app, ["down", "--dir", str(folder.root), "--wipe"]).exit_code == 0
    assert CliRunner().invoke(app, ["down", "--dir", str(folder.root)]).exit_code == 0
