"""The network under the client: resolve once, check, connect to exactly what was checked."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import httpcore
from h2.exceptions import H2Error

from warta_ingest.fetcher.addresses import Address, AddressPolicy, parse_address
from warta_ingest.fetcher.errors import FetchError

# All that the HTTP stack raises; httpcore lets H2Error through when it breaks while a body is read.
HTTP_FAILURES = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, H2Error)
_TRIES = 4
_RESOLVER_THREADS = 16


class Resolver(Protocol):
    """Names to addresses."""

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        """The addresses of a host, best first; raises OSError when there are none."""

    def close(self) -> None:
        """Let go of what it holds."""


class SystemResolver:
    """The machine's resolver, on threads of its own: a slow name server must not block other threads."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_RESOLVER_THREADS, thread_name_prefix="resolve")

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        """The addresses that getaddrinfo gives, in its order (RFC 6724)."""
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, _getaddrinfo, host, port)
        return list(dict.fromkeys(found))

    def close(self) -> None:
        """Let the threads go, without waiting for a name server."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects to public addresses only. Raises FetchError, which the pool lets through."""

    def __init__(self, policy: AddressPolicy, resolver: Resolver) -> None:
        self._policy = policy
        self._resolver = resolver
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # the interface of httpcore
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first address of `host` that answers, of those that may be used."""
        addresses = await self._checked(host, port)
        share = None if timeout is None else timeout / len(addresses)
        failure: httpcore.NetworkError | httpcore.TimeoutException | None = None
        for address in addresses:
            try:
                return await self._backend.connect_tcp(
                    str(address), port, share, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or FetchError("dns", f"{host} has no address")

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109  # the interface of httpcore
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Never: a URL must not reach a socket of this machine."""
        raise FetchError("private-address", "a socket of this machine")

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._backend.sleep(seconds)

    async def _checked(self, host: str, port: int) -> list[Address]:
        literal = parse_address(host)
        try:
            found = [host] if literal else await self._resolver.resolve(host, port)
        except UnicodeError as error:  # the IDNA codec: an empty label, or one beyond 63 characters
            raise FetchError("bad-url", "no such host can exist") from error
        except OSError as error:
            raise FetchError("dns", f"{host} cannot be resolved") from error
        addresses = [address for address in map(parse_address, found) if address is not None]
        if not addresses:
            raise FetchError("dns", f"{host} has no address")
        permitted = [address for address in addresses if self._policy.permits(host, address)]
        if not permitted:
            raise FetchError("private-address", f"{host} is not on the public Internet")
        return permitted[:_TRIES]


def failure_of(error: Exception) -> FetchError:
    """The name of what went wrong below HTTP or in it."""
    if isinstance(error, FetchError):
        return error
    if isinstance(error, httpcore.TimeoutException):
        return FetchError("timeout", type(error).__name__)
    if isinstance(error, httpcore.ConnectError):
        reason = "tls" if _caused_by(error, ssl.SSLError) else "connect"
        return FetchError(reason, f"{error}"[:200])
    if isinstance(error, httpcore.NetworkError) or "disconnect" in str(error) or "peer closed" in str(error):
        return FetchError("connection-lost", f"{error}"[:200])
    return FetchError("bad-response", f"{error}"[:200])


def _getaddrinfo(host: str, port: int) -> list[str]:
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _caused_by(error: BaseException | None, kind: type[BaseException]) -> bool:
    while error is not None:
        if isinstance(error, kind):
            return True
        error = error.__cause__ or error.__context__
    return False
