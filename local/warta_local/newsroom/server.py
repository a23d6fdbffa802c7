"""The newsroom on a real port."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import uvicorn

from warta_local.newsroom.site import create_site
from warta_local.newsroom.state import Clock

_START_SECONDS = 10.0
_STOP_SECONDS = 2


def now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


def bind(host: str, port: int) -> socket.socket:
    """A listening socket, so that the port is known (0 picks one) before the server runs; OSError if taken."""
    return socket.create_server((host, port), backlog=128)


def site_url(listener: socket.socket) -> str:
    """The URL without a final slash."""
    host, port = listener.getsockname()[:2]
    return f"http://{host}:{port}"


def site_server(clock: Clock, edit_after_polls: int) -> uvicorn.Server:
    """A server for a fresh site; run it with the socket of `bind`."""
    config = uvicorn.Config(
        create_site(clock, edit_after_polls),
        access_log=False,
        log_level="warning",
        lifespan="off",
        timeout_graceful_shutdown=_STOP_SECONDS,
    )
    return uvicorn.Server(config)


@contextmanager
def running_newsroom(clock: Clock = now, edit_after_polls: int = 2, port: int = 0) -> Iterator[str]:
    """Run the site on loopback in a thread; yields its URL. The site is fresh each time, and gone afterwards."""
    with bind("127.0.0.1", port) as listener:
        server = site_server(clock, edit_after_polls)
        thread = threading.Thread(target=server.run, args=([listener],), name="newsroom", daemon=True)
        thread.start()
        try:
            _wait_until_started(server, thread)
            yield site_url(listener)
        finally:
            server.should_exit = True
            thread.join(_STOP_SECONDS + 1)


def _wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise RuntimeError("the newsroom did not start")
        time.sleep(0.01)
