"""GLiNER (0.2.13 and newer): a model that takes any label, from a folder as `save_pretrained` writes it.

It cuts off what lies beyond its limit of words, so that longer texts are read in windows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Protocol

from warta_enrich.backends.contract import Document, ModelChoice, TextSpan
from warta_enrich.backends.windows import Window, windows

_AT_ONCE = 8  # windows
_THRESHOLD = 0.5
_LIMIT = 384  # words of a window, where the model does not say
_WORD = re.compile(r"\w+(?:[-_]\w+)*|\S")  # as its splitter counts them


class Model(Protocol):
    """`GLiNER` as far as it is used.

    For a list of texts one list each of {"start": 0, "end": 4, "text": .., "label": "person", "score": ..}; start and
    end are code points.
    """

    def inference(
        self, texts: list[str], labels: list[str], *, flat_ner: bool, threshold: float, batch_size: int
    ) -> list[list[Mapping[str, Any]]]:
        """Find what the labels name."""


class GlinerBackend:
    """`labels` are what the model is asked for."""

    def __init__(self, model: Model, labels: Sequence[str], words_max: int = _LIMIT) -> None:
        self._model = model
        self._words_max = words_max
        self.labels = tuple(labels)

    def annotate(self, documents: Sequence[Document]) -> list[list[TextSpan]]:
        """What the model finds in the windows of each document."""
        pieces = [
            piece
            for number, document in enumerate(documents)
            for piece in windows(number, document.text, _WORD, self._words_max)
            if piece.text.strip()
        ]
        spans: list[list[TextSpan]] = [[] for _ in documents]
        for piece, found in zip(pieces, self._found(pieces), strict=True):
            spans[piece.document] += [
                TextSpan(piece.start + one["start"], piece.start + one["end"], one["label"]) for one in found
            ]
        return spans

    def _found(self, pieces: Sequence[Window]) -> list[list[Mapping[str, Any]]]:
        return self._model.inference(
            [piece.text for piece in pieces],
            list(self.labels),
            flat_ner=True,
            threshold=_THRESHOLD,
            batch_size=_AT_ONCE,
        )


def load(choice: ModelChoice) -> GlinerBackend:
    """Read the model of a folder; nothing is looked up elsewhere."""
    library: Any = import_module("gliner")
    model = library.GLiNER.from_pretrained(str(choice.folder.resolve()), local_files_only=True)
    return GlinerBackend(model, choice.labels, getattr(model.config, "max_len", None) or _LIMIT)
