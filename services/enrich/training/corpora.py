"""The sentences that the tagger learns from, and those that its report is made on."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from training.tagged_sentences import TaggedSentence, read_conll

_WIKIGOLD_TRAIN = 900  # of its sentences; the report is made on the rest
_RECASED = 0.1  # share of sentences that are learnt again as a headline, and again in capitals
_SMALL = frozenset(
    {"di", "ke", "dari", "dan", "yang", "untuk", "pada", "dengan", "oleh"}
    | {"the", "a", "an", "of", "in", "on", "to", "for", "and", "or", "by", "at"}
)
_SEED = 20250602


@dataclass(frozen=True, slots=True)
class Corpus:
    """A set of tagged sentences in two files, or the first lines of one; `times` balances it against the others."""

    name: str
    licence: str
    times: int
    train: str
    report: str

    def parts(self, data: Path) -> tuple[list[TaggedSentence], list[TaggedSentence]]:
        """(sentences to learn from, sentences to report on)."""
        sentences = read_conll(data / self.train)
        if self.report == self.train:
            return sentences[:_WIKIGOLD_TRAIN], sentences[_WIKIGOLD_TRAIN:]
        return sentences, read_conll(data / self.report)

    @property
    def files(self) -> tuple[str, ...]:
        """The names of its files."""
        return tuple(dict.fromkeys((self.train, self.report)))


CORPORA = (
    Corpus(
        "idner2k",
        "github.com/khairunnisaor/idner-news-2k, MIT",
        2,
        "ner_id_idner2k.train.conll",
        "ner_id_idner2k.dev.conll",
    ),
    Corpus(
        "nergrit",
        "NERGrit by grit.id through github.com/IndoNLP/indonlu, Apache-2.0",
        2,
        "ner_id_nergrit.train.conll",
        "ner_id_nergrit.valid.conll",
    ),
    Corpus(
        "crossner_politics",
        "github.com/zliucr/CrossNER, MIT (Wikipedia text)",
        2,
        "ner_en_crossner_politics.train.conll",
        "ner_en_crossner_politics.dev.conll",
    ),
    Corpus(
        "wikigold",
        "WikiGold, CC BY 4.0",
        2,
        "ner_en_wikigold.first1190.conll",
        "ner_en_wikigold.first1190.conll",
    ),
)


def recased(sentences: Sequence[TaggedSentence]) -> Iterator[TaggedSentence]:
    """Some of the sentences as headlines and in capitals, always the same ones."""
    chosen = random.Random(_SEED)  # noqa: S311 - a reproducible sample, nothing secret
    for sentence in sentences:
        if chosen.random() < _RECASED:
            yield as_headline(sentence)
        if chosen.random() < _RECASED:
            yield in_capitals(sentence)


def as_headline(sentence: TaggedSentence) -> TaggedSentence:
    """All words but small ones with a capital first letter."""
    return replace(sentence, words=tuple(_capital(word) for word in sentence.words))


def in_capitals(sentence: TaggedSentence) -> TaggedSentence:
    """All words in capitals."""
    return replace(sentence, words=tuple(word.upper() for word in sentence.words))


def _capital(word: str) -> str:
    return word if word in _SMALL else word[:1].upper() + word[1:]
