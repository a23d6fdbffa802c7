"""What every backend for names promises, the built-in tagger and the stand-ins of large libraries among them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from name_models import (
    KNOWN,
    StandInClassifier,
    StandInGliner,
    save_gliner,
    save_spacy,
    save_trained_spacy,
    save_transformers,
)
from warta_enrich.backends.contract import Backend, Document, TextSpan
from warta_enrich.backends.gliner_model import GlinerBackend
from warta_enrich.backends.guard import Guard
from warta_enrich.backends.kinds import ASKED_FOR, LabelMap
from warta_enrich.backends.loading import load_backend
from warta_enrich.backends.token_classifier import TransformersBackend
from warta_enrich.models import SHIPPED
from warta_enrich.settings import NameSettings

SENTENCE = "Budi Santoso bekerja di Bank Indonesia ."
NAMES = ["Budi Santoso", "Bank Indonesia"]
CHARACTERS = 20_000


@dataclass(frozen=True)
class Subject:
    """A backend behind its guard; `knows` whether it has learnt the names of KNOWN, `seconds` for a megabyte."""

    backend: Guard
    knows: bool = True
    seconds: float = 10.0


def loaded(name: str, folder: Path, *, knows: bool = True, seconds: float = 10.0) -> Subject:
    settings = NameSettings(ner_backend=name, ner_model=folder, ner_characters=CHARACTERS)
    return Subject(load_backend(settings, LabelMap({})), knows, seconds)


def stand_in(backend: Backend) -> Subject:
    return Subject(Guard(backend, CHARACTERS))


def classifier(folder: Path) -> Subject:
    pytest.importorskip("transformers")
    pytest.importorskip("torch")
    return loaded("transformers", save_transformers(folder), knows=False, seconds=60.0)


def gliner(folder: Path) -> Subject:
    pytest.importorskip("gliner")
    return loaded("gliner", save_gliner(folder), knows=False, seconds=60.0)


SUBJECTS: dict[str, Callable[[Path], Subject]] = {
    "builtin": lambda _: loaded("builtin", SHIPPED, seconds=2.0),
    "spacy-patterns": lambda folder: loaded("spacy", save_spacy(folder)),
    "spacy-trained": lambda folder: loaded("spacy", save_trained_spacy(folder)),
    "transformers-stand-in": lambda _: stand_in(TransformersBackend(StandInClassifier(), ["O", "B-PER"])),
    "gliner-stand-in": lambda _: stand_in(GlinerBackend(StandInGliner(), ASKED_FOR, StandInGliner.words_max)),
    "transformers": classifier,
    "gliner": gliner,
}


@pytest.fixture(scope="module", params=SUBJECTS)
def subject(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Subject:
    return SUBJECTS[request.param](tmp_path_factory.mktemp("model"))


def annotate(subject: Subject, *texts: str) -> list[list[TextSpan]]:
    """The spans of each text, and they stand in it as they must."""
    found = subject.backend.annotate([Document(text) for text in texts])
    assert len(found) == len(texts)
    for spans, text in zip(found, texts, strict=True):
        end = 0
        for span in spans:
            assert end <= span.start < span.end <= len(text)
            assert text[span.start : span.end].strip() == text[span.start : span.end] != ""
            end = span.end
    return found


def written(text: str, spans: list[TextSpan]) -> list[str]:
    return [text[span.start : span.end] for span in spans]


def test_it_finds_names_where_they_stand(subject: Subject) -> None:
    [spans] = annotate(subject, SENTENCE)
    if subject.knows:
        assert written(SENTENCE, spans) == NAMES


def test_nothing_is_found_in_nothing(subject: Subject) -> None:
    assert subject.backend.annotate([]) == []
    assert annotate(subject, "", " \n\t", "... -- !", "\x00\x07") == [[], [], [], []]


@pytest.mark.parametrize(
    "before", ["😀 ", "👨\u200d👩\u200d👧 🇮🇩 ", "𝔘𝔫𝔦 ", "e\u0301 ", "한국 ", "\u202e\u200f "]
)
def test_offsets_are_code_points(subject: Subject, before: str) -> None:
    text = before * 3 + SENTENCE
    [spans] = annotate(subject, text)
    if subject.knows:
        assert written(text, spans)[-2:] == NAMES


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1f", "\x7f", "\x85", "\ud800", "\r"])
def test_control_characters_change_no_offset(subject: Subject, character: str) -> None:
    text = f"{character}{SENTENCE}{character}{character} {SENTENCE}"
    [spans] = annotate(subject, text)
    if subject.knows:
        assert written(text, spans) == NAMES * 2


def test_many_documents_keep_their_order(subject: Subject) -> None:
    texts = [f"{'Ini . ' * (number % 7)}{SENTENCE}" if number % 3 else "Tidak ada ." for number in range(120)]
    found = annotate(subject, *texts)
    if subject.knows:
        assert [written(text, spans) for text, spans in zip(texts, found, strict=True)] == [
            NAMES if number % 3 else [] for number in range(120)
        ]


def test_neighbours_change_nothing(subject: Subject) -> None:
    others = ["Jakarta .", SENTENCE * 40, "", "Harga beras turun ."]
    assert annotate(subject, SENTENCE, *others)[0] == annotate(subject, *others, SENTENCE)[-1]


def test_a_long_text_is_read_beyond_the_window_of_a_model(subject: Subject) -> None:
    text = f"{SENTENCE} " * 100
    [spans] = annotate(subject, text)
    if subject.knows:
        assert written(text, spans) == NAMES * 100
    else:
        assert max(span.end for span in spans) > len(text) - 200


@pytest.mark.parametrize(
    "unit", [f"{SENTENCE} ", "a", "Budi ", "😀", "Bank\n\nIndonesia\n", "(((", "A.B-C_d'"]
)
def test_a_megabyte_is_read_in_time(subject: Subject, unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    started = time.perf_counter()
    annotate(subject, text)
    assert time.perf_counter() - started < subject.seconds


def test_its_labels_mean_something(subject: Subject) -> None:
    labels = LabelMap({})
    labels.check(subject.backend.labels)
    found = annotate(subject, *KNOWN)
    if subject.knows:
        assert {labels.kind(span.label) for spans in found for span in spans} >= {"PER", "ORG"}
