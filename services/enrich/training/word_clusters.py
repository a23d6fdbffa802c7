"""Clusters of words that open text uses alike, so that a word no tagged sentence has still says what it may be.

Words are compared by what stands one and two words before and after them: counts become positive pointwise mutual
information, a truncated decomposition makes short vectors of them, and k-means on the sphere groups these.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from training.corpora import CORPORA
from training.text_statistics import sentences
from warta_enrich.steps.tokens import phrase
from warta_enrich.tagger.attributes import CLUSTER, form

TOPIC_FILES = tuple(
    f"topic_sib200_{language}.{part}.tsv" for language in ("ind", "eng") for part in ("train", "dev")
)
SEEN_MIN = 3  # rarer words have too few neighbours to be placed
CLUSTERS = (64, 256, 1024)
_NEIGHBOURS = 1_500  # the most frequent words; all rarer ones count as one, the edge of a sentence as another
_OFFSETS = (-2, -1, 1, 2)
_WIDTH = 64  # of the vectors
_SPARE, _ROUNDS = 32, 3  # of the randomised decomposition (Halko, Martinsson and Tropp 2011)
_SMOOTHING = 0.75  # of the neighbours' frequencies, so that rare ones count less
_STEPS = 30
_SEED = 7

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.intp]


def cluster_rows(
    texts: Iterable[Sequence[str]], sizes: Sequence[int] = CLUSTERS
) -> Iterator[tuple[str, str]]:
    """(attributes, words): the clusters of words, coarse and fine; `texts` are sentences of words."""
    read = [[form(word) for word in words] for words in texts]
    counts = Counter(word for words in read for word in words)
    ranked = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    vocabulary = [word for word, count in ranked if count >= SEEN_MIN]
    vectors = _vectors(_information(_neighbours(read, vocabulary)))
    weights = np.log1p([counts[word] for word in vocabulary]).astype(np.float32)
    levels = [_clustered(vectors, weights, number).tolist() for number in sizes]
    groups: dict[str, list[str]] = defaultdict(list)
    for word, *clusters in zip(vocabulary, *levels, strict=True):
        if word.isalpha():
            attributes = zip(sizes, clusters, strict=True)
            groups[" ".join(f"{CLUSTER}{size}={one}" for size, one in attributes)].append(word)
    for written, words in sorted(groups.items()):
        yield written, " ".join(sorted(words))


def open_texts(data: Path) -> Iterator[Sequence[str]]:
    """The words of the news sentences, of the topic sentences, and of those that the tagger learns from."""
    for sentence in sentences(data):
        yield [word for token, _ in sentence for word in phrase(token)]
    for name in TOPIC_FILES:
        for line in (data / name).read_text(encoding="utf-8").splitlines()[1:]:
            yield phrase(line.split("\t")[-1])
    for corpus in CORPORA:
        for part in corpus.parts(data):
            yield from (sentence.words for sentence in part)


def _neighbours(texts: Sequence[Sequence[str]], vocabulary: Sequence[str]) -> Floats:
    """(word, offset and neighbour): how often each neighbour stands there."""
    size = len(vocabulary)
    ids = {word: index for index, word in enumerate(vocabulary)}
    row: list[int] = []
    for words in texts:
        row += [size + 1, size + 1, *(ids.get(word, size) for word in words), size + 1, size + 1]
    line = np.array(row, dtype=np.intp)
    columns = np.where(line == size + 1, _NEIGHBOURS + 1, np.minimum(line, _NEIGHBOURS))
    middle = line[2:-2]
    known = np.flatnonzero(middle < size)
    counts = np.zeros((len(_OFFSETS), size, _NEIGHBOURS + 2), dtype=np.float32)
    for place, offset in enumerate(_OFFSETS):
        np.add.at(counts[place], (middle[known], columns[known + 2 + offset]), 1)
    return np.concatenate(list(counts), axis=1)


def _information(counts: Floats) -> Floats:
    """Positive pointwise mutual information of words and neighbours."""
    total = counts.sum()
    expected = counts.sum(axis=0) ** np.float32(_SMOOTHING)
    expected *= total / expected.sum()
    share = counts.sum(axis=1, keepdims=True) * expected / total
    ratio = np.divide(counts, share, out=np.ones_like(counts), where=counts > 0)
    information: Floats = np.maximum(np.log(ratio), 0)
    return information


def _vectors(information: Floats) -> Floats:
    """A vector of length 1 for each word."""
    draw = np.random.default_rng(_SEED)
    start = draw.standard_normal((information.shape[1], _WIDTH + _SPARE)).astype(np.float32)
    basis = np.linalg.qr(information @ start).Q
    for _ in range(_ROUNDS):
        basis = np.linalg.qr(information @ (information.T @ basis)).Q
    parts = np.linalg.svd(basis.T @ information, full_matrices=False)
    vectors = (basis @ parts.U)[:, :_WIDTH] * np.sqrt(parts.S[:_WIDTH])
    return _on_sphere(vectors)


def _clustered(vectors: Floats, weights: Floats, number: int) -> Ids:
    """The cluster of each word; the most frequent words, which come first, are where the clusters start."""
    centres = vectors[:number]
    for _ in range(_STEPS):
        sums = np.zeros_like(centres)
        np.add.at(sums, (vectors @ centres.T).argmax(axis=1), vectors * weights[:, None])
        centres = np.where(sums.any(axis=1, keepdims=True), _on_sphere(sums), centres)
    nearest: Ids = (vectors @ centres.T).argmax(axis=1)
    return nearest


def _on_sphere(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Floats = vectors / np.maximum(lengths, np.float32(1e-9))
    return unit
