"""spaCy (3.8): a pipeline from a folder, as `nlp.to_disk` and `spacy train` write it."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from warta_enrich.backends.contract import Document, ModelChoice, TextSpan

_AT_ONCE = 32  # texts
_NAMING = frozenset({"ner", "beam_ner", "entity_ruler", "span_ruler"})  # factories that set doc.ents


class SpacyBackend:
    """`nlp` is a loaded spaCy `Language`; names are its `doc.ents`, whose offsets are code points."""

    def __init__(self, nlp: Any) -> None:
        self._nlp = nlp
        self.labels = tuple(
            sorted({label for pipe in nlp.pipe_names if self._names(pipe) for label in nlp.pipe_labels[pipe]})
        )

    def annotate(self, documents: Sequence[Document]) -> list[list[TextSpan]]:
        """The entities of each document."""
        read = self._nlp.pipe((document.text for document in documents), batch_size=_AT_ONCE)
        return [[TextSpan(name.start_char, name.end_char, name.label_) for name in one.ents] for one in read]

    def _names(self, pipe: str) -> bool:
        return self._nlp.get_pipe_meta(pipe).factory in _NAMING and pipe in self._nlp.pipe_labels


def load(choice: ModelChoice) -> SpacyBackend:
    """Read the pipeline of a folder."""
    return SpacyBackend(import_module("spacy").load(choice.folder.resolve()))
