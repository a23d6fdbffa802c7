"""How to fetch, as the operator wants it."""

from __future__ import annotations

import ssl
from dataclasses import dataclass

import httpcore
import httpx

from warta_ingest.fetcher.transport import GuardedTransport


@dataclass(frozen=True, slots=True)
class FetcherOptions:
    """How to fetch; times in seconds.

    `deadline`: for a whole fetch, redirects and body included, from when its turn comes. `fetches`: how many
    run at once; `per_origin`: how many connections lead to one origin.
    `allow`: networks, addresses and host names that may be used though they are not public. `ports`: None
    for any. `tls`: None for the machine's certificate authorities.
    """

    user_agent: str
    deadline: float = 30.0
    connect_timeout: float = 10.0
    read_timeout: float = 20.0
    redirects: int = 5
    fetches: int = 200
    per_origin: int = 8
    keepalive: float = 15.0
    allow: tuple[str, ...] = ()
    ports: frozenset[int] | None = None
    tls: ssl.SSLContext | None = None


def build_transport(options: FetcherOptions, network: httpcore.AsyncNetworkBackend) -> GuardedTransport:
    """Connections over `network`, as the operator wants them."""
    return GuardedTransport(
        network,
        options.tls or _public_authorities(),
        per_origin=options.per_origin,
        idle=options.fetches,
        keepalive=options.keepalive,
    )


def _public_authorities() -> ssl.SSLContext:
    """The authorities that come with httpx, and the machine's own: slim images have none."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context
