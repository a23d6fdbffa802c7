"""What was promised: only a 2xx answer creates an obligation; it is on disk before the next article is sent."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

WORDS = (
    "pemerintah anggaran investasi ekspor menteri daerah kebijakan usaha ekonomi pajak industri pasar "
    "government budget investment export minister regional policy business economy tax industry market"
).split()


def article(seed: int, number: int) -> dict[str, Any]:
    """A distinct article, the same for the same seed and number."""
    chance = random.Random(f"{seed}/{number}")
    sentences = [" ".join(chance.choices(WORDS, k=14)).capitalize() + "." for _ in range(6)]
    return {
        "external_id": f"{seed}-{number}",
        "title": f"Article {number}: {' '.join(chance.choices(WORDS, k=5))}",
        "body": "\n".join(sentences),
        "source": "FAULTS",
        "extensions": {"seed": seed, "number": number},
    }


@dataclass
class Ledger:
    """Numbers sent and numbers accepted, in files that are synced line by line."""

    folder: Path
    seed: int
    accepted: dict[str, int] = field(default_factory=dict)
    sent: int = 0

    def next_batch(self, size: int) -> list[dict[str, Any]]:
        """Articles that were never sent; noted as sent before they are."""
        first, self.sent = self.sent, self.sent + size
        self._note("sent", range(first, self.sent))
        return [article(self.seed, number) for number in range(first, self.sent)]

    def accept(self, results: list[dict[str, Any]], articles: list[dict[str, Any]]) -> None:
        """The API said that it has them: from now on the system owes us a document for each."""
        for result, sent in zip(results, articles, strict=True):
            assert result["status"] in {"published", "unchanged"}, result
            self.accepted[result["id"]] = sent["extensions"]["number"]
        self._note("accepted", (sent["extensions"]["number"] for sent in articles))

    def _note(self, name: str, numbers: Iterator[int] | range) -> None:
        with (self.folder / f"{name}.jsonl").open("a") as file:
            file.write(json.dumps(list(numbers)) + "\n")
            file.flush()
            os.fsync(file.fileno())
