"""A service: a broker, its deliveries and loops under one HTTP server, started and drained as one."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import uvicorn
from faststream.asgi import AsgiFastStream
from faststream.redis import RedisBroker

from warta_shared.delivery.attach import attach
from warta_shared.delivery.broker import connection
from warta_shared.delivery.delivery import Delivery
from warta_shared.delivery.groups import wait_for_groups
from warta_shared.delivery.upkeep import Loop, run_loop, upkeep_loops
from warta_shared.settings import ServiceSettings
from warta_shared.telemetry.health import Health
from warta_shared.telemetry.http import health_routes
from warta_shared.telemetry.logs import configure_logs

log = logging.getLogger(__name__)


class Service:
    """Everything one process runs.

    `resources` are entered before the first message is read and left after the last outcome is settled.
    """

    def __init__(
        self,
        name: str,
        broker: RedisBroker,
        deliveries: Sequence[Delivery],
        settings: ServiceSettings,
        *,
        readers: int = 1,
        routes: Sequence[tuple[str, Any]] = (),
        loops: Sequence[Loop] = (),
        resources: Sequence[AbstractAsyncContextManager[Any]] = (),
        health: Health | None = None,
    ) -> None:
        self.name = name
        self.broker = broker
        self.deliveries = deliveries
        self.settings = settings
        self.health = health or Health()
        self.stopping = asyncio.Event()
        self._loops = list(loops)
        self._resources = resources
        for delivery in deliveries:
            attach(broker, delivery, readers=readers)
            self._loops += upkeep_loops(delivery, self.health, self.end_process)
        self.app = AsgiFastStream(
            broker,
            asgi_routes=[*health_routes(self.health), *routes],
            lifespan=self._lifespan,
            on_shutdown=[self.stop],
            logger=logging.getLogger("faststream"),
        )
        self._server = _Server(self)

    def run(self) -> int:
        """Serve until SIGTERM or SIGINT; the exit code: 0, or 1 when the process had to end itself."""
        configure_logs(self.name, self.settings.log_level)
        self._server.run()
        return 1 if self.health.fatal or not self._server.started else 0

    def stop(self) -> None:
        """Begin to drain: nothing new is waited for, what is in hand is finished."""
        self.stopping.set()
        for delivery in self.deliveries:
            delivery.stopping.set()

    def end_process(self, reason: str) -> None:
        """Drain and exit with 1, to be started anew: FastStream's own exit does nothing under ASGI."""
        self.health.fatal = self.health.fatal or reason
        log.critical("process-ends", extra={"reason": reason})
        self.stop()
        self._server.should_exit = True

    @asynccontextmanager
    async def _lifespan(self) -> AsyncIterator[None]:
        async with contextlib.AsyncExitStack() as stack:
            await self.broker.connect()
            redis = connection(self.broker)
            hops = tuple(delivery.hop for delivery in self.deliveries)
            await wait_for_groups(redis, hops, self.settings.partitions)
            for resource in self._resources:
                await stack.enter_async_context(resource)
            tasks = [asyncio.create_task(run_loop(loop, self.health, self.stopping)) for loop in self._loops]
            try:
                yield
            finally:
                self.stop()
                await _finish(tasks)


async def _finish(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Let the loops end their round; what still runs then is cancelled (its messages stay pending)."""
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=5.0)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)


class _Server(uvicorn.Server):
    """uvicorn, but SIGTERM is an ordinary end: it would otherwise raise the signal again and exit with 143."""

    def __init__(self, service: Service) -> None:
        self._service = service
        super().__init__(
            uvicorn.Config(
                service.app,
                host=service.settings.http_host,
                port=service.settings.http_port,
                loop="uvloop",
                lifespan="on",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=10,
            )
        )

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._end, number)
        yield

    def _end(self, number: int) -> None:
        log.info("stopping", extra={"signal": signal.Signals(number).name})
        self._service.stop()
        self.should_exit = True
