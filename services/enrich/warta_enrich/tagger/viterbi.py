"""The best label sequence of many sentences at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from warta_enrich.tagger.weights import Floats

Labels = npt.NDArray[np.intp]


def best_labels(emissions: Sequence[Floats], transitions: Floats) -> list[Labels]:
    """For each sentence its (token, label) scores to the label indices of the best path; sentences are not empty.

    All sentences take a step together, the longest first in memory, so that those still running stay in front.
    Of equal paths the one with the lower label index wins.
    """
    if not emissions:
        return []
    sizes = np.array([len(one) for one in emissions], dtype=np.intp)
    order = np.argsort(-sizes, kind="stable")
    lengths = sizes[order]
    running = np.searchsorted(-lengths, -np.arange(lengths[0])).tolist()  # sentences longer than each step
    scores = _side_by_side(emissions, sizes, order)
    for step in range(1, len(scores)):
        # (before, after, sentence): each operation runs along the sentences, which lie together in memory.
        paths = scores[step - 1, :, None, : running[step]] + transitions[:, :, None]
        scores[step, :, : running[step]] += paths.max(axis=0)
    path = _traced(scores, transitions, running, lengths)
    return [path[row, :size] for row, size in zip(np.argsort(order), sizes, strict=True)]


def _side_by_side(emissions: Sequence[Floats], sizes: Labels, order: Labels) -> Floats:
    """(step, label, sentence): the scores of the sentences in this order."""
    flat = np.concatenate(emissions)
    starts = np.cumsum(sizes) - sizes
    steps = np.arange(len(flat)) - np.repeat(starts, sizes)
    rows = np.repeat(np.argsort(order), sizes)
    scores = np.zeros((sizes.max(), flat.shape[1], len(sizes)), dtype=np.float32)
    scores[steps, :, rows] = flat
    return scores


def _traced(scores: Floats, transitions: Floats, running: Sequence[int], lengths: Labels) -> Labels:
    """(sentence, step): follow all best paths from their ends; the best label before is found again only where a path
    goes."""
    path = np.zeros((scores.shape[2], scores.shape[0]), dtype=np.intp)
    rows = np.arange(len(lengths))
    path[rows, lengths - 1] = scores[lengths - 1, :, rows].argmax(axis=1)
    into = np.ascontiguousarray(transitions.T)  # (after, before)
    for step in range(len(scores) - 1, 0, -1):
        live = running[step]
        before = scores[step - 1, :, :live].T + into[path[:live, step]]
        path[:live, step - 1] = before.argmax(axis=1)
    return path
