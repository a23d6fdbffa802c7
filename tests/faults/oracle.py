"""Nothing lost, nothing twice: the ledger against what the system holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from faults.ledger import Ledger, article

Document = dict[str, Any]


@dataclass(frozen=True)
class Verdict:
    """Numbers of articles; all must be empty. Documents count by seed and number, not by `_id`.

    `lost`: accepted, and neither a document nor a dead letter. `duplicated`: more than one document. `phantoms`:
    a document of what was never sent. `altered`: other content than was sent. `stale`: another version than the
    newest accepted one. `buried`: a valid article in the dead letters. `both`: buried, and a document as well. What
    the ledger excuses is neither lost nor stale.
    """

    lost: list[int] = field(default_factory=list)
    duplicated: list[int] = field(default_factory=list)
    phantoms: list[int] = field(default_factory=list)
    altered: list[int] = field(default_factory=list)
    stale: list[int] = field(default_factory=list)
    buried: list[int] = field(default_factory=list)
    both: list[int] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether nothing is wrong."""
        return not any(asdict(self).values())

    def counts(self) -> dict[str, int]:
        """How many articles there are of each kind of wrong."""
        return {name: len(numbers) for name, numbers in asdict(self).items()}

    def assert_clean(self) -> None:
        """Fail with what is wrong."""
        assert self.clean, {name: numbers[:10] for name, numbers in asdict(self).items() if numbers}


def judge(ledger: Ledger, documents: Sequence[Document], dead_ids: Sequence[str]) -> Verdict:
    """Compare what was accepted with the documents (`_source`s) and the dead letters (ids of their articles)."""
    counted = Counter(_number(document) for document in documents)
    ours = {number: newest.id for number, newest in ledger.accepted.items()}
    buried = {number for number, identity in ours.items() if identity in set(dead_ids)}
    known = [document for document in documents if _was_sent(ledger, document)]
    return Verdict(
        lost=[n for n in sorted(ours.keys() - counted.keys() - buried) if not ledger.is_excused(n)],
        duplicated=sorted(number for number, count in counted.items() if count > 1),
        phantoms=sorted({_number(document) for document in documents if not _was_sent(ledger, document)}),
        altered=sorted({_number(document) for document in known if _altered(ledger, document)}),
        stale=sorted({_number(document) for document in known if _stale(ledger, document)}),
        buried=sorted(buried),
        both=sorted(buried & counted.keys()),
    )


def _number(document: Mapping[str, Any]) -> int:
    return int(document["extensions"]["number"])


def _version(document: Mapping[str, Any]) -> int:
    return int(document["extensions"]["version"])


def _was_sent(ledger: Ledger, document: Document) -> bool:
    return 0 <= _version(document) <= ledger.sent.get(_number(document), -1)


def _altered(ledger: Ledger, document: Document) -> bool:
    sent = article(ledger.seed, _number(document), _version(document))
    held = {**document, "source": document["source"]["id"]}
    return any(held.get(name) != sent[name] for name in ("title", "body", "source", "extensions"))


def _stale(ledger: Ledger, document: Document) -> bool:
    """Not what was accepted last; a version without an answer may have been taken, or not."""
    number, version = _number(document), _version(document)
    newest = None if ledger.is_excused(number) else ledger.accepted[number]
    unsure = ledger.unsure.get(number, set())
    return bool(newest and version != newest.version and version not in unsure)
