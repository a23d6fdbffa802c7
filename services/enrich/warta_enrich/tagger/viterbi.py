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
    order = sorted(range(len(emissions)), key=lambda index: -len(emissions[index]))
    lengths = np.array([len(emissions[index]) for index in order], dtype=np.intp)
    steps = int(lengths[0])
    scores = np.zeros((steps, len(order), len(transitions)), dtype=np.float32)
    for row, index in enumerate(order):
        scores[: lengths[row], row] = emissions[index]
    running = np.searchsorted(-lengths, -np.arange(steps)).tolist()  # sentences longer than each step
    for step in range(1, steps):
        # (before, sentence, after): the maximum over the first axis runs along memory.
        paths = scores[step - 1, : running[step]].T[:, :, None] + transitions[:, None, :]
        scores[step, : running[step]] += paths.max(axis=0)
    path = _traced(scores, transitions, running, lengths)
    rows = np.argsort(order)
    return [path[: lengths[row], row] for row in rows]


def _traced(scores: Floats, transitions: Floats, running: Sequence[int], lengths: Labels) -> Labels:
    """Follow all best paths from their ends; the best label before is found again only where a path goes."""
    path = np.zeros(scores.shape[:2], dtype=np.intp)
    rows = np.arange(len(lengths))
    path[lengths - 1, rows] = scores[lengths - 1, rows].argmax(axis=1)
    into = np.ascontiguousarray(transitions.T)  # (after, before)
    for step in range(len(path) - 1, 0, -1):
        live = running[step]
        before = scores[step - 1, :live] + into[path[step, :live]]
        path[step - 1, :live] = before.argmax(axis=1)
    return path
