"""Every article of the registry and of the index has one verdict."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warta_index.audit.comparison import SHOWN_MAX, Article, Bounds, Comparison, Findings, Verdict, judged
from warta_index.audit.remembered import articles

BOUNDS = Bounds(settled=1_000, began=2_000, remembered=100)


def article(version: int | None) -> Article | None:
    return None if version is None else Article("a" * 26, version)


@pytest.mark.parametrize(
    ("known", "found", "dead", "verdict"),
    [
        (500, 500, False, Verdict.FINE),
        (500, None, False, Verdict.MISSING),
        (500, None, True, Verdict.DEAD),
        (500, 400, False, Verdict.STALE),
        (500, 400, True, Verdict.DEAD),
        (500, 500, True, Verdict.FINE),
        (1_500, None, False, Verdict.ON_ITS_WAY),
        (1_500, 400, False, Verdict.ON_ITS_WAY),
        (1_000, None, False, Verdict.ON_ITS_WAY),
        (500, 600, False, Verdict.AHEAD),
        (500, 2_500, False, Verdict.ON_ITS_WAY),
        (None, 500, False, Verdict.PHANTOM),
        (None, 99, False, Verdict.FORGOTTEN),
        (None, 2_000, False, Verdict.ON_ITS_WAY),
    ],
)
def test_one_article(known: int | None, found: int | None, dead: bool, verdict: Verdict) -> None:
    assert judged(article(known), article(found), dead=dead, bounds=BOUNDS) is verdict


def compared(remembered: list[Article], indexed: list[Article]) -> Findings:
    comparison = Comparison(remembered, set(), set(), BOUNDS)
    for one in indexed:
        comparison.seen(one)
    return comparison.finished()


IDS = st.lists(st.text(alphabet="abz27", min_size=1, max_size=3), unique=True).map(sorted)


@given(left=IDS, right=IDS)
def test_each_article_is_judged_once_whoever_has_it(left: list[str], right: list[str]) -> None:
    findings = compared([Article(one, 500) for one in left], [Article(one, 500) for one in right])
    assert findings.counts[Verdict.FINE] == len(set(left) & set(right))
    assert findings.shown[Verdict.MISSING] == [one for one in left if one not in right]
    assert findings.shown[Verdict.PHANTOM] == [one for one in right if one not in left]
    assert findings.counts.total() == len(set(left) | set(right))


def test_a_great_loss_is_counted_whole_and_shown_in_part() -> None:
    lost = [Article(f"{number:026}", 500) for number in range(SHOWN_MAX + 5)]
    findings = compared(lost, [])
    assert (findings.problems, len(findings.shown[Verdict.MISSING])) == (SHOWN_MAX + 5, SHOWN_MAX)


@pytest.mark.parametrize(
    ("known", "found", "dead", "verdict"),
    [
        (500, None, False, Verdict.ON_ITS_WAY),
        (500, 400, False, Verdict.ON_ITS_WAY),
        (500, 400, True, Verdict.ON_ITS_WAY),
        (500, 500, False, Verdict.FINE),
        (500, 600, False, Verdict.AHEAD),
        (None, 500, False, Verdict.PHANTOM),
    ],
)
def test_what_is_still_on_a_stream_is_no_loss(
    known: int | None, found: int | None, dead: bool, verdict: Verdict
) -> None:
    remembered, identity = article(known), "a" * 26
    comparison = Comparison(
        [remembered] if remembered else [], {identity}, {identity} if dead else set(), BOUNDS
    )
    if indexed := article(found):
        comparison.seen(indexed)
    assert comparison.finished().counts == {verdict: 1}


@given(st.lists(st.from_regex(r"[a-z2-7]{26}", fullmatch=True), unique=True, max_size=50))
def test_the_registry_is_sorted_as_elasticsearch_sorts(ids: list[str]) -> None:
    found = {first: bytearray() for first in b"0123456789abcdefghijklmnopqrstuvwxyz"}
    for number, identity in enumerate(ids):
        found[ord(identity[0])] += identity.encode() + number.to_bytes(6)
    assert list(articles(found)) == sorted(Article(identity, number) for number, identity in enumerate(ids))
