"""A real service process for the delivery tests: its handler does what each message's body says.

Forked by worker_process.py; settings come from the environment, as in production. Bodies: `copy` (publish it),
`done`, `dead`, `raise`, `kill` (SIGKILL to itself), `away PATH` (a server is away while PATH exists), `sleep S`,
`nonsense` (an answer that is no outcome).
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from warta_shared.delivery.broker import make_broker
from warta_shared.delivery.delivery import Delivery
from warta_shared.delivery.hop import ENRICH
from warta_shared.delivery.outcome import Dead, Done, Message, Outcome, Publish, Retry
from warta_shared.service import Service
from warta_shared.settings import ServiceSettings


class WorkerSettings(ServiceSettings):
    """How long (seconds) each batch takes, so that there is a middle to be killed in: waiting, or computing."""

    batch_delay: float = 0.0
    batch_work: float = 0.0


async def obey(message: Message) -> Any:
    """The outcome that the body asks for."""
    verb, _, argument = message.entry.body.decode().partition(" ")
    match verb:
        case "copy":
            return Publish(message.entry)
        case "done":
            return Done("asked-for")
        case "dead":
            return Dead("asked for!", "a reason that is no label")
        case "raise":
            raise RuntimeError("told to fail")
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "away":
            away = await asyncio.to_thread(Path(argument).exists)
            return Retry("server-away", blame=False) if away else Publish(message.entry)
        case "sleep":
            await asyncio.sleep(float(argument))
            return Publish(message.entry)
    return "nonsense"


def main() -> int:
    """Serve the hop enrich until told to stop."""
    settings = WorkerSettings()
    broker = make_broker(settings)

    async def handle(messages: Sequence[Message]) -> list[Outcome]:
        await asyncio.sleep(settings.batch_delay)
        time.sleep(settings.batch_work)  # noqa: ASYNC251 -- as work on the processor does
        return [await obey(message) for message in messages]

    delivery = Delivery(broker, ENRICH, handle, settings)
    return Service("worker", broker, [delivery], settings).run()


def serve(environment: Mapping[str, str], log: Path) -> None:
    """Run in a process of its own, with this environment and what is said in `log`."""
    os.environ.clear()
    os.environ.update(environment)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(output, stream)
    sys.exit(main())
