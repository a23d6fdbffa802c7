"""A step that breaks on an article: an optional one costs its field, any other one the article, by its name."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import pytest
from prometheus_client import REGISTRY

from builders import raw_article
from warta_enrich.models import Models
from warta_enrich.pipeline import STEPS, Step, StepFailed, enrich, enrich_read, read_passages, take_steps
from warta_enrich.reading import Reading
from warta_shared.events import EnrichedArticle

ARTICLE = raw_article(
    title="Kredit", body="Bank Indonesia memberi kredit Rp2 miliar, naik 5 persen, kata Budi."
)


def broken(_reading: Reading, _models: Models) -> None:
    raise RuntimeError("no")


def with_broken(name: str, models: Models) -> EnrichedArticle:
    steps = [replace(step, run=broken) if step.name == name else step for step in STEPS]
    passages = read_passages(ARTICLE)
    return enrich_read(ARTICLE, passages, models.tagger.names(passages), models, steps=steps)


def failures(name: str) -> float:
    return REGISTRY.get_sample_value("warta_enrich_steps_failed_total", {"step": name}) or 0.0


@pytest.mark.parametrize("name", [step.name for step in STEPS if step.optional])
def test_without_an_optional_step_the_rest_is_found(name: str, models: Models) -> None:
    before, whole = failures(name), enrich(ARTICLE, models)
    found = with_broken(name, models)
    assert found.organisations == whole.organisations
    assert found == whole.model_copy(update={name: None if name == "agency" else ()})
    assert failures(name) == before + 1


@pytest.mark.parametrize("name", [step.name for step in STEPS if not step.optional])
def test_without_any_other_step_the_article_fails_by_its_name(name: str, models: Models) -> None:
    before = failures(name)
    with pytest.raises(StepFailed, match=f"^{name}: RuntimeError: no$") as failed:
        with_broken(name, models)
    assert failed.value.step == name
    assert failures(name) == before + 1


def test_articles_beside_one_that_fails_are_read_to_the_end(models: Models) -> None:
    other = ARTICLE.model_copy(update={"body": f"Bank Mandiri hadir. {ARTICLE.body}"})

    def broken_on_one(reading: Reading, models: Models) -> None:
        (broken if reading.article == ARTICLE else STEPS[0].run)(reading, models)

    readings = [Reading(one, read_passages(one)) for one in (ARTICLE, other)]
    take_steps(readings, models, steps=[replace(STEPS[0], run=broken_on_one), *STEPS[1:]])
    assert [one.failed and one.failed.step for one in readings] == [STEPS[0].name, None]
    assert readings[0].organisations == ()
    assert [one.id for one in readings[1].organisations] == ["org:bank-mandiri", "org:bank-indonesia"]


def test_every_step_is_timed_and_every_field_has_a_step(models: Models) -> None:
    times: dict[str, float] = defaultdict(float)
    take_steps([Reading(ARTICLE, read_passages(ARTICLE))], models, times=times)
    assert list(times) == [step.name for step in STEPS]
    assert min(times.values()) > 0
    assert len({step.name for step in STEPS}) == len(STEPS)
    assert all(isinstance(step, Step) for step in STEPS)
