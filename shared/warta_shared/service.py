"""A service: a broker, its deliveries and loops under one HTTP server, started and drained as one."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import FrameType
from typing import Any

import uvicorn
from faststream.asgi import AsgiFastStream
from faststream.redis import RedisBroker

from warta_shared.delivery.attach import attach
from warta_shared.delivery.broker import connection
from warta_shared.delivery.delivery import Delivery
from warta_shared.delivery.groups import wait_for_groups
from warta_shared.delivery.reads import tame_reads
from warta_shared.delivery.upkeep import Loop, run_loop, upkeep_loops
from warta_shared.garbage import collect_seldom
from warta_shared.log_level import FOLLOW_SECONDS, follow_level
from warta_shared.settings import ServiceSettings
from warta_shared.telemetry import metrics
from warta_shared.telemetry.build import tell_build
from warta_shared.telemetry.health import Health
from warta_shared.telemetry.http import health_routes
from warta_shared.telemetry.logs import configure_logs

log = logging.getLogger(__name__)

# What a drain allows beyond the longest batch, for its commit.
COMMIT_SECONDS = 3.0
READY_EVERY_SECONDS = 10.0
SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Service:
    """Everything one process runs.

    `resources` are entered before the first message is read and left after the last outcome is settled.
    `application` (ASGI) answers every path but the health and metrics pages.
    """

    def __init__(
        self,
        name: str,
        broker: RedisBroker,
        deliveries: Sequence[Delivery],
        settings: ServiceSettings,
        *,
        readers: int = 1,
        application: Any = None,
        loops: Sequence[Loop] = (),
        resources: Sequence[AbstractAsyncContextManager[Any]] = (),
    ) -> None:
        self.name = name
        self.broker = broker
        self.deliveries = deliveries
        self.settings = settings
        self.health = Health()
        self.stopping = asyncio.Event()
        self._loops = [
            *loops,
            Loop("log-level", FOLLOW_SECONDS, self._follow_level),
            Loop("readiness", READY_EVERY_SECONDS, self._tell_readiness),
        ]
        self._running: list[asyncio.Task[None]] = []
        self._resources = resources
        for delivery in deliveries:
            attach(broker, delivery, readers=readers)
            self._loops += upkeep_loops(delivery, self.health, self.end_process)
        self.app = _App(
            broker,
            asgi_routes=health_routes(name, self.health),
            lifespan=self._lifespan,
            on_shutdown=[self._drain],
            logger=logging.getLogger("faststream"),
        )
        self.app.service = self
        self.app.application = application
        self._server = _Server(self)

    def run(self) -> int:
        """Serve until SIGTERM or SIGINT; the exit code: 0, or 1 when the process had to end itself."""
        configure_logs(self.name, self.settings.log_level)
        collect_seldom()
        tell_build(self.name)
        try:
            self._server.run()
        except SystemExit:  # uvicorn's word for: it did not start
            return 1
        except asyncio.CancelledError:  # told to stop before it had started
            return 0
        finally:
            for number in SIGNALS:  # the process ends; told so again it must not end otherwise
                signal.signal(number, signal.SIG_IGN)
        return 1 if self.health.fatal else 0

    async def _follow_level(self) -> None:
        await follow_level(connection(self.broker), self.name, self.settings.log_level)

    async def _tell_readiness(self) -> None:
        metrics.READY.set(not await self.health.problems())

    def stop(self) -> None:
        """Begin to drain: nothing new is begun, what is in hand is finished."""
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
            await self._prepare(stack)
            loops = [run_loop(loop, self.health, self.stopping) for loop in self._loops]
            self._running = [asyncio.create_task(loop) for loop in loops]
            try:
                yield
            except BaseException as error:
                # The broker did not start. uvicorn would go on without an application.
                self.end_process(f"{type(error).__name__}: {error}"[:300])
                raise
            finally:
                await self._drain()

    async def _prepare(self, stack: contextlib.AsyncExitStack) -> None:
        await self.broker.connect()
        redis = connection(self.broker)
        hops = tuple(delivery.hop for delivery in self.deliveries)
        await wait_for_groups(redis, hops, self.settings.partitions)
        tame_reads(redis, {delivery.hop.name: delivery.reads for delivery in self.deliveries})
        for resource in self._resources:
            await stack.enter_async_context(resource)

    async def _drain(self) -> None:
        """Let the loops end their round while there still is a connection; what is late is cancelled.

        The messages of a cancelled round stay pending.
        """
        self.stop()
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=self.settings.batch_timeout + COMMIT_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


class _App(AsgiFastStream):
    """FastStream calls `exit` when a subscriber ends for good (its consumer group is gone)."""

    service: Service
    application: Any = None

    async def not_found(self, scope: Any, receive: Any, send: Any) -> None:
        """Its routes are exact paths only: every other one is the application's."""
        await (self.application or super().not_found)(scope, receive, send)

    def exit(self) -> None:
        """End the process: as it is, nothing would be read any more."""
        self.service.end_process("a reader ended: the consumer group is gone")


class _Server(uvicorn.Server):
    """uvicorn, but SIGTERM is an ordinary end: it would otherwise raise the signal again and exit with 143."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._loop: asyncio.AbstractEventLoop | None = None
        self._serving: asyncio.Task[Any] | None = None
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
                proxy_headers=False,  # X-Forwarded-For is whatever a client likes to write
                timeout_graceful_shutdown=10,
            )
        )

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        self._loop, self._serving = asyncio.get_running_loop(), asyncio.current_task()
        for number in SIGNALS:
            signal.signal(number, self.handle_exit)
        yield

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._end, sig)

    def _end(self, number: int) -> None:
        log.info("stopping", extra={"signal": signal.Signals(number).name})
        self._service.stop()
        self.should_exit = True
        if not self.started and self._serving:
            self._serving.cancel()  # it waits for a server that is away
