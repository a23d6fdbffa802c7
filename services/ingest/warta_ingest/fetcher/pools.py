"""Connections kept by origin: one pool for all would look at every connection for every request."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import httpcore

Key = tuple[bytes, bytes, int]


@dataclass(slots=True)
class _Kept:
    pool: httpcore.AsyncConnectionPool
    users: int = 0
    used_at: float = 0.0


class OriginPools:
    """A small connection pool for each origin, closed when nobody has used it for `keepalive` seconds.

    `make` makes an empty pool; at most `most` idle ones are kept.
    """

    def __init__(
        self,
        make: Callable[[], httpcore.AsyncConnectionPool],
        *,
        keepalive: float,
        most: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._make = make
        self._keepalive = keepalive
        self._most = most
        self._clock = clock
        self._kept: OrderedDict[Key, _Kept] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    async def acquire(self, origin: httpcore.Origin) -> httpcore.AsyncConnectionPool:
        """The pool of an origin, which stays open until it is released as often as it was acquired."""
        kept = self._kept.setdefault(_key(origin), _Kept(self._make()))
        kept.users += 1
        for pool in self._take_old():
            await pool.aclose()
        return kept.pool

    def release(self, origin: httpcore.Origin) -> None:
        """One user less."""
        kept = self._kept.get(_key(origin))
        if kept is not None:
            kept.users -= 1
            kept.used_at = self._clock()
            self._kept.move_to_end(_key(origin))

    async def drop_http2(self, origin: httpcore.Origin) -> None:
        """Close the HTTP/2 connections to an origin after an answer that was not read to its end.

        HTTP/1.1 does so by itself; HTTP/2 would keep one on which a server goes on sending what nobody reads.
        """
        kept = self._kept.get(_key(origin))
        for connection in kept.pool.connections if kept else ():
            if "HTTP/2" in connection.info():
                await connection.aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        while self._kept:
            _, kept = self._kept.popitem()
            await kept.pool.aclose()

    def _take_old(self) -> list[httpcore.AsyncConnectionPool]:
        """The pools that nobody used for too long, taken out; the least recently used come first."""
        idle = [key for key, kept in self._kept.items() if not kept.users]
        oldest = self._clock() - self._keepalive
        surplus = len(idle) - self._most
        old = [key for index, key in enumerate(idle) if index < surplus or self._kept[key].used_at <= oldest]
        return [self._kept.pop(key).pool for key in old]


def _key(origin: httpcore.Origin) -> Key:
    return origin.scheme, origin.host, origin.port
