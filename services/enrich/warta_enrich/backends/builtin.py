"""The built-in tagger as a backend: held to the same contract, and for backends that add to what it finds."""

from __future__ import annotations

from collections.abc import Sequence

from warta_enrich.backends.contract import Document, ModelChoice, TextSpan
from warta_enrich.models import load_tagger_of
from warta_enrich.steps.tokens import read_passage
from warta_enrich.tagger.labels import KINDS
from warta_enrich.tagger.tagger import Tagger


class BuiltInBackend:
    """The tagger's names as spans of characters."""

    labels = KINDS

    def __init__(self, tagger: Tagger) -> None:
        self._tagger = tagger

    def annotate(self, documents: Sequence[Document]) -> list[list[TextSpan]]:
        """The names in each document."""
        passages = [read_passage("body", document.text) for document in documents]
        return [
            [TextSpan(passage.starts[name.start], passage.ends[name.end - 1], name.kind) for name in names]
            for passage, names in zip(passages, self._tagger.names(passages), strict=True)
        ]


def load(choice: ModelChoice) -> BuiltInBackend:
    """The tagger of a folder with compiled tables and weights, such as the one that comes with Warta."""
    return BuiltInBackend(load_tagger_of(choice.folder))
