"""Whether the names of the servers in WARTA_*_URL have addresses."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import socket
from urllib.parse import urlsplit

from warta_shared.doctor.finding import Finding, failed, ok, skipped
from warta_shared.settings import PREFIX

PATIENCE_SECONDS = 5.0


async def examine() -> list[Finding]:
    """One finding for each name."""
    named = {
        host: variable
        for variable, value in sorted(os.environ.items())
        if variable.startswith(PREFIX) and variable.endswith("_URL")
        for host in hosts_of(value)
        if not _is_address(host)
    }
    if not named:
        return [skipped("names", "WARTA_*_URL name no server, or addresses")]
    return [await _resolved(host, variable) for host, variable in named.items()]


def hosts_of(value: str) -> list[str]:
    """Of an address, or of several that commas part; without ports, users and passwords."""
    _, found, servers = value.partition("://")
    parts = (
        [urlsplit(f"//{part.rpartition('://')[2]}").hostname for part in servers.split(",")] if found else []
    )
    return [host for host in parts if host]


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


async def _resolved(host: str, variable: str) -> Finding:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, TimeoutError, UnicodeError) as error:
        told = f"{host} ({variable}): {str(error) or 'no answer'}"
        return failed("name", told, "Is the name right, and the server's container up?", unreachable=True)
    return ok("name", f"{host}: {', '.join(sorted({str(address[4][0]) for address in found}))}")
