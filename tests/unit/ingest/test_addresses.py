"""Which addresses are public, after unwrapping."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from warta_ingest.fetcher.addresses import AddressPolicy, is_public

PUBLIC = [
    "8.8.8.8",
    "103.10.64.1",
    "2606:4700::1111",
    "64:ff9b::808:808",
    "2002:808:808::1",
    "::ffff:8.8.8.8",
]
NOT_PUBLIC = [
    "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "192.0.0.1", "192.0.2.1",
    "192.88.99.1", "192.168.1.1", "198.18.0.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
    "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
    "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "3fff::1", "5f00::1",
    "fc00::1", "fd12::1", "fe80::1", "fe80::1%eth0", "2606:4700::1%eth0", "fec0::1", "ff02::1", "ff0e::1",
    "2606:4700::5efe:10.0.0.1", "2606:4700::200:5efe:7f00:1",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


def test_the_operator_allows_networks_addresses_and_hosts() -> None:
    policy = AddressPolicy.allowing(["10.0.0.0/8", "::1", "Newsroom"])
    assert policy.permits("any.example", ip_address("10.9.9.9"))
    assert policy.permits("any.example", ip_address("::1"))
    assert policy.permits("NEWSROOM.", ip_address("172.17.0.2"))
    assert policy.permits("any.example", ip_address("8.8.8.8"))
    assert not policy.permits("any.example", ip_address("172.17.0.2"))
    assert not policy.permits("newsroom.evil.example", ip_address("172.17.0.2"))
    assert not policy.permits("any.example", ip_address("::ffff:172.17.0.2"))
