"""Nothing lost, nothing twice: the ledger against what the system holds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from faults.ledger import Ledger, article


@dataclass(frozen=True)
class Verdict:
    """All must be empty. Documents are counted by their natural key (seed and number), not by `_id`."""

    lost: list[int]
    duplicated: list[int]
    phantoms: list[Any]
    altered: list[int]
    dead: list[str]

    def assert_clean(self) -> None:
        """Fail with what is wrong."""
        assert not any((self.lost, self.duplicated, self.phantoms, self.altered, self.dead)), self


def judge(ledger: Ledger, documents: list[dict[str, Any]], dead_article_ids: list[str]) -> Verdict:
    """Compare accepted articles with documents (`_source`s) and dead letters (article ids)."""
    natural = Counter(document["extensions"]["number"] for document in documents)
    found = {document["extensions"]["number"]: document for document in documents}
    accepted = set(ledger.accepted.values())
    dead = set(dead_article_ids)
    missing = {number for article_id, number in ledger.accepted.items() if article_id not in dead} - set(
        found
    )
    altered = [
        number
        for number, document in found.items()
        if (document["title"], document["body"])
        != (article(ledger.seed, number)["title"], article(ledger.seed, number)["body"])
    ]
    return Verdict(
        lost=sorted(missing),
        duplicated=sorted(number for number, count in natural.items() if count > 1),
        phantoms=sorted(number for number in found if number >= ledger.sent and number not in accepted),
        altered=altered,
        dead=sorted(dead),
    )
