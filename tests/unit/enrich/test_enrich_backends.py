"""An operator's model in the tagger's place: chosen by settings, told apart in events, treated like the tagger."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic_settings import SettingsError

from builders import raw_article
from name_models import StandInClassifier, StandInGliner, save_spacy
from warta_enrich.app import build_service
from warta_enrich.backends.checksum import model_slug
from warta_enrich.backends.contract import BackendError, Document, TextSpan
from warta_enrich.backends.gliner_model import GlinerBackend
from warta_enrich.backends.guard import Guard
from warta_enrich.backends.kinds import ASKED_FOR, LabelMap
from warta_enrich.backends.loading import load_names
from warta_enrich.backends.token_classifier import TransformersBackend
from warta_enrich.backends.token_names import BackendNames
from warta_enrich.backends.windows import windows
from warta_enrich.models import SHIPPED, Models, load_models
from warta_enrich.pipeline import enrich
from warta_enrich.settings import EnrichSettings, NameSettings
from warta_enrich.steps.tokens import read_passage
from warta_shared.events import EnrichedArticle

WORD = re.compile(r"\w+")


class Scripted:
    """A backend that says what it is told, whatever the text."""

    def __init__(self, *spans: tuple[int, int, str], lists: int | None = None) -> None:
        self.labels = ("PER",)
        self.spans = [TextSpan(*span) for span in spans]
        self.lists = lists
        self.asked: list[str] = []

    def annotate(self, documents: Sequence[Document]) -> list[list[TextSpan]]:
        self.asked += [document.text for document in documents]
        return [list(self.spans) for _ in range(len(documents) if self.lists is None else self.lists)]


def enriched(models: Models, backend: Any, body: str) -> EnrichedArticle:
    names = BackendNames(Guard(backend, 20_000), LabelMap({}))
    return enrich(raw_article(title="-", body=body), replace(models, tagger=names))


def shown(article: EnrichedArticle, field: str) -> list[tuple[str | None, str]]:
    return [(one.id, one.name) for one in getattr(article, field)]


def test_its_names_are_linked_and_lose_their_titles(models: Models) -> None:
    body = "Menteri Keuangan Budi Santoso bertemu Bank Indonesia di Jakarta, kata Santoso."
    article = enriched(models, TransformersBackend(StandInClassifier(), ["B-PER"]), body)
    assert shown(article, "people") == [("person:budi-santoso-trade", "Budi Santoso")]
    assert article.people[0].count == 2
    assert ("org:bank-indonesia", "Bank Indonesia") in shown(article, "organisations")
    assert [body[m.start : m.end] for one in article.places for m in one.mentions] == ["Jakarta"]


def test_a_law_by_name_stands_beside_those_by_number(models: Models) -> None:
    body = "UU Cipta Kerja dan UU No. 11 Tahun 2020 dibahas Budi Santoso."
    article = enriched(models, TransformersBackend(StandInClassifier(), ["B-PER"]), body)
    assert {name for _, name in shown(article, "laws")} == {"UU No. 11 Tahun 2020", "UU Cipta Kerja"}
    assert not {"UU Cipta Kerja", "Cipta Kerja"} & {name for _, name in shown(article, "organisations")}


def test_what_a_model_says_of_half_a_word_is_the_word() -> None:
    passage = read_passage("body", "😀 Gubernur Pramono's kantor.\n\nDi Jakarta.")
    backend = Scripted((11, 14, "B-PER"), (14, 18, "I-PER"), (19, 33, "LOC"), (34, 41, "loc"), (0, 1, "EVT"))
    [names] = BackendNames(backend, LabelMap({})).names([passage])
    assert [passage.words[name.start : name.end] for name in names if name.kind == "PER"] == [("Pramono",)]
    assert [name.kind for name in names] == ["PER", "LOC"]


def test_the_guard_shows_clean_texts_and_keeps_what_stands_in_them() -> None:
    backend = Scripted((5, 3, "X"), (-1, 2, "X"), (0, 99, "X"), (0, 5, "a"), (2, 4, "b"), (5, 6, "blank"))
    [spans, none] = Guard(backend, 10).annotate([Document("abcd\x00 \x9fij\ud800zz"), Document("?!")])
    assert backend.asked == ["abcd   ij "]
    assert (spans, none) == ([TextSpan(0, 4, "a")], [])


def test_another_number_of_lists_is_an_error() -> None:
    with pytest.raises(BackendError, match="1 lists for 2 texts"):
        Guard(Scripted(lists=1), 10).annotate([Document("a"), Document("b")])


@pytest.mark.parametrize(
    "text", ["", "a b c", "Satu dua. Tiga empat lima. Enam\ntujuh delapan sembilan.", "x" * 99]
)
@pytest.mark.parametrize("most", [1, 3, 4, 50])
def test_windows_are_the_text_and_none_has_too_many_words(text: str, most: int) -> None:
    pieces = list(windows(5, text, WORD, most))
    assert "".join(piece.text for piece in pieces) == text
    assert all(len(WORD.findall(piece.text)) <= most for piece in pieces)
    assert all(text.startswith(piece.text, piece.start) and piece.document == 5 for piece in pieces)


def test_windows_end_with_sentences() -> None:
    pieces = windows(0, "Satu dua tiga. Empat lima enam tujuh.", WORD, 4)
    assert [piece.text for piece in pieces] == ["Satu dua tiga. ", "Empat lima enam tujuh."]


def test_gliner_is_asked_for_what_the_operator_names() -> None:
    labels = LabelMap({"politician": "person", "MISC": "none", "ministry": "organisation"})
    assert labels.asked == ("politician", "ministry")
    assert GlinerBackend(StandInGliner(), LabelMap({}).asked).labels == ASKED_FOR


@pytest.mark.parametrize(
    ("label", "kind"),
    [("B-PER", "PER"), ("I-Person", "PER"), ("GPE", "LOC"), ("NOR", "ORG"), ("LAW", "LAW"), ("PLACE", "LOC")],
)
def test_the_usual_labels_are_known(label: str, kind: str) -> None:
    assert LabelMap({}).kind(label) == kind
    assert LabelMap({label: "none"}).kind(label) is None


def test_labels_that_mean_nothing_are_told_at_the_start() -> None:
    with pytest.raises(BackendError, match="LABEL_0, LABEL_1; say what they mean, WARTA_NER_LABELS="):
        LabelMap({}).check(["LABEL_0", "LABEL_1"])
    LabelMap({"label_1": "place"}).check(["LABEL_0", "LABEL_1"])


@pytest.mark.parametrize(
    ("backend", "folder", "message"),
    [
        ("flair", "here", "no backend 'flair'; there are builtin, gliner, spacy, transformers"),
        ("spacy", None, "needs WARTA_NER_MODEL"),
        ("spacy", "absent", "absent is no folder; models are never downloaded"),
        ("spacy", "empty", "cannot read the model in .*empty: OSError"),
        ("gliner", "empty", r"not installed .*pip install 'gliner>=0.2.13' 'torch>=2.2'"),
    ],
)
def test_what_is_wrong_is_told_with_what_to_do(
    tmp_path: Path, backend: str, folder: str | None, message: str
) -> None:
    (tmp_path / "empty").mkdir()
    if backend == "gliner" and _installed("gliner"):
        pytest.skip("gliner is installed here")
    model = tmp_path / folder if folder else None
    with pytest.raises(BackendError, match=message):
        load_names(NameSettings(ner_backend=backend, ner_model=model))


def test_the_service_ends_with_what_is_wrong_with_its_settings(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="absent is no folder"):
        build_service(EnrichSettings(ner_backend="spacy", ner_model=tmp_path / "absent"))
    with pytest.raises(SettingsError, match="absent is no folder"):
        build_service(EnrichSettings(tables_dir=tmp_path / "absent"))


def test_a_spacy_pipeline_of_a_folder_makes_the_events(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARTA_NER_BACKEND", "spacy")
    monkeypatch.setenv("WARTA_NER_MODEL", str(save_spacy(tmp_path / "news id")))
    monkeypatch.setenv("WARTA_NER_LABELS", '{"GPE": "none"}')
    models = load_models(names=NameSettings())
    article = enrich(raw_article(title="-", body="Zulkarnain memuji Budi Santoso."), models)
    assert shown(article, "people") == [(None, "Budi Santoso")]  # the tagger would find Zulkarnain, too
    assert models.made_by.models[-1] == model_slug("spacy", tmp_path / "news id")
    assert re.fullmatch(r"spacy-news-id-[0-9a-f]{8}", models.made_by.models[-1])
    assert not any(slug.startswith("tagger") for slug in models.made_by.models)
    assert article.enrichment.models == models.made_by.models
    assert os.environ["HF_HUB_OFFLINE"] == "1"


def test_a_checksum_is_of_all_files(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"1")
    before = model_slug("spacy", tmp_path)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "vocab.txt").write_text("a")
    assert len({before, model_slug("spacy", tmp_path)}) == 2


def test_a_tagger_of_ones_own_is_the_built_in_one_with_other_weights(models: Models) -> None:
    own = load_models(names=NameSettings(ner_model=SHIPPED))
    assert own.made_by.models[-1] == model_slug("builtin", SHIPPED)
    passage = read_passage("body", "Budi Santoso bekerja di Surabaya.")
    assert own.tagger.names([passage]) == models.tagger.names([passage])


def _installed(package: str) -> bool:
    from importlib.util import find_spec

    return find_spec(package) is not None
