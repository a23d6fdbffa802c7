"""How much memory all requests together may fill: a cap on each alone is none on many at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from warta_ingest.push.problem import Problem


class Share:
    """What one request holds of a budget."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self.held = 0

    def take(self, size: int) -> None:
        """`size` more bytes; raises Problem 503 when the requests of others hold too many."""
        if size > self._budget.left:
            raise Problem(503, "Too many large requests at the same time.", retry_after=1.0)
        self._budget.left -= size
        self.held += size

    def hold(self, size: int) -> None:
        """`size` bytes from now on, more or fewer than before; raises Problem 503 like `take`."""
        self.take(size - self.held)


class Budget:
    """`left`: bytes that requests may still take."""

    def __init__(self, most: int) -> None:
        self.left = most

    @contextmanager
    def share(self) -> Iterator[Share]:
        """The share of one request, given back at the end of the block."""
        share = Share(self)
        try:
            yield share
        finally:
            self.left += share.held
