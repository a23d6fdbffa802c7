"""What was promised: only a 2xx answer creates an obligation; it is on disk before the next article is sent."""

from __future__ import annotations

import json
import os
import random
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SOURCE = "FAULTS"
# What the API says of an article that it has.
TAKEN = frozenset({"published", "unchanged"})
WORDS = (
    "pemerintah anggaran investasi ekspor menteri daerah kebijakan usaha ekonomi pajak industri pasar "
    "government budget investment export minister regional policy business economy tax industry market"
).split()

Article = dict[str, Any]


def article(seed: int, number: int, version: int = 0) -> Article:
    """A distinct article, the same for the same seed, number and version; versions differ in title and body."""
    chance = random.Random(f"{seed}/{number}/{version}")
    sentences = [" ".join(chance.choices(WORDS, k=14)).capitalize() + "." for _ in range(6)]
    return {
        "external_id": f"{seed}-{number}",
        "title": f"Article {number}.{version}: {' '.join(chance.choices(WORDS, k=5))}",
        "body": "\n".join(sentences),
        "source": SOURCE,
        "extensions": {"seed": seed, "number": number, "version": version},
    }


@dataclass(frozen=True, order=True)
class Accepted:
    """The newest version of an article that the API said it has, by the API's own count of revisions.

    `epoch` counts how often Redis lost its memory on purpose, which begins the count anew.
    """

    epoch: int
    revision: int
    version: int
    id: str


@dataclass
class Ledger:
    """What was sent and what was accepted, in files that are synced line by line; safe for several pushers.

    `sent` is the newest version by number, `unsure` the versions without an answer yet. `excused`: the newest
    version of articles that Redis alone may have had when it lost its memory on purpose.
    """

    folder: Path
    seed: int
    epoch: int = 0
    pushes: int = 0
    sent: dict[int, int] = field(default_factory=dict)
    accepted: dict[int, Accepted] = field(default_factory=dict)
    unsure: dict[int, set[int]] = field(default_factory=dict)
    excused: dict[int, int] = field(default_factory=dict)
    accepted_at: dict[int, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def next_batch(self, size: int, edits: int = 0) -> list[Article]:
        """`size` articles that were never sent, and new versions of `edits` that were accepted."""
        with self._lock:
            first = len(self.sent)
            chosen = dict.fromkeys(range(first, first + size), 0)
            settled = [number for number in self.accepted if not self.unsure.get(number)]
            chance = random.Random(f"{self.seed}/{first}")
            for number in chance.sample(settled, min(edits, len(settled))):
                chosen[number] = self.sent[number] + 1
            self.sent |= chosen
            return self._sending([article(self.seed, *one) for one in chosen.items()])

    def again(self, articles: Sequence[Article]) -> list[Article]:
        """The same once more: a late or repeated push."""
        with self._lock:
            return self._sending(articles)

    def accept(self, results: Sequence[dict[str, Any]], articles: Sequence[Article]) -> None:
        """The API said that it has them: from now on the system owes us a document for each."""
        with self._lock:
            for result, sent in zip(results, articles, strict=True):
                assert result["status"] in TAKEN, result
                number, version = sent["extensions"]["number"], sent["extensions"]["version"]
                newest = Accepted(self.epoch, result["revision"], version, result["id"])
                self.accepted[number] = max(newest, self.accepted.get(number, newest))
                self.unsure.get(number, set()).discard(version)
                self.accepted_at[number] = time.monotonic()
            self.pushes += len(articles)
            self._note("accepted", articles)

    def forget(self, since: float = 0.0) -> None:
        """Redis lost what it learnt since that moment (monotonic); revisions are counted anew.

        What was in the middle of a push is excused too: its answer may have been on its way.
        """
        with self._lock:
            self.epoch += 1
            for number, versions in self.unsure.items():
                if versions or self.accepted_at.get(number, 0.0) >= since:
                    self.excused[number] = self.sent[number]

    def is_excused(self, number: int) -> bool:
        """Whether its newest accepted version may have been lost on purpose."""
        newest = self.accepted.get(number)
        return newest is None or newest.version <= self.excused.get(number, -1)

    def _sending(self, articles: Sequence[Article]) -> list[Article]:
        self._note("sent", articles)
        for sent in articles:
            self.unsure.setdefault(sent["extensions"]["number"], set()).add(sent["extensions"]["version"])
        return list(articles)

    def _note(self, name: str, articles: Iterable[Article]) -> None:
        line = [(one["extensions"]["number"], one["extensions"]["version"]) for one in articles]
        with (self.folder / f"{name}.jsonl").open("a") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())
