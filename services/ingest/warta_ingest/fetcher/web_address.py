"""URLs that may be fetched."""

from __future__ import annotations

import re

import httpx

from warta_ingest.fetcher.errors import FetchError
from warta_shared.events.fields import URL_MAX

_PORTS = {"http": 80, "https": 443}
_PORT_MAX = 65_535
_CONTROL = re.compile(r"[\x00-\x1f\x7f\\]")


def web_address(url: str, ports: frozenset[int] | None = None) -> httpx.URL:
    """The parsed URL without its fragment; raises FetchError (bad-url, port-refused).

    `ports`: those that may be used, None for any.
    """
    if len(url) > URL_MAX or _CONTROL.search(url):
        raise FetchError("bad-url", "too long, or with control characters or backslashes")
    try:
        return _checked(httpx.URL(url.strip()), ports)
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError("bad-url", "cannot be read as a URL") from error


def redirect_target(address: httpx.URL, location: str, ports: frozenset[int] | None = None) -> httpx.URL:
    """Where a redirect leads (RFC 9110, 10.2.2); raises FetchError."""
    if not location or len(location) > URL_MAX or _CONTROL.search(location):
        raise FetchError("bad-url", "a redirect without a usable target")
    try:
        return _checked(address.join(location.strip()), ports)
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError("bad-url", "a redirect to what is no URL") from error


def same_origin(one: httpx.URL, other: httpx.URL) -> bool:
    """Whether two URLs share scheme, host and port (RFC 6454)."""
    return (one.scheme, one.host, port_of(one)) == (other.scheme, other.host, port_of(other))


def port_of(address: httpx.URL) -> int:
    """The port that a URL leads to."""
    return _PORTS[address.scheme] if address.port is None else address.port


def _checked(address: httpx.URL, ports: frozenset[int] | None) -> httpx.URL:
    if address.scheme not in _PORTS or not address.host:
        raise FetchError("bad-url", "only http and https URLs with a host are fetched")
    if address.userinfo:
        raise FetchError("bad-url", "a user or password in a URL is never sent")
    if port_of(address) > _PORT_MAX:
        raise FetchError("bad-url", "no such port")
    if address.port == 0 or (ports is not None and port_of(address) not in ports):
        raise FetchError("port-refused", f"port {port_of(address)}")
    return address.copy_with(fragment=None)
