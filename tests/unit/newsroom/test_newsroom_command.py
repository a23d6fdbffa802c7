"""`python -m warta_local.newsroom`, as a person or a container starts it."""

import json
import signal
import socket
import subprocess
import sys

import httpx
import pytest

COMMAND = [sys.executable, "-m", "warta_local.newsroom"]


def run(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *options], capture_output=True, text=True, timeout=30, check=False)


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_prints_its_url_serves_and_stops(stop: signal.Signals) -> None:
    with subprocess.Popen([*COMMAND, "--port", "0"], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            started = json.loads(process.stdout.readline())
            assert httpx.get(f"{started['url']}/robots.txt").status_code == 200
            assert started["url"] in httpx.get(started["feeds"]).text
        finally:
            process.send_signal(stop)
        assert process.stdout.read() == ""
        assert process.wait(10) == 0


def test_a_taken_port_is_said_clearly() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = run("--port", port)
    assert result.returncode == 3
    assert f"Cannot listen on 127.0.0.1:{port}" in result.stderr
    assert "--port" in result.stderr


def test_help_has_an_example() -> None:
    result = run("--help")
    assert result.returncode == 0
    assert "python -m warta_local.newsroom --port 0" in result.stdout
