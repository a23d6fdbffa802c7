"""Lens charts of articles: what they count, and how they draw it.

The form is that of Kibana 8 (by value in a dashboard); later ones bring it up to date when they import it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

LAYER, GROUPS, COUNT, SPLIT = "articles", "groups", "count", "split"
NOTHING_ASKED = {"query": "", "language": "kuery"}


@dataclass(frozen=True, slots=True)
class Chart:
    """Articles counted by the values of a field, the most frequent first, or over time where it is a date."""

    title: str
    field: str
    shape: str
    by_time: bool = False
    split_by: str | None = None
    size: int = 10


def lens(chart: Chart, data_view: str) -> Json:
    """The attributes of a Lens panel."""
    drawn = _pie(chart) if chart.shape == "donut" else _bars(chart)
    columns = _columns(chart)
    layer = {"columns": columns, "columnOrder": list(columns), "incompleteColumns": {}}
    return {
        "title": chart.title,
        "type": "lens",
        "visualizationType": "lnsPie" if chart.shape == "donut" else "lnsXY",
        "references": [reference(data_view)],
        "state": {
            "visualization": drawn,
            "query": NOTHING_ASKED,
            "filters": [],
            "datasourceStates": {"formBased": {"layers": {LAYER: layer}}, "textBased": {"layers": {}}},
            "internalReferences": [],
            "adHocDataViews": {},
        },
    }


def reference(data_view: str, panel: str = "") -> Json:
    """How a chart names its data view; a dashboard puts the panel before it."""
    prefix = f"{panel}:" if panel else ""
    return {
        "type": "index-pattern",
        "id": data_view,
        "name": f"{prefix}indexpattern-datasource-layer-{LAYER}",
    }


def _columns(chart: Chart) -> Json:
    split = {SPLIT: _values(chart.split_by, 5)} if chart.split_by else {}
    groups = _over_time(chart.field) if chart.by_time else _values(chart.field, chart.size)
    return {GROUPS: groups, **split, COUNT: _articles()}


def _values(field: str, size: int) -> Json:
    order = {"type": "column", "columnId": COUNT}
    return {
        "label": field,
        "dataType": "string",
        "operationType": "terms",
        "sourceField": field,
        "isBucketed": True,
        "scale": "ordinal",
        "params": {
            "size": size,
            "orderBy": order,
            "orderDirection": "desc",
            "otherBucket": False,
            "missingBucket": False,
            "parentFormat": {"id": "terms"},
        },
    }


def _over_time(field: str) -> Json:
    return {
        "label": field,
        "dataType": "date",
        "operationType": "date_histogram",
        "sourceField": field,
        "isBucketed": True,
        "scale": "interval",
        "params": {"interval": "auto", "includeEmptyRows": True, "dropPartials": False},
    }


def _articles() -> Json:
    return {
        "label": "Articles",
        "customLabel": True,
        "dataType": "number",
        "operationType": "count",
        "sourceField": "___records___",
        "isBucketed": False,
        "scale": "ratio",
        "params": {"emptyAsNull": True},
    }


def _bars(chart: Chart) -> Json:
    layer = {
        "layerId": LAYER,
        "layerType": "data",
        "seriesType": chart.shape,
        "xAccessor": GROUPS,
        "accessors": [COUNT],
    } | ({"splitAccessor": SPLIT} if chart.split_by else {})
    return {
        "preferredSeriesType": chart.shape,
        "layers": [layer],
        "legend": {"isVisible": bool(chart.split_by), "position": "right"},
        "valueLabels": "hide",
        "axisTitlesVisibilitySettings": {"x": False, "yLeft": False, "yRight": False},
    }


def _pie(chart: Chart) -> Json:
    layer = {
        "layerId": LAYER,
        "layerType": "data",
        "primaryGroups": [GROUPS],
        "metrics": [COUNT],
        "numberDisplay": "percent",
        "categoryDisplay": "default",
        "legendDisplay": "default",
        "nestedLegend": False,
    }
    return {"shape": chart.shape, "layers": [layer]}
