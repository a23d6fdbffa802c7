"""What a backend takes and gives: documents in, spans out; a package offers one under `warta.enrich.backends`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from warta_enrich.steps.tokens import Passage
from warta_enrich.tagger.labels import Span

GROUP = "warta.enrich.backends"


class BackendError(Exception):
    """A backend cannot be used; the message says what is wrong and what to do."""


class Document(NamedTuple):
    """A text to read: a title or a body, without control characters, of bounded length, never empty."""

    text: str


class TextSpan(NamedTuple):
    """Code points start to end (exclusive) of a document's text are a name with this label of the model."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """The folder of a model, and the labels that mean something here: what a model without labels is asked for."""

    folder: Path
    labels: tuple[str, ...] = ()


class Backend(Protocol):
    """What the entry point's function (`load(ModelChoice)`) returns. One thread at a time calls it."""

    @property
    def labels(self) -> Collection[str]:
        """The labels that its model can give; none where that cannot be told."""

    def annotate(self, documents: Sequence[Document]) -> list[list[TextSpan]]:
        """The names in each document, one list a document, in their order; the same texts give the same names."""


class NameFinder(Protocol):
    """What the pipeline reads names from: the tagger, or a backend in its place."""

    def names(self, passages: Sequence[Passage]) -> list[list[Span]]:
        """The names in each passage, by its tokens, in order."""
