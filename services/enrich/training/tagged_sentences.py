"""Sentences with names marked, as files hold them (token<TAB>IOB2 label) and as the tagger reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from warta_enrich.steps.tokens import phrase
from warta_enrich.tagger.labels import Span, spans


@dataclass(frozen=True, slots=True)
class TaggedSentence:
    """Words cut as the tagger cuts them and the names in them; `owners` is the token of the file of each word."""

    words: tuple[str, ...]
    names: tuple[Span, ...]
    owners: tuple[int, ...]


def read_conll(path: Path) -> list[TaggedSentence]:
    """The sentences of a file: one token and its label a line, an empty line after each sentence."""
    return [_cut(tokens) for tokens in _sentences(path)]


def in_tokens(names: Iterable[Span], owners: tuple[int, ...]) -> set[Span]:
    """Names by words to names by the file's tokens."""
    return {Span(owners[name.start], owners[name.end - 1] + 1, name.kind) for name in names}


def _sentences(path: Path) -> Iterator[list[tuple[str, str]]]:
    sentence: list[tuple[str, str]] = []
    for line in [*path.read_text(encoding="utf-8").split("\n"), ""]:
        token, _, label = line.partition("\t")
        if token.strip():
            sentence.append((token, label.strip()))
        elif sentence:
            yield sentence
            sentence = []


def _cut(tokens: list[tuple[str, str]]) -> TaggedSentence:
    """Cut each token into words; a name stays one name."""
    cut = [phrase(token) or (token,) for token, _ in tokens]
    owners = tuple(index for index, words in enumerate(cut) for _ in words)
    first = [owners.index(index) for index in range(len(tokens))] + [len(owners)]
    named = spans([label for _, label in tokens])
    names = tuple(Span(first[name.start], first[name.end], name.kind) for name in named)
    return TaggedSentence(tuple(word for words in cut for word in words), names, owners)
