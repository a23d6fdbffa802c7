"""Which addresses may be spoken to: those of the public Internet, and what the operator lists."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Beyond `is_global`, which differs between Python releases and calls multicast global.
_NEVER_PUBLIC: tuple[Network, ...] = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8", "100.64.0.0/10", "192.88.99.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16",
        "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    )
)  # fmt: skip
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052
_SIX_TO_FOUR = IPv6Network("2002::/16")  # RFC 3056
_IPV4_COMPATIBLE = IPv6Network("::/96")  # RFC 4291, 2.5.5.1
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)  # RFC 5214, 6.1
_HOST_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?")


def is_public(address: Address) -> bool:
    """Whether an address is on the public Internet, also after unwrapping the IPv4 address inside of it."""
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return False
        inner = embedded_ipv4(address)
        if inner is not None:
            return is_public(inner)
    in_special = any(address in network for network in _NEVER_PUBLIC if network.version == address.version)
    return address.is_global and not in_special


def embedded_ipv4(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that a packet to this IPv6 address reaches, by mapping, NAT64, 6to4 or ISATAP."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _SIX_TO_FOUR:
        return address.sixtofour
    low = int(address) & 0xFFFF_FFFF
    isatap = int(address) >> 32 & 0xFFFF_FFFF in _ISATAP
    return IPv4Address(low) if isatap or address in _NAT64 or address in _IPV4_COMPATIBLE else None


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """What may be connected to: public addresses, and the operator's own networks and host names."""

    networks: tuple[Network, ...] = ()
    hosts: frozenset[str] = frozenset()

    @classmethod
    def allowing(cls, entries: Iterable[str]) -> AddressPolicy:
        """From entries like `127.0.0.1/32`, `10.0.0.7`, `newsroom.internal`; raises ValueError on others."""
        networks: list[Network] = []
        hosts: set[str] = set()
        for entry in (entry.strip().lower() for entry in entries):
            try:
                networks.append(ip_network(entry))
            except ValueError:
                if "/" in entry or not _HOST_NAME.fullmatch(entry):
                    raise ValueError(f"{entry!r} is neither a network, an address nor a host name") from None
                hosts.add(entry)
        return cls(tuple(networks), frozenset(hosts))

    def permits(self, host: str, address: Address) -> bool:
        """Whether `address`, which `host` resolved to, may be connected to."""
        if is_public(address) or host.lower().rstrip(".") in self.hosts:
            return True
        return any(address in network for network in self.networks if network.version == address.version)


def parse_address(text: str) -> Address | None:
    """An address as a resolver writes it (zone ids kept), None when it is none."""
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
