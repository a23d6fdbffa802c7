"""A service as it is shipped, started with places where a trial may kill it: `python doomed.py NAME`.

A place is armed by a file `NAME.PLACE` in the folder FAULTS_ARMED; who meets it removes it and is gone at once.
FAULTS_CLOCK_SKEW: milliseconds by which this process's clock is wrong. A text that holds KILLER kills its enricher.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from warta_shared.delivery import delivery, reclaim
from warta_shared.delivery.delivery import Delivery
from warta_shared.launch import launch
from warta_shared.settings import ServiceSettings

KILLER = b"this text kills its worker"
SETTINGS = {"ingest": "IngestSettings", "enrich": "EnrichSettings", "index": "IndexSettings"}
IN_FLIGHT_SECONDS = 0.003


def gone() -> None:
    """What a crash is: nothing after it happens."""
    os.kill(os.getpid(), signal.SIGKILL)


class Places:
    """`here(place)` kills the process where that place is armed."""

    def __init__(self, service: str, folder: Path) -> None:
        self._service, self._folder = service, folder

    def here(self, place: str) -> None:
        """Die once."""
        with suppress(FileNotFoundError):
            (self._folder / f"{self._service}.{place}").unlink()
            gone()

    def around(self, work: Callable[..., Any], before: str, after: str) -> Callable[..., Any]:
        """The same coroutine function with a place before it and one after it."""

        async def wrapped(*arguments: Any, **options: Any) -> Any:
            self.here(before)
            answer = await work(*arguments, **options)
            self.here(after)
            return answer

        return wrapped


def in_flight(places: Places, request: Callable[..., Any]) -> Callable[..., Any]:
    """Die while a bulk request is on its way, or when its answer is there."""

    async def asked(self: Any, method: str, target: str, *arguments: Any, **options: Any) -> Any:
        sending = asyncio.create_task(request(self, method, target, *arguments, **options))
        if "_bulk" in target:
            await asyncio.sleep(IN_FLIGHT_SECONDS)
            places.here("bulk-sent")
        answer = await sending
        if "_bulk" in target:
            places.here("bulk-answered")
        return answer

    return asked


def poisonous(outcomes: Callable[..., Any]) -> Callable[..., Any]:
    """Some text crashes the parser underneath: no exception, the process is gone."""

    async def handled(self: Any, messages: Sequence[Any]) -> Any:
        if any(KILLER in message.entry.body for message in messages):
            gone()
        return await outcomes(self, messages)

    return handled


def prepare(service: str, places: Places) -> None:
    """Put the places into this process."""
    patched: list[tuple[Any, str, Any]] = [
        (Delivery, "try_batch", places.around(Delivery.try_batch, "read", "settled")),
        (Delivery, "_handle", places.around(poisonous(Delivery._handle), "begun", "handled")),
        (delivery, "commit", places.around(delivery.commit, "before-commit", "committed")),
        (reclaim, "_claim", places.around(reclaim._claim, "before-claim", "claimed")),
    ]
    if service == "ingest":
        publisher = importlib.import_module("warta_ingest.registry.publisher")
        patched.append((publisher, "publish", places.around(publisher.publish, "pushed", "published")))
    if service == "index":
        connection = importlib.import_module("warta_index.connection").Connection
        patched.append((connection, "request", in_flight(places, connection.request)))
    for owner, name, replacement in patched:
        setattr(owner, name, replacement)


def wrong_clock(milliseconds: int) -> None:
    """Both of Python's ways to ask for the time of day."""
    nanoseconds, seconds = time.time_ns, time.time
    time.time_ns = lambda: nanoseconds() + milliseconds * 1_000_000
    time.time = lambda: seconds() + milliseconds / 1_000


def main(service: str) -> int:
    """Serve until told to stop."""
    prepare(service, Places(service, Path(os.environ["FAULTS_ARMED"])))
    if skew := int(os.environ.get("FAULTS_CLOCK_SKEW", "0")):
        wrong_clock(skew)
    settings: type[ServiceSettings] = getattr(
        importlib.import_module(f"warta_{service}.settings"), SETTINGS[service]
    )
    build = importlib.import_module(f"warta_{service}.app").build_service
    return launch(service, settings, build)


if __name__ == "__main__":  # the parser pool's processes import this module too
    raise SystemExit(main(sys.argv[1]))
