"""The ports that compose publishes on this machine: free, Warta's own, or somebody else's."""

from __future__ import annotations

import asyncio
import http.client
import os
import shutil

from warta_shared.doctor.finding import Finding, failed, ok, skipped

PUBLISHED = (
    ("the push API", "WARTA_PUSH_PORTS", "8080", b'"problems"', "/health/live"),
    ("Elasticsearch", "ELASTICSEARCH_PORT", "9200", b"security_exception", "/"),
)
"""What it is, its variable, its default, and what its answer to this path holds."""
PATIENCE_SECONDS = 2.0


async def examine() -> list[Finding]:
    """Only a machine with an engine publishes ports."""
    if shutil.which("docker") is None:
        return [skipped("ports", "no docker here that would publish any")]
    return [
        await asyncio.to_thread(
            _port, what, int(os.environ.get(variable, port).partition("-")[0]), mark, path, variable
        )
        for what, variable, port, mark, path in PUBLISHED
    ]


def _port(what: str, port: int, mark: bytes, path: str, variable: str) -> Finding:
    check = f"port {port}"
    try:
        answer = _answer(port, path)
    except ConnectionRefusedError:
        return ok(check, f"free for {what}")
    except (OSError, http.client.HTTPException) as error:
        answer = str(error).encode()
    if mark in answer:
        return ok(check, f"{what} answers")
    return failed(
        check, f"something that is not {what} listens there", f"Stop it, or set {variable} in .env."
    )


def _answer(port: int, path: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", path)
        return connection.getresponse().read(10_000)
    finally:
        connection.close()
