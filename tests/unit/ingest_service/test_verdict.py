"""Is it news? The decision, and versions that grow whatever the clock does."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from drafts import NOON_MS, draft
from warta_ingest.draft import Draft
from warta_ingest.registry.verdict import Capped, Held, News, Unchanged, Unknown, judge
from warta_ingest.withdrawal import withdrawal
from warta_shared.events.article import Source, Status
from warta_shared.registry.known import HOUR_MS, Known

CAP = 3


def published(article: Draft, now: int = NOON_MS, known: Known | None = None) -> Known:
    verdict = judge(article, known, now, CAP)
    assert isinstance(verdict, News)
    return verdict.known


def test_an_unknown_article_is_revision_1_of_now() -> None:
    known = published(draft())
    assert (known.revision, known.observed_at, known.first_seen_at) == (1, NOON_MS, NOON_MS)
    assert (known.hour, known.revisions_in_hour) == (NOON_MS // HOUR_MS, 0)


def test_the_same_again_is_unchanged() -> None:
    known = published(draft())
    assert judge(draft(), known, NOON_MS + 1_000, CAP) == Unchanged(known)


def test_a_new_body_is_a_new_revision_first_seen_when_it_was() -> None:
    verdict = judge(draft(body="It cut its rate."), published(draft()), NOON_MS + 5_000, CAP)
    assert isinstance(verdict, News)
    assert (verdict.known.revision, verdict.known.observed_at) == (2, NOON_MS + 5_000)
    assert verdict.known.first_seen_at == NOON_MS
    assert verdict.known.revisions_in_hour == 1


def test_a_clock_in_the_text_is_no_revision() -> None:
    first = draft(body="Updated 5 minutes ago\nThe rate stays.")
    later = draft(body="Updated 17 minutes ago\nThe rate stays.")
    assert isinstance(judge(later, published(first), NOON_MS, CAP), Unchanged)


def test_a_withdrawal_is_a_new_version_of_the_same_revision() -> None:
    verdict = judge(draft(status=Status.WITHDRAWN), published(draft()), NOON_MS + 1, CAP)
    assert isinstance(verdict, News)
    assert (verdict.known.revision, verdict.known.observed_at) == (1, NOON_MS + 1)


def test_a_pushers_correction_of_the_source_counts_a_pages_does_not() -> None:
    renamed = Source(id="GALERT", name="Google Alerts")
    assert isinstance(judge(draft(source=renamed), published(draft()), NOON_MS, CAP), News)
    page = draft(facts_count=False)
    assert isinstance(judge(replace(page, source=renamed), published(page), NOON_MS, CAP), Unchanged)


def test_revisions_beyond_the_cap_wait_for_the_next_hour() -> None:
    known = published(draft(), NOON_MS + HOUR_MS // 2)
    for number in range(CAP):
        verdict = judge(draft(body=f"Version {number}."), known, NOON_MS + HOUR_MS // 2, CAP)
        assert isinstance(verdict, News)
        known = verdict.known
    capped = judge(draft(body="Once more."), known, NOON_MS + HOUR_MS // 2, CAP)
    assert capped == Capped(known, retry_after=1_800.0)
    assert isinstance(judge(draft(body="Once more."), known, NOON_MS + HOUR_MS, CAP), News)


def test_a_withdrawal_passes_where_revisions_are_capped() -> None:
    known = replace(published(draft()), revisions_in_hour=CAP)
    assert isinstance(judge(draft(status=Status.WITHDRAWN), known, NOON_MS, CAP), News)


def test_a_withdrawal_without_the_text_is_a_revision_of_what_is_known_and_of_nothing_else() -> None:
    bare = withdrawal(draft().id, Source(id="GALERT"))
    assert judge(bare, None, NOON_MS, CAP) == Unknown()
    verdict = judge(bare, replace(published(draft()), revisions_in_hour=CAP), NOON_MS, CAP)
    assert isinstance(verdict, News)
    assert (verdict.known.revision, verdict.known.withdrawn) == (2, True)
    assert judge(bare, verdict.known, NOON_MS + 1, CAP) == Unchanged(verdict.known)


def test_a_withdrawal_is_the_same_however_its_article_is_named() -> None:
    known = published(withdrawal(draft().id, Source(id="GALERT"), draft().url), known=published(draft()))
    assert judge(withdrawal(draft().id, Source(id="GALERT")), known, NOON_MS, CAP) == Unchanged(known)


def test_a_page_does_not_undo_a_withdrawal_a_pusher_does() -> None:
    withdrawn = published(draft(status=Status.WITHDRAWN))
    page = draft(facts_count=False, body="The page, edited.")
    assert judge(page, withdrawn, NOON_MS, CAP) == Held(withdrawn)
    restored = judge(draft(), withdrawn, NOON_MS, CAP)
    assert isinstance(restored, News)
    assert not restored.known.withdrawn


@given(st.lists(st.integers(min_value=0, max_value=2**41), min_size=2, max_size=20))
def test_versions_grow_strictly_whatever_the_clock_does(instants: list[int]) -> None:
    known: Known | None = None
    for number, now in enumerate(instants):
        verdict = judge(draft(body=f"Version {number}."), known, now, 1_000)
        assert isinstance(verdict, News)
        assert known is None or verdict.known.observed_at > known.observed_at
        assert verdict.known.first_seen_at == instants[0]
        assert verdict.known.revision == number + 1
        known = verdict.known


def test_a_lost_text_is_published_again_as_the_same_revision() -> None:
    lost = replace(published(draft()), lost=True)
    verdict = judge(draft(), lost, NOON_MS + 1_000, CAP)
    assert isinstance(verdict, News)
    assert (verdict.known.revision, verdict.known.observed_at) == (1, NOON_MS + 1_000)
    assert not verdict.known.lost
    changed = judge(draft(body="It cut its rate."), lost, NOON_MS + 1_000, CAP)
    assert isinstance(changed, News)
    assert changed.known.revision == 2
