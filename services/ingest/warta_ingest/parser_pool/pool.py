"""A pool of processes that can be killed one by one; a killed one is replaced and the others go on."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import Callable
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from warta_ingest.parser_pool.limits import confine

ArgumentsT = ParamSpec("ArgumentsT")
AnswerT = TypeVar("AnswerT")

PARSERS = ("warta_ingest.feeds.parsing", "warta_ingest.extraction")
SECONDS = 8.0
MEMORY_BYTES = 1_000_000_000
JOBS_A_PROCESS = 2_000


class ParserKilled(Exception):
    """A parser did not survive its input; `reason`: parser-timeout, parser-crashed or parser-memory."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class ParserPool:
    """An async context manager. `seconds` and `memory_bytes` bound each job; a process is renewed after
    JOBS_A_PROCESS jobs, since C libraries rarely give memory back.
    """

    def __init__(self, workers: int, *, seconds: float = SECONDS, memory_bytes: int = MEMORY_BYTES) -> None:
        self._workers = workers
        self._seconds = seconds
        self._memory_bytes = memory_bytes
        self._pool: ProcessPool | None = None

    async def __aenter__(self) -> Self:
        self._pool = ProcessPool(
            max_workers=self._workers,
            max_tasks=JOBS_A_PROCESS,
            initializer=confine,
            initargs=(self._memory_bytes, os.getpid(), PARSERS),
            # Not fork: this process has threads and an event loop, whose locks a fork would copy.
            context=multiprocessing.get_context("spawn"),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool:
            self._pool.stop()  # type: ignore[no-untyped-call]  # pebble's only unannotated method
            await asyncio.to_thread(self._pool.join, 10)

    async def run(
        self, function: Callable[ArgumentsT, AnswerT], *args: ArgumentsT.args, **kwargs: ArgumentsT.kwargs
    ) -> AnswerT:
        """The function's answer or its own exception; raises ParserKilled when its process had to go.

        Function, arguments, answer and exception must be picklable.
        """
        if self._pool is None:
            raise RuntimeError("the pool is not open")
        job = self._pool.schedule(function, args=args, kwargs=kwargs, timeout=self._seconds)
        try:
            answer: AnswerT = await asyncio.wrap_future(job)
        except TimeoutError as error:
            raise ParserKilled("parser-timeout", f"not done within {self._seconds:g} s") from error
        except MemoryError as error:
            raise ParserKilled("parser-memory", f"needed more than {self._memory_bytes:,} bytes") from error
        except ProcessExpired as error:
            raise ParserKilled("parser-crashed", f"its process ended with {error.exitcode}") from error
        return answer
