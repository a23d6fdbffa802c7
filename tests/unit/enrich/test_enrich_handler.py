"""A batch of messages: one outcome each, in order, and what breaks one article touches no other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

import pytest

from builders import raw_article, raw_entry
from warta_enrich.handler import EnrichHandler
from warta_enrich.models import Models
from warta_enrich.pipeline import enrich
from warta_enrich.steps.tokens import Passage
from warta_enrich.stories.joining import Signed, Stories
from warta_enrich.tagger.labels import Span
from warta_enrich.tagger.tagger import Tagger
from warta_shared.delivery.outcome import Dead, Message
from warta_shared.events import Entry


@dataclass(frozen=True, slots=True)
class FragileTagger:
    """Finds what the real one finds, and breaks on one word."""

    real: Tagger
    word: str

    def names(self, passages: Sequence[Passage]) -> list[list[Span]]:
        if any(self.word in passage.words for passage in passages):
            raise RuntimeError(self.word)
        return self.real.names(passages)


BODIES = ["Presiden Joko Widodo tiba di Solo.", "Kata itu zzyzx.", "Bank Indonesia menahan bunga."]


def messages(*entries: Entry) -> list[Message]:
    return [Message(f"1-{number}".encode(), entry) for number, entry in enumerate(entries)]


def handler(models: Models) -> EnrichHandler:
    """Without Redis: its stories are never asked for."""
    return EnrichHandler(models, cast("Stories", None))


def test_a_batch_gives_what_each_article_gives_alone(models: Models) -> None:
    found = handler(models).enriched(messages(*(raw_entry(body=body) for body in BODIES)))
    for body, one in zip(BODIES, found, strict=True):
        assert isinstance(one, Signed)
        assert one.article == enrich(raw_article(body=body), models)


def test_what_breaks_the_tagger_is_dead_and_its_neighbours_are_not(models: Models) -> None:
    fragile = replace(models, tagger=cast(Tagger, FragileTagger(models.tagger, "zzyzx")))
    found = handler(fragile).enriched(messages(*(raw_entry(body=body) for body in BODIES)))
    assert [type(one) for one in found] == [Signed, Dead, Signed]
    assert found[1] == Dead("step-tagger-failed", "tagger: RuntimeError: zzyzx")


@pytest.mark.parametrize("body", [b"{}", b"\xff"])
def test_what_is_no_article_is_dead_and_its_neighbours_are_not(body: bytes, models: Models) -> None:
    found = handler(models).enriched(messages(Entry("x", body), raw_entry()))
    assert [type(one) for one in found] == [Dead, Signed]
    assert handler(models).enriched([]) == []


def test_a_withdrawn_article_is_compared_with_none(models: Models) -> None:
    body = " ".join(f"kata{number}" for number in range(100))
    usable, withdrawn = handler(models).enriched(
        messages(raw_entry(body=body), raw_entry(body=body, status="withdrawn"))
    )
    assert isinstance(usable, Signed) and isinstance(withdrawn, Signed)
    assert (usable.signature is None, withdrawn.signature is None) == (False, True)
