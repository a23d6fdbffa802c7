"""Words that texts use alike come into one cluster, the same ones every time."""

from __future__ import annotations

import random

from training.word_clusters import SEEN_MIN, cluster_rows

CITIES, PEOPLE, VERBS = ["solo", "tegal", "kudus"], ["siti", "budi", "emil"], ["tiba", "tidur", "makan"]


def invented() -> list[list[str]]:
    """Sentences in which people and cities have places of their own; one word is rare."""
    draw = random.Random(5)
    lines = [
        ["Pak", draw.choice(PEOPLE), draw.choice(VERBS), "di", draw.choice(CITIES), "."] for _ in range(300)
    ]
    return [*lines, *([["Pak", "Jarang", "."]] * (SEEN_MIN - 1))]


def test_words_used_alike_are_together() -> None:
    groups = {
        word: attributes for attributes, words in cluster_rows(invented(), (6,)) for word in words.split()
    }
    for alike in (CITIES, PEOPLE, VERBS):
        assert len({groups[word] for word in alike}) == 1
    assert len({groups[words[0]] for words in (CITIES, PEOPLE, VERBS)}) == 3
    assert "jarang" not in groups
    assert "." not in groups


def test_coarse_and_fine_clusters_of_the_same_texts_are_the_same() -> None:
    rows = list(cluster_rows(invented(), (2, 6)))
    assert rows == list(cluster_rows(invented(), (2, 6)))
    assert all(len(attributes.split()) == 2 for attributes, _ in rows)
