"""The oracle must see each kind of fault, or its silence proves nothing."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from faults.ledger import Article, Ledger, article
from faults.oracle import Document, Verdict, judge

SEED = 1


def held(number: int, version: int = 0, **given: Any) -> Document:
    """The document of an article, as far as the oracle looks at it."""
    return article(SEED, number, version) | {"source": {"id": "FAULTS"}} | given


def answers(articles: list[Article], revision: int = 1) -> list[dict[str, Any]]:
    """The push API's word for a batch."""
    return [
        {"id": f"id{one['extensions']['number']}", "status": "published", "revision": revision}
        for one in articles
    ]


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """Three articles accepted, the first of them in two versions."""
    ledger = Ledger(tmp_path, SEED)
    articles = ledger.next_batch(3)
    ledger.accept(answers(articles), articles)
    newer = ledger.again([article(SEED, 0, 1)])
    ledger.sent[0] = 1
    ledger.accept(answers(newer, 2), newer)
    return ledger


DOCUMENTS = [held(0, 1), held(1), held(2)]


def test_a_document_for_each_article_is_clean(ledger: Ledger) -> None:
    assert judge(ledger, DOCUMENTS, []) == Verdict()
    judge(ledger, DOCUMENTS, []).assert_clean()


def test_what_is_missing_is_lost(ledger: Ledger) -> None:
    verdict = judge(ledger, DOCUMENTS[1:], [])
    assert verdict == Verdict(lost=[0])
    with pytest.raises(AssertionError, match="lost"):
        verdict.assert_clean()


def test_two_documents_of_one_article_are_a_duplicate_whatever_their_ids(ledger: Ledger) -> None:
    assert judge(ledger, [*DOCUMENTS, held(2)], []) == Verdict(duplicated=[2])


def test_a_valid_article_in_the_dead_letters_is_a_fault(ledger: Ledger) -> None:
    assert judge(ledger, DOCUMENTS[:2], ["id2", "of-others"]) == Verdict(buried=[2])


def test_a_document_and_a_dead_letter_of_one_article_are_two_places(ledger: Ledger) -> None:
    assert judge(ledger, DOCUMENTS, ["id1"]) == Verdict(buried=[1], both=[1])


def test_other_content_is_seen(ledger: Ledger) -> None:
    for changed in ({"body": "other"}, {"title": "other"}, {"source": {"id": "OTHER"}}):
        assert judge(ledger, [*DOCUMENTS[:2], held(2, **changed)], []) == Verdict(altered=[2])


def test_an_older_version_is_stale(ledger: Ledger) -> None:
    assert judge(ledger, [held(0), *DOCUMENTS[1:]], []) == Verdict(stale=[0])


def test_a_version_without_an_answer_may_be_there_or_not(ledger: Ledger) -> None:
    ledger.again([article(SEED, 1, 1)])
    ledger.sent[1] = 1
    assert judge(ledger, DOCUMENTS, []) == Verdict()
    assert judge(ledger, [DOCUMENTS[0], held(1, 1), DOCUMENTS[2]], []) == Verdict()


def test_of_two_pushers_the_last_that_was_counted_wins(ledger: Ledger) -> None:
    late = ledger.again([article(SEED, 0, 0)])
    ledger.accept(answers(late, 3), late)
    assert judge(ledger, DOCUMENTS, []) == Verdict(stale=[0])
    assert judge(ledger, [held(0), *DOCUMENTS[1:]], []) == Verdict()


def test_what_was_never_sent_is_a_phantom(ledger: Ledger) -> None:
    assert judge(ledger, [*DOCUMENTS, held(99)], []) == Verdict(phantoms=[99])
    assert judge(ledger, [held(0, 2), *DOCUMENTS[1:]], []) == Verdict(phantoms=[0])


def test_what_is_sent_is_on_disk_before_it_is_sent(ledger: Ledger) -> None:
    (batch,) = ledger.next_batch(1)
    lines = (ledger.folder / "sent.jsonl").read_text().splitlines()
    assert lines[-1] == f"[[{batch['extensions']['number']}, 0]]"
    assert len((ledger.folder / "accepted.jsonl").read_text().splitlines()) == 2


def test_new_versions_are_of_articles_that_were_accepted(ledger: Ledger) -> None:
    batch = ledger.next_batch(1, edits=2)
    assert [one["extensions"]["version"] for one in batch[1:]] != [0, 0]
    assert {one["extensions"]["number"] for one in batch[1:]} <= {0, 1, 2}


def test_what_redis_lost_on_purpose_is_excused_until_it_is_pushed_again(ledger: Ledger) -> None:
    ledger.forget()
    assert judge(ledger, [held(0)], []) == Verdict()
    newer = ledger.again([article(SEED, 1, 1)])
    ledger.sent[1] = 1
    ledger.accept(answers(newer), newer)
    assert judge(ledger, [held(0)], []) == Verdict(lost=[1])
    assert judge(ledger, [held(1)], []) == Verdict(stale=[1])


def test_only_what_was_accepted_since_then_is_excused(ledger: Ledger) -> None:
    ledger.forget(since=time.monotonic() + 1)
    assert judge(ledger, [held(0)], []) == Verdict(lost=[1, 2], stale=[0])
