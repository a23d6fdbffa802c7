"""The oracle must see each kind of fault, or its silence proves nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from faults.ledger import Ledger
from faults.oracle import Verdict, judge


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    ledger = Ledger(tmp_path, seed=1)
    articles = ledger.next_batch(3)
    ledger.accept([{"id": f"id{n}", "status": "published"} for n in range(3)], articles)
    return ledger


@pytest.fixture
def documents(tmp_path: Path) -> list[dict[str, Any]]:
    (tmp_path / "again").mkdir()
    return Ledger(tmp_path / "again", seed=1).next_batch(3)


CLEAN = Verdict(lost=[], duplicated=[], phantoms=[], altered=[], dead=[])


def test_a_document_for_each_article_is_clean(ledger: Ledger, documents: list[dict[str, Any]]) -> None:
    assert judge(ledger, documents, []) == CLEAN
    judge(ledger, documents, []).assert_clean()


def test_what_is_missing_is_lost(ledger: Ledger, documents: list[dict[str, Any]]) -> None:
    verdict = judge(ledger, documents[1:], [])
    assert verdict.lost == [0]
    with pytest.raises(AssertionError):
        verdict.assert_clean()


def test_two_documents_of_one_article_are_a_duplicate_whatever_their_ids(
    ledger: Ledger, documents: list[dict[str, Any]]
) -> None:
    assert judge(ledger, [*documents, documents[2]], []).duplicated == [2]


def test_a_valid_article_in_the_dead_letters_is_a_fault(
    ledger: Ledger, documents: list[dict[str, Any]]
) -> None:
    verdict = judge(ledger, documents[:2], ["id2"])
    assert (verdict.lost, verdict.dead) == ([], ["id2"])


def test_other_content_is_seen(ledger: Ledger, documents: list[dict[str, Any]]) -> None:
    assert judge(ledger, [*documents[:2], documents[2] | {"body": "other"}], []).altered == [2]


def test_what_was_never_sent_is_a_phantom(ledger: Ledger, documents: list[dict[str, Any]]) -> None:
    stranger = documents[0] | {"extensions": {"seed": 1, "number": 99}}
    assert judge(ledger, [*documents, stranger], []).phantoms == [99]
