"""What the supervisor must know of a process: how it starts, and how it says that it is ready."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from dataclasses import dataclass

from warta_local.processes.child import Child
from warta_local.processes.ports import LOOPBACK

PROBE_SECONDS = 3.0
LONGEST_PROBLEM = 300


@dataclass(frozen=True, slots=True)
class Program:
    """`begin` starts it without waiting; `problem` is '' when it is ready, else what is missing.

    `grace`: seconds from SIGTERM to SIGKILL.
    """

    name: str
    port: int
    begin: Callable[[], Child]
    problem: Callable[[], str]
    grace: float = 30.0


def http_problem(port: int, path: str = "/health/ready") -> str:
    """Ask a service whether it is ready; the answer's `problems` as one line."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=PROBE_SECONDS)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read(100_000)
    except TimeoutError:
        return "does not answer"
    except (OSError, http.client.HTTPException):
        return "does not listen yet"
    finally:
        connection.close()
    return "" if answer.status == http.client.OK else _named(answer.status, body)


def _named(status: int, body: bytes) -> str:
    try:
        problems = json.loads(body)["problems"]
        text = "; ".join(f"{name}: {problem}" for name, problem in problems.items())
    except (ValueError, KeyError, TypeError, AttributeError):
        text = ""
    return (text or f"status {status}")[:LONGEST_PROBLEM]
