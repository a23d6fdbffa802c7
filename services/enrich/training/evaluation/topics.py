"""Topics: of a set's classes the one that the pipeline's likeliest topic belongs to; F1 of each, and their mean."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from training.evaluation.bootstrap import Counts, interval
from training.evaluation.figure import Figure
from training.evaluation.marked_texts import NO_TITLE, FormatError, MarkedText, article_of, read_jsonl
from warta_enrich.models import Models
from warta_enrich.pipeline import STEPS, enrich_read, read_passages
from warta_shared.events import Topic

SUFFIX, MAP_SUFFIX = ".topics.jsonl", ".topics.map.json"
_STEPS = [step for step in STEPS if step.name in {"language", "topics"}]

Classes = Mapping[str, frozenset[str]]
"""Each label of a set with the codes that stand for it."""


def topic_figures(data: Path, models: Models) -> Iterator[Figure]:
    """Figures of every *.topics.jsonl of a folder."""
    for path in sorted(data.glob(f"*{SUFFIX}")):
        texts = read_jsonl(path, "topic")
        classes = _classes(path, texts, models)
        yield from _figures(path.name, texts, classes, models)


def _classes(path: Path, texts: Sequence[MarkedText], models: Models) -> Classes:
    """From the map beside the file, else each label is a code itself. Raises FormatError for what is no code."""
    labels = {text.label for text in texts}
    written = path.with_name(path.name.removesuffix(SUFFIX) + MAP_SUFFIX)
    told: Mapping[str, object] = json.loads(written.read_text("utf-8")) if written.is_file() else {}
    classes: dict[str, frozenset[str]] = {}
    for label in sorted(labels):
        codes = told.get(label, [label])
        if not isinstance(codes, list) or not codes or set(codes) - models.topics.codes.keys():
            raise FormatError(
                f"{path.name}: {label!r} is no Media Topic in use, and {written.name} names none for it"
            )
        classes[label] = frozenset(codes)
    return classes


def _figures(file: str, texts: Sequence[MarkedText], classes: Classes, models: Models) -> Iterator[Figure]:
    """Macro F1, F1 of each class, and the share of texts without a topic of any class."""
    labels = list(classes)
    counts = np.zeros((len(labels), len(labels) + 1), dtype=np.int64)  # true, found; the last column is none
    for text in texts:
        found = best_class(_topics(text, models), classes, models)
        counts[labels.index(text.label), labels.index(found) if found else -1] += 1
    yield _figure(file, "all classes", "macro F1", counts, lambda sample: float(_f1(sample).mean()))
    for index, label in enumerate(labels):
        yield _figure(file, label, "F1", counts, partial(_f1_of, index), index=index)
    yield _figure(file, "no topic", "share", counts, lambda sample: float(sample[:, -1].sum() / sample.sum()))


def best_class(topics: Sequence[Topic], classes: Classes, models: Models) -> str | None:
    """The class of the first topic that has one: by its code, else by its top level."""
    for topic in topics:
        for codes in ({topic.code}, {models.topics.codes[topic.code].top}):
            for label, wanted in classes.items():
                if codes & wanted:
                    return label
    return None


def _topics(text: MarkedText, models: Models) -> Sequence[Topic]:
    """The pipeline's topics, the likeliest first."""
    article = article_of(text.title or NO_TITLE, text.text)
    return enrich_read(article, read_passages(article), ((), ()), models, steps=_STEPS).topics


def _f1_of(index: int, counts: Counts) -> float:
    return float(_f1(counts)[index])


def _f1(counts: Counts) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """F1 of each class."""
    square = counts[:, :-1]
    return 2 * np.diag(square) / np.maximum(counts.sum(axis=1) + square.sum(axis=0), 1)


def _figure(
    file: str,
    what: str,
    measure: str,
    counts: Counts,
    figure: Callable[[Counts], float],
    *,
    index: int | None = None,
) -> Figure:
    """A row; `index` limits its cases to those of one class."""
    cases = int(counts.sum() if index is None else counts[index].sum())
    return Figure("topics", file, what, measure, cases, figure(counts), *interval(counts, figure))
