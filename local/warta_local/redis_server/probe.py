"""Is it ready? A PING over a plain socket: cheap, and it needs no client library's retries."""

from __future__ import annotations

import socket

from warta_local.processes.ports import LOOPBACK

TIMEOUT_SECONDS = 1.0


def answers(port: int, credentials: tuple[str, str] | None = None) -> bool:
    """Whether the server takes commands: False while it is down or still loads its files.

    Without `credentials` a server that asks for a password counts as ready, although it may still be loading.
    """
    try:
        with socket.create_connection((LOOPBACK, port), TIMEOUT_SECONDS) as connection:
            connection.settimeout(TIMEOUT_SECONDS)
            if credentials and not _ask(connection, "AUTH", *credentials).startswith(b"+OK"):
                return False
            reply = _ask(connection, "PING")
    except OSError:
        return False
    return reply.startswith(b"+PONG") or (credentials is None and reply.startswith(b"-NOAUTH"))


def _ask(connection: socket.socket, *words: str) -> bytes:
    """Send one command in RESP; returns the start of its reply."""
    parts = [f"${len(word.encode())}\r\n{word}\r\n" for word in words]
    connection.sendall(f"*{len(words)}\r\n{''.join(parts)}".encode())
    return connection.recv(256)
