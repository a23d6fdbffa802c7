"""What the open text of the data folder says about words: which are ordinary words, which are parts of names."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

POS_FILE = "pos_id_kumparan_nlp-id.tsv.gz"
ENGLISH_FILE = "topic_sib200_eng.train.tsv"
NER_FILES = ("ner_id_idner2k.train.conll", "ner_id_nergrit.train.conll")
ENGLISH_NER_FILES = ("ner_en_crossner_politics.train.conll", "ner_en_wikigold.first1190.conll")
FAKER_FILE = "gaz_names_faker.json"
ORDINARY_MIN = 2
NAME_MIN = 2


def sentences(data: Path) -> Iterator[list[tuple[str, str]]]:
    """The part-of-speech tagged news sentences: (word, tag)."""
    sentence: list[tuple[str, str]] = []
    with gzip.open(data / POS_FILE, "rt", encoding="utf-8") as lines:
        for line in lines:
            word, _, tag = line.rstrip("\n").partition("\t")
            if word:
                sentence.append((word, tag))
            elif sentence:
                yield sentence
                sentence = []
    if sentence:
        yield sentence


def ordinary_phrases(data: Path, candidates: Iterable[str]) -> set[str]:
    """Those of the candidates (words or phrases in lower case) that open text also writes in lower case."""
    wanted = {tuple(candidate.split()) for candidate in candidates}
    sizes = sorted({len(words) for words in wanted})
    counts: Counter[tuple[str, ...]] = Counter()
    for sentence in _plain_sentences(data):
        for size in sizes:
            for start in range(len(sentence) - size + 1):
                words = tuple(sentence[start : start + size])
                if words in wanted:
                    counts[words] += 1
    return {" ".join(words) for words, count in counts.items() if count >= ORDINARY_MIN}


def person_words(data: Path) -> set[str]:
    """Words of person names that are no ordinary words."""
    words = _words_of_names(data)
    return words - ordinary_phrases(data, words)


def ordinary_words(data: Path) -> set[str]:
    """Words that open text writes in lower case and no list of names holds: no name starts with one."""
    counts = Counter(word for sentence in _plain_sentences(data) for word in sentence if word.islower())
    common = {
        word for word, count in counts.items() if count >= ORDINARY_MIN and len(word) > 2 and word.isalpha()
    }
    return common - _words_of_names(data)


def _words_of_names(data: Path) -> set[str]:
    """Folded: the name lists, and words that person entities of open news are made of."""
    lists: dict[str, list[str]] = json.loads((data / FAKER_FILE).read_text(encoding="utf-8"))
    words = {word.casefold() for names in lists.values() for name in names for word in name.split()}
    counts: Counter[str] = Counter()
    for name in NER_FILES:
        for line in (data / name).read_text(encoding="utf-8").splitlines():
            word, _, label = line.partition("\t")
            if label.strip().endswith("-PER") and word[:1].isupper() and word[1:].islower():
                counts[word.casefold()] += 1
    words |= {word for word, count in counts.items() if count >= NAME_MIN}
    return {word for word in words if len(word) > 1 and word.isalpha()}


def _plain_sentences(data: Path) -> Iterator[list[str]]:
    for sentence in sentences(data):
        yield [word for word, tag in sentence if tag != "NNP"]
    for line in (data / ENGLISH_FILE).read_text(encoding="utf-8").splitlines()[1:]:
        yield "".join(char if char.isalpha() else " " for char in line.split("\t")[-1]).split()
    for name in ENGLISH_NER_FILES:
        yield [line.partition("\t")[0] for line in (data / name).read_text(encoding="utf-8").splitlines()]
