"""Spans of characters as names by tokens: a backend in the tagger's place."""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from warta_enrich.backends.contract import Backend, Document, TextSpan
from warta_enrich.backends.kinds import LabelMap
from warta_enrich.steps.tokens import BREAK, Passage
from warta_enrich.tagger.labels import Span


class BackendNames:
    """The names that a backend finds, in the tagger's kinds; threads may share it, one of them reads at a time."""

    def __init__(self, backend: Backend, labels: LabelMap) -> None:
        self._backend = backend
        self._labels = labels
        self._lock = threading.Lock()

    def names(self, passages: Sequence[Passage]) -> list[list[Span]]:
        """The names in each passage, by its tokens, in order."""
        with self._lock:
            found = self._backend.annotate([Document(passage.text) for passage in passages])
        return [
            list(_in_tokens(passage, self._known(spans)))
            for passage, spans in zip(passages, found, strict=True)
        ]

    def _known(self, spans: Iterable[TextSpan]) -> Iterator[TextSpan]:
        """Those of a kind, under its name."""
        for span in spans:
            if kind := self._labels.kind(span.label):
                yield span._replace(label=kind)


def _in_tokens(passage: Passage, spans: Iterable[TextSpan]) -> Iterator[Span]:
    """Spans in reading order as whole tokens, none in two names; nothing reaches over a blank line."""
    free = 0
    for span in spans:
        start = max(free, bisect_right(passage.ends, span.start))
        end = bisect_left(passage.starts, span.end)
        if start < end and BREAK not in passage.words[start:end]:
            yield Span(start, end, span.label)
            free = end
