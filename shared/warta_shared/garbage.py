"""When Python looks for cycles of garbage: seldom, in a process that handles batches."""

from __future__ import annotations

import gc

# A batch makes tens of thousands of objects that end by their reference counts: with the default of 700,
# every batch was searched dozens of times and a fifth of the CPU of a hop went there.
YOUNG, MIDDLE, OLD = 50_000, 20, 100


def collect_seldom() -> None:
    """Leave out what is loaded by now, and search young objects every 50,000 allocations; call it after imports."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
