"""A panel and a row of the dashboard, and the two shapes that most queries have."""

from __future__ import annotations

from dataclasses import dataclass

RATE = "$__rate_interval"


@dataclass(frozen=True, slots=True)
class Panel:
    """`queries`: legend by PromQL; `unit` as Grafana spells it; `stat`: one number instead of a graph.

    `width` of 24; `warn`: from which value it is coloured, None for never.
    """

    title: str
    queries: dict[str, str]
    unit: str = "short"
    stat: bool = False
    width: int = 8
    warn: float | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A question, and its panels."""

    title: str
    panels: tuple[Panel, ...]


def by(label: str, metric: str) -> str:
    """The rate of a counter by one label or several."""
    return f"sum by ({label}) (rate({metric}[{RATE}]))"


def quantile(share: float, metric: str, by: str = "") -> str:
    """So many of hundred in the last quarter of an hour lay below it; `metric` is a histogram's buckets."""
    grouped = f"le, {by}" if by else "le"
    return f"histogram_quantile({share}, sum by ({grouped}) (rate({metric}[15m])))"
