"""How late an article is: which legs of its way can be told, and which articles count."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from prometheus_client import REGISTRY

from warta_index.document import Document
from warta_index.freshness import legs, tell_freshness
from warta_index.results import Indexed, ItemResult, Superseded
from warta_shared.canary import SOURCE

SEEN = 1_764_000_000.0
NOW = SEEN + 4


def document(published_at: str = "", source: str = "KABAR") -> Document:
    return Document("a" * 26, int(SEEN * 1000), b"{}", published_at, source)


def test_all_legs_of_an_article_with_a_date() -> None:
    assert legs(document("2025-11-24T16:00:00.000Z"), SEEN + 4) == pytest.approx(
        {"published-discovered": 0, "discovered-indexed": 4, "published-indexed": 4}, abs=1e-6
    )
    assert legs(document("2025-11-24T22:30:00+07:00"), NOW)["published-indexed"] == pytest.approx(1_804)


@pytest.mark.parametrize(
    "published_at",
    ["", "2025-11-24T16:00:01Z", "2025-11-17T15:59:59Z", "1969-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "?"],
    ids=["none", "in the future", "of an archive", "before 1970", "at the end of time", "no date"],
)
def test_without_a_date_that_can_be_only_the_second_leg_counts(published_at: str) -> None:
    assert legs(document(published_at), NOW) == {"discovered-indexed": pytest.approx(4)}


def test_clocks_that_differ_make_no_negative_time() -> None:
    assert legs(document(), SEEN - 2) == {"discovered-indexed": 0}


@pytest.mark.parametrize(
    ("results", "source", "counted"),
    [
        ([Indexed(first=True)], "KABAR", 1),
        ([Indexed()], "KABAR", 0),
        ([Superseded()], "KABAR", 0),
        ([Indexed(first=True)], SOURCE, 0),
    ],
    ids=["new", "a new version, or the same again", "overtaken", "the canary"],
)
def test_which_articles_count(results: Sequence[ItemResult], source: str, counted: int) -> None:
    def seen() -> float:
        labels = {"leg": "discovered-indexed"}
        return REGISTRY.get_sample_value("warta_freshness_seconds_count", labels) or 0

    before = seen()
    tell_freshness([document(source=source)], results, NOW)
    assert seen() - before == counted
