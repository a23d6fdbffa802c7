"""Events as release 0.1 wrote them are read for ever, and the published schemas say what the models say.

Minimal: only what must be there; every other field has its default. Maximal: no field is empty.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from builders import ID, NOON, NOON_MS, raw_article
from enriched_articles import enriched_article, maximal_article
from warta_shared.events import (
    DeadLetter,
    EnrichedArticle,
    Entry,
    InvalidMessage,
    RawArticle,
    decode_event,
)
from warta_shared.events import schemas as published
from warta_shared.events.article import PublishedSource, Source, Status

GOLDEN = Path(__file__).with_name("golden")
LETTER: dict[str, Any] = {
    "stream": "articles.raw",
    "group": "enrich",
    "consumer": "host-1-00000000",
    "dead_at": 1_764_000_000_000,
}
MAXIMAL_RAW = raw_article(
    revision=3,
    summary="Suku bunga acuan tetap — 5,5 persen 📰",
    published_at=datetime(2025, 6, 2, 11, 30, 0, 250_000, tzinfo=UTC),
    published_source=PublishedSource.JSON_LD,
    modified_at=datetime(2025, 6, 2, 11, 45, tzinfo=UTC),
    status=Status.WITHDRAWN,
    source=Source(id="GALERT", name="Galert", domain="news.example", country="ID", feed="galert-economy"),
    authors=("Siti", "Budi"),
    sections=("Ekonomi",),
    image_url="https://news.example/1.jpg",
    extensions={"desk": "pasar", "page": 3, "score": 0.5, "front": True},
    language_hint="id-ID",
    topic_hints=("04000000", "20000344"),
)
EVENTS: dict[str, BaseModel] = {
    "raw_article.v1.minimal.json": raw_article(url=None, canonical_url=None),
    "raw_article.v1.maximal.json": MAXIMAL_RAW,
    "enriched_article.v1.minimal.json": enriched_article(url=None, canonical_url=None),
    "enriched_article.v1.maximal.json": maximal_article(),
    # A value in base64 is given as it is on the wire.
    "dead_letter.v1.minimal.json": DeadLetter(
        **LETTER, entry_id="1764000000000-0", reason="not-an-entry", deliveries=1, original={}
    ),
    "dead_letter.v1.maximal.json": DeadLetter(
        **LETTER,
        partition=7,
        entry_id="1764000000000-12",
        article_id=ID,
        reason="invalid-event",
        detail="title: too long",
        deliveries=6,
        original={"v": b"MQ==", "body": b"//57fQ==", "café": b""},
    ),
}
MODELS: dict[str, type[BaseModel]] = {"raw": RawArticle, "enriched": EnrichedArticle, "dead": DeadLetter}


def model_of(name: str) -> type[BaseModel]:
    return MODELS[name.split("_", maxsplit=1)[0]]


def read_fields(*given: bytes) -> Entry:
    return Entry.from_fields(dict(zip(given[::2], given[1::2], strict=True)))


def test_every_golden_event_is_read() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == set(EVENTS)


@pytest.mark.parametrize("name", EVENTS)
def test_what_was_written_is_read_as_it_was_meant(name: str) -> None:
    assert model_of(name).model_validate_json((GOLDEN / name).read_bytes()) == EVENTS[name]


@pytest.mark.parametrize("name", [name for name in EVENTS if "maximal" in name])
def test_a_maximal_event_leaves_no_field_out_and_is_written_as_it_was(name: str) -> None:
    written = json.loads((GOLDEN / name).read_bytes())
    assert set(written) == set(model_of(name).model_fields), "a new field belongs into the maximal event"
    assert all(value not in (None, [], {}, "") for value in written.values())
    assert json.loads(EVENTS[name].model_dump_json()) == written


def test_the_bytes_of_a_dead_letter_s_original() -> None:
    name = "dead_letter.v1.maximal.json"
    letter = DeadLetter.model_validate_json((GOLDEN / name).read_bytes())
    assert letter.original == {"v": b"1", "body": b"\xff\xfe{}", "café": b""}


def test_a_golden_event_in_an_entry() -> None:
    body = (GOLDEN / "raw_article.v1.minimal.json").read_bytes()
    version = str(NOON_MS).encode()
    entry = read_fields(b"v", b"1", b"id", ID.encode(), b"observed_at", version, b"body", body)
    article = decode_event(entry, RawArticle)
    assert (article.title, article.first_seen_at) == ("Bank Indonesia holds its rate", NOON)
    assert (article.revision, article.status, article.authors) == (1, Status.USABLE, ())


@pytest.mark.parametrize("version", [b"", b"0", b"2", b"01", b"1.0", b"\xff"])
def test_an_unknown_version_is_refused(version: bytes) -> None:
    with pytest.raises(InvalidMessage) as refused:
        read_fields(*Entry("a", b"{}", v=version).fields())
    assert refused.value.reason == "unknown-schema-version"


def test_no_version_is_refused() -> None:
    with pytest.raises(InvalidMessage) as refused:
        read_fields(b"id", b"a", b"body", b"{}")
    assert refused.value.reason == "unknown-schema-version"


def test_an_unknown_version_inside_an_event_is_refused() -> None:
    body = json.loads((GOLDEN / "raw_article.v1.minimal.json").read_bytes()) | {"schema_version": 2}
    with pytest.raises(InvalidMessage) as refused:
        decode_event(Entry(ID, json.dumps(body).encode()), RawArticle)
    assert refused.value.reason == "invalid-event"
    assert "schema_version" in refused.value.detail


def test_the_published_schemas_are_up_to_date() -> None:
    assert published.drifted(published.FOLDER) == []


def test_drift_is_found(tmp_path: Path) -> None:
    for name, model in published.FILES.items():
        (tmp_path / name).write_text(published.schema_text(model))
    assert published.drifted(tmp_path) == []
    (tmp_path / "raw_article.v1.json").write_text("{}")
    (tmp_path / "dead_letter.v1.json").unlink()
    assert published.drifted(tmp_path) == ["raw_article.v1.json", "dead_letter.v1.json"]
