"""A small HTTP/2 server on loopback: what it answers depends on the path."""

from __future__ import annotations

import asyncio
import ssl

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived
from h2.exceptions import ProtocolError

ENDLESS = b"x" * 16_000


class Http2Server:
    """`/endless` never ends, `/flood` has headers without end, `/redirect` leads to /, all else is `fine`."""

    def __init__(self) -> None:
        self.port = 0
        self.connections = 0
        self.server_names: list[str | None] = []
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, tls: ssl.SSLContext) -> None:
        tls.set_alpn_protocols(["h2"])
        tls.sni_callback = lambda _, name, __: self.server_names.append(name)
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        connection = H2Connection(H2Configuration(client_side=False))
        connection.initiate_connection()
        task = asyncio.create_task(self._converse(connection, reader, writer))
        self._tasks.add(task)
        await asyncio.gather(task, return_exceptions=True)
        writer.close()

    async def _converse(
        self, connection: H2Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        endless: list[int] = []
        while True:
            writer.write(connection.data_to_send())
            await writer.drain()
            try:
                data = await asyncio.wait_for(reader.read(65_536), 0.01 if endless else None)
            except TimeoutError:
                self._pour(connection, endless)
                continue
            if not data:
                return
            for event in connection.receive_data(data):
                if isinstance(event, RequestReceived) and event.stream_id is not None:
                    self._answer(connection, event.stream_id, dict(event.headers or [])[b":path"], endless)

    def _answer(self, connection: H2Connection, stream: int, path: bytes, endless: list[int]) -> None:
        if path == b"/redirect":
            connection.send_headers(stream, [(":status", "302"), ("location", "/")], end_stream=True)
        elif path == b"/flood":
            flood = [(f"x-{number}", "y" * 4_000) for number in range(100)]
            connection.send_headers(stream, [(":status", "200"), *flood], end_stream=True)
        else:
            connection.send_headers(stream, [(":status", "200"), ("etag", '"2"')])
            if path == b"/endless":
                endless.append(stream)
            else:
                connection.send_data(stream, b"fine", end_stream=True)

    def _pour(self, connection: H2Connection, streams: list[int]) -> None:
        for stream in streams:
            try:
                room = connection.local_flow_control_window(stream)
                connection.send_data(stream, ENDLESS[: min(room, connection.max_outbound_frame_size)])
            except ProtocolError:
                streams.remove(stream)
