"""Events as release 0.1 wrote them are read for ever, and the published schemas say what the models say."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel

from builders import raw_article
from enriched_articles import enriched_article, maximal_article
from warta_shared.events import DeadLetter, EnrichedArticle, Entry, InvalidMessage, RawArticle
from warta_shared.events.schemas import drifted

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).with_name("golden")
LETTER = DeadLetter(
    stream="articles.raw",
    entry_id="1764000000000-0",
    article_id="abcdefghijklmnopqrstuvwxyz",
    group="enrich",
    consumer="host-1-00000000",
    reason="invalid-event",
    detail="title: too long",
    deliveries=1,
    dead_at=1_764_000_000_000,
    original={"body": b"e30="},
)
EVENTS: dict[str, BaseModel] = {
    "raw_article.v1.json": raw_article(),
    "enriched_article.v1.minimal.json": enriched_article(),
    "enriched_article.v1.maximal.json": maximal_article(),
    "dead_letter.v1.json": LETTER,
}
MODELS = {"raw": RawArticle, "enriched": EnrichedArticle, "dead": DeadLetter}


@pytest.mark.parametrize("name", EVENTS)
def test_what_was_written_is_read_as_it_was_meant(name: str) -> None:
    model = MODELS[name.split("_", maxsplit=1)[0]]
    assert model.model_validate_json((GOLDEN / name).read_bytes()) == EVENTS[name]


def test_the_published_schemas_are_up_to_date() -> None:
    assert drifted(ROOT / "docs" / "schemas") == []


def test_an_unknown_version_is_refused() -> None:
    fields = Entry("a", b"{}", v=b"2").fields()
    with pytest.raises(InvalidMessage) as refused:
        Entry.from_fields(dict(zip(fields[::2], fields[1::2], strict=True)))
    assert refused.value.reason == "unknown-schema-version"
