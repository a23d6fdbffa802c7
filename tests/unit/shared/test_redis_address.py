"""WARTA_REDIS_URL: what each form means, and what is refused with a word about why."""

from __future__ import annotations

import pytest

from warta_shared.delivery.address import Address, InvalidRedisUrl, Kind, parse_address


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("redis://u:p@h:1/2", Address(Kind.SERVER, tls=False, url="redis://u:p@h:1/2")),
        ("rediss://h", Address(Kind.SERVER, tls=True, url="rediss://h")),
        (
            "redis+sentinel://u:p%2Fw@a,b:2/news",
            Address(
                Kind.SENTINEL,
                tls=False,
                hosts=(("a", 26_379), ("b", 2)),
                username="u",
                password="p/w",
                master="news",
            ),
        ),
        (
            "rediss+sentinel://a",
            Address(Kind.SENTINEL, tls=True, hosts=(("a", 26_379),), master="mymaster"),
        ),
        (
            "redis+cluster://u:p@a:1,b:2,c?timeout=3",
            Address(Kind.CLUSTER, tls=False, url="redis://u:p@a:1?timeout=3", hosts=(("b", 2), ("c", 6_379))),
        ),
        ("rediss+cluster://[::1]:7", Address(Kind.CLUSTER, tls=True, url="rediss://[::1]:7")),
    ],
)
def test_what_a_url_means(url: str, address: Address) -> None:
    assert parse_address(url, partitions=8) == address


@pytest.mark.parametrize(
    ("url", "partitions", "word"),
    [
        ("http://h", 0, "must begin with redis://"),
        ("redis://", 0, "must begin with redis://"),
        ("redis+ring://h", 0, "must begin with redis://"),
        ("redis+cluster://h", 0, "WARTA_PARTITIONS"),
        ("redis+sentinel://h:99999999/m", 0, "cannot be read"),
        ("redis+cluster://a,b:x", 8, "cannot be read"),
        ("redis+cluster://a:x,b", 8, "cannot be read"),
        ("redis://h:99999", 0, "cannot be read"),
        ("redis://[h", 0, "cannot be read"),
    ],
)
def test_what_is_refused(url: str, partitions: int, word: str) -> None:
    with pytest.raises(InvalidRedisUrl, match=word):
        parse_address(url, partitions)


@pytest.mark.parametrize("url", ["redis://:se/cret@h", "redis+sentinel://u:se/cret@h:x/m"])
def test_no_part_of_a_password_is_told(url: str) -> None:
    with pytest.raises(InvalidRedisUrl) as refused:
        parse_address(url, partitions=8)
    assert "se" not in str(refused.value).replace("password", "").split()
    assert refused.value.__cause__ is None
