"""Ports on the loopback address."""

from __future__ import annotations

import random
import socket

from warta_local.errors import LocalError

LOOPBACK = "127.0.0.1"
# Linux connects from 32768 up, macOS from 49152 up.
SERVER_PORTS = range(20_000, 32_000)
TRIES = 200


class PortTaken(LocalError):
    """Something else listens on a port that was asked for."""


def free_port() -> int:
    """A port that nothing listens on now; another process may still take it before it is used.

    Below the range that the kernel gives to outgoing connections, so that none of these sits on it when a
    server that was stopped wants it again.
    """
    for port in random.sample(SERVER_PORTS, TRIES):
        if is_free(port):
            return port
    raise PortTaken(f"no free port found between {SERVER_PORTS[0]} and {SERVER_PORTS[-1]} on {LOOPBACK}")


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def require_free(port: int, purpose: str) -> None:
    """Raise PortTaken, with what to do, when `port` is in use; `purpose` is who wanted it."""
    if not is_free(port):
        raise PortTaken(
            f"port {port} for {purpose} is in use on {LOOPBACK}: "
            f"stop what listens there (`lsof -i :{port}` shows it) or choose another port"
        )
