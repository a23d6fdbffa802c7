"""A TCP proxy that does what networks do: cuts, silence, a trickle, answers that never come."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from enum import StrEnum

from faults.rig.loop_thread import LoopThread
from warta_local.processes.ports import LOOPBACK, free_port

CHUNK = 65_536
LOOK_SECONDS = 0.02


class Line(StrEnum):
    """How the line is.

    `cut`: every connection is closed, new ones too. `half-open`: what is sent arrives nowhere and nobody is told; a
    connection that was used meanwhile never recovers. `trickle`: one byte a second from the server.
    """

    SOUND = "sound"
    CUT = "cut"
    HALF_OPEN = "half-open"
    TRICKLE = "trickle"


@dataclass(eq=False)
class _Link:
    """A client's connection and the one to the server behind it."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    silent: bool = False

    def close(self) -> None:
        for writer in (self.client, self.server):
            with contextlib.suppress(OSError, RuntimeError):
                writer.transport.abort()


class TcpProxy:
    """Listens on `port` and passes on to `target` (a port, may be changed): both on the loopback address."""

    def __init__(self, thread: LoopThread, target: int) -> None:
        self.port = free_port()
        self.target = target
        self.line = Line.SOUND
        self._lose = 0
        self._links: set[_Link] = set()
        self._thread = thread
        self._server = thread.run(asyncio.start_server(self._accept, LOOPBACK, self.port))

    def make(self, line: Line) -> None:
        """Change the line, for connections that there are as well."""
        self.line = line
        if line is Line.CUT:
            self.cut()

    def cut(self) -> None:
        """Close every connection once."""

        async def close() -> None:
            for link in list(self._links):
                link.close()

        self._thread.run(close())

    def lose_replies(self, number: int) -> None:
        """The next replies are swallowed, and their connections closed: executed, and nobody knows."""
        self._lose = number

    @property
    def replies_to_lose(self) -> int:
        """How many are still to come."""
        return self._lose

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.line is Line.CUT:
            writer.transport.abort()
            return
        try:
            server_reader, server_writer = await asyncio.open_connection(LOOPBACK, self.target)
        except OSError:
            writer.transport.abort()
            return
        link = _Link(writer, server_writer)
        self._links.add(link)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump(reader, server_writer, link, from_server=False))
                group.create_task(self._pump(server_reader, writer, link, from_server=True))
        except* (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            link.close()
            self._links.discard(link)

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, link: _Link, *, from_server: bool
    ) -> None:
        while data := await reader.read(CHUNK):
            if self.line is Line.HALF_OPEN:
                link.silent = True
            if link.silent:
                continue
            if from_server and self._lose > 0:
                self._lose -= 1
                link.close()
                return
            await self._pass_on(data, writer, slowly=from_server)
        link.close()

    async def _pass_on(self, data: bytes, writer: asyncio.StreamWriter, *, slowly: bool) -> None:
        sent = 0
        while slowly and self.line is Line.TRICKLE and sent < len(data):
            writer.write(data[sent : sent + 1])
            await writer.drain()
            sent += 1
            for _ in range(int(1 / LOOK_SECONDS)):
                if self.line is Line.TRICKLE:
                    await asyncio.sleep(LOOK_SECONDS)
        writer.write(data[sent:])
        await writer.drain()
