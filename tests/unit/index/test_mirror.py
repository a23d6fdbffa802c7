"""What is written to two indices at once: when it is done, and when not."""

from __future__ import annotations

from typing import Any, cast

import pytest

from warta_index.connection import Connection, Reply, UnreachableError
from warta_index.mirror import Mirror
from warta_index.results import Indexed, ItemResult, Rejected, Superseded, Unavailable
from warta_index.schema.names import MIRROR_ALIAS
from warta_shared.telemetry import metrics

BUSY, GONE, BAD = Unavailable("busy"), Unavailable("missing-alias"), Rejected("strict", "no such field")


class Cluster:
    """Answers whether the alias is there, and counts how often it was asked."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.asked = 0

    async def ask(self, method: str, target: str, content: Any = None) -> Reply:
        self.asked += 1
        return Reply(self.statuses.pop(0), b"{}")


def mirror(cluster: Cluster) -> Mirror:
    return Mirror(cast("Connection", cluster))


@pytest.mark.parametrize(
    ("first", "copy", "result"),
    [
        (Indexed(), Indexed(), Indexed()),
        (Superseded(), Indexed(), Superseded()),
        (Indexed(), Superseded(), Indexed()),
        (Indexed(), BUSY, BUSY),
        (BUSY, Indexed(), BUSY),
        (Indexed(), GONE, Indexed()),
        (BAD, Indexed(), BAD),
        (Indexed(), BAD, Indexed()),
    ],
)
def test_a_document_is_done_when_both_have_it(
    first: ItemResult, copy: ItemResult, result: ItemResult
) -> None:
    assert mirror(Cluster()).joined([first, copy]) == [result]


def test_what_the_second_index_will_never_take_is_counted() -> None:
    before = metrics.MIRROR_REFUSED._value.get()
    assert mirror(Cluster()).joined([Indexed(), BAD, Indexed(), Indexed()]) == [Indexed(), Indexed()]
    assert metrics.MIRROR_REFUSED._value.get() == before + 1


async def test_it_is_asked_once_in_a_while_and_again_when_the_alias_was_gone() -> None:
    cluster = Cluster(200, 404)
    looked = mirror(cluster)
    assert [await looked.index() for _ in range(3)] == [MIRROR_ALIAS] * 3
    assert cluster.asked == 1
    looked.joined([Indexed(), GONE])
    assert await looked.index() is None
    assert cluster.asked == 2


async def test_without_an_answer_nothing_is_written() -> None:
    with pytest.raises(UnreachableError, match="mirror-unknown"):
        await mirror(Cluster(503)).index()
