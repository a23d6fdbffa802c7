"""How far a long run is, on standard error, where a person looks at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TimeRemainingColumn


@contextmanager
def counted(first: str, *, hidden: bool) -> Iterator[Callable[[str, int], None]]:
    """Takes a step's name and how many articles it has seen; `first` stands there until then."""
    console = Console(stderr=True)
    if hidden or not console.is_terminal:
        yield lambda _step, _number: None
        return
    with console.status(first) as status:
        yield lambda step, number: status.update(f"{step}: {number:,} articles")


@contextmanager
def articles_bar(what: str, *, hidden: bool) -> Iterator[tuple[Progress, TaskID]]:
    """A bar for articles of which the number is known soon; its console prints lines above it."""
    console = Console(stderr=True)
    columns = (
        "{task.description}",
        BarColumn(),
        "{task.completed:,.0f} of {task.total:,.0f}",
        TimeRemainingColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=hidden or not console.is_terminal
    ) as bar:
        yield bar, bar.add_task(what, total=1)
