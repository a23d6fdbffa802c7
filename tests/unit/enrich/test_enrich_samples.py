"""Whole articles, with the right result beside each in samples/."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from builders import raw_article
from warta_enrich.models import Models
from warta_enrich.pipeline import enrich
from warta_shared.events import EnrichedArticle

SAMPLES = Path(__file__).parent / "samples"


@pytest.fixture(scope="module", params=["msme-plan", "kebijakan-suku-bunga"])
def sample(request: pytest.FixtureRequest, models: Models) -> tuple[EnrichedArticle, dict[str, Any]]:
    title, _, body = (SAMPLES / f"{request.param}.txt").read_text(encoding="utf-8").partition("\n")
    expected = json.loads((SAMPLES / f"{request.param}.expected.json").read_text(encoding="utf-8"))
    return enrich(raw_article(title=title, body=body), models), expected


def test_language(sample: tuple[EnrichedArticle, dict[str, Any]]) -> None:
    article, expected = sample
    assert article.language == expected["language"]
    assert article.language_confidence == 1.0
    assert article.second_language is None


@pytest.mark.parametrize("kind", ["organisations", "places", "laws", "tickers"])
def test_linked_entities_and_no_others(sample: tuple[EnrichedArticle, dict[str, Any]], kind: str) -> None:
    article, expected = sample
    linked = {entity.id: entity.count for entity in getattr(article, kind) if entity.id}
    assert linked == expected.get(kind, {})


def test_people_and_no_others(sample: tuple[EnrichedArticle, dict[str, Any]]) -> None:
    article, expected = sample
    assert {person.name: person.count for person in article.people} == expected["people"]


def test_figures(sample: tuple[EnrichedArticle, dict[str, Any]]) -> None:
    article, expected = sample
    assert [[amount.amount, amount.currency] for amount in article.amounts] == expected.get("amounts", [])
    assert sorted(percentage.value for percentage in article.percentages) == expected.get("percentages", [])
    assert {day.date: day.count for day in article.dates} == expected["dates"]


def test_topics_include_what_the_article_is_about(sample: tuple[EnrichedArticle, dict[str, Any]]) -> None:
    article, expected = sample
    assert set(expected["topics"]) <= {topic.code for topic in article.topics}
    assert len(article.topics) <= 8


def test_mentions_point_to_the_text(sample: tuple[EnrichedArticle, dict[str, Any]]) -> None:
    """Code point offsets: the text between them is what was found."""
    article, _ = sample
    texts = {"title": article.title, "body": article.body}
    for amount in article.amounts:
        mention = amount.mentions[0]
        assert texts[mention.field][mention.start : mention.end] == amount.name
    for person in article.people:
        for mention in person.mentions:
            written = texts[mention.field][mention.start : mention.end]
            assert set(written.split()) <= set(person.name.split())
