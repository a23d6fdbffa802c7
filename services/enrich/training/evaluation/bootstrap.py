"""95 % intervals by bootstrap, for figures that only count how often what was taken for what."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

RESAMPLES = 1_000
_SEED = 20250602

Counts = npt.NDArray[np.int64]


def interval(counts: Counts, figure: Callable[[Counts], float]) -> tuple[float, float]:
    """The middle 95 % of a figure over samples drawn with replacement from the cases that `counts` counts.

    Drawing cases anew is drawing the counts from a multinomial distribution.
    """
    total = int(counts.sum())
    if not total:
        return 0.0, 0.0
    draw = np.random.default_rng(_SEED)
    samples = draw.multinomial(total, counts.ravel() / total, size=RESAMPLES)
    figures = sorted(figure(sample.reshape(counts.shape)) for sample in samples)
    edge = RESAMPLES // 40
    return figures[edge], figures[-edge - 1]
