"""Language: how often it is right at the length of a headline, at 200 characters and on the whole text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from training.evaluation.bootstrap import Counts, interval
from training.evaluation.figure import Figure
from training.evaluation.marked_texts import FormatError, MarkedText, read_jsonl, read_lines
from warta_enrich.models import Models
from warta_enrich.steps.language import UNDETERMINED, detect_language

JSONL, FOLDER = "*.language.jsonl", "language"
HEADLINE, SHORT = 60, 200  # characters; a text without a title lends its beginning


def language_figures(data: Path, models: Models) -> Iterator[Figure]:
    """Figures of every *.language.jsonl of a folder, and of its `language/CODE.txt` together."""
    for path in sorted(data.glob(JSONL)):
        yield from _figures(path.name, read_jsonl(path, "language"), models)
    files = sorted((data / FOLDER).glob("*.txt"))
    texts = [text for path in files for text in read_lines(path, path.stem)]
    if files and not texts:
        raise FormatError(f"{FOLDER}/*.txt: no text in them")
    yield from _figures(FOLDER, texts, models)


def _figures(file: str, texts: Sequence[MarkedText], models: Models) -> Iterator[Figure]:
    """Accuracy of each language at each length, then how often a text with a language was taken for none."""
    for length, cut in CUTS.items():
        found = [detect_language(*cut(text), models.language).language for text in texts]
        pairs = [(text.label, language) for text, language in zip(texts, found, strict=True)]
        for label in sorted({text.label for text in texts}):
            right = [language == label for true, language in pairs if true == label]
            yield _figure(file, f"{label} {length}", "accuracy", right)
        missed = [language == UNDETERMINED for true, language in pairs if true != UNDETERMINED]
        if missed:
            yield _figure(file, f"{UNDETERMINED} wrongly {length}", "share", missed)


def _figure(file: str, what: str, measure: str, hits: Sequence[bool]) -> Figure:
    counts = np.array([sum(hits), len(hits) - sum(hits)])
    return Figure("language", file, what, measure, len(hits), _share(counts), *interval(counts, _share))


def _share(counts: Counts) -> float:
    return float(counts[0] / max(int(counts.sum()), 1))


def _headline(text: MarkedText) -> tuple[str, str]:
    return text.title or _beginning(text.text, HEADLINE), ""


def _short(text: MarkedText) -> tuple[str, str]:
    return "", _beginning(text.text, SHORT)


def _whole(text: MarkedText) -> tuple[str, str]:
    return text.title or "", text.text


def _beginning(text: str, most: int) -> str:
    """The first characters, to the end of a word."""
    cut = text[:most]
    return cut if len(text) <= most else cut.rpartition(" ")[0] or cut


CUTS: Mapping[str, Callable[[MarkedText], tuple[str, str]]] = {
    "headline": _headline,
    f"{SHORT} characters": _short,
    "whole": _whole,
}
