"""deploy/grafana/dashboards/warta.json: the panels as Grafana (10 or newer) reads them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from warta_shared.generated import generate
from warta_shared.telemetry.dashboard import ROWS
from warta_shared.telemetry.dashboard.panel import Panel

Json = dict[str, Any]

PATH = Path(__file__).parents[4] / "deploy" / "grafana" / "dashboards" / "warta.json"
# Fixed, so that links to it last, and a later import takes its place.
UID = "warta"
SOURCE = {"type": "prometheus", "uid": "${datasource}"}
COLUMNS, STAT_HEIGHT, GRAPH_HEIGHT = 24, 4, 8


def dashboard() -> Json:
    """The whole of it; the data source is a variable, so that it fits any Grafana."""
    return {
        "uid": UID,
        "title": "Warta",
        "tags": ["warta"],
        "schemaVersion": 39,
        "editable": True,
        "graphTooltip": 1,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "timezone": "browser",
        "templating": {
            "list": [
                {"name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus"}
            ]
        },
        "annotations": {"list": [_alerts_as_annotations()]},
        "panels": list(_panels()),
    }


def main(arguments: Sequence[str]) -> int:
    """Write the file, or compare it with `--check`."""
    text = json.dumps(dashboard(), indent=1, ensure_ascii=False) + "\n"
    return generate("warta_shared.telemetry.dashboard.written", {PATH: text}, arguments)


def _alerts_as_annotations() -> Json:
    return {
        "name": "Alerts",
        "datasource": SOURCE,
        "enable": True,
        "expr": 'ALERTS{alertname=~"Warta.*",alertstate="firing"}',
        "titleFormat": "{{alertname}}",
        "iconColor": "red",
    }


def _panels() -> Iterator[Json]:
    """Rows and panels, laid out from left to right; a line is as high as its highest panel."""
    number, y = 0, 0
    for row in ROWS:
        number += 1
        yield {
            "id": number,
            "type": "row",
            "title": row.title,
            "collapsed": False,
            "panels": [],
            "gridPos": {"x": 0, "y": y, "w": COLUMNS, "h": 1},
        }
        y, x, height = y + 1, 0, 0
        for panel in row.panels:
            if x + panel.width > COLUMNS:
                y, x, height = y + height, 0, 0
            number += 1
            tall = STAT_HEIGHT if panel.stat else GRAPH_HEIGHT
            yield _panel(panel, number, {"x": x, "y": y, "w": panel.width, "h": tall})
            x, height = x + panel.width, max(height, tall)
        y += height


def _panel(panel: Panel, number: int, place: Json) -> Json:
    return {
        "id": number,
        "type": "stat" if panel.stat else "timeseries",
        "title": panel.title,
        "description": panel.about,
        "datasource": SOURCE,
        "gridPos": place,
        "targets": [
            {"refId": chr(ord("A") + at), "datasource": SOURCE, "expr": query, "legendFormat": legend}
            for at, (legend, query) in enumerate(panel.queries.items())
        ],
        "fieldConfig": {"defaults": _field(panel), "overrides": []},
        "options": _options(panel),
    }


def _field(panel: Panel) -> Json:
    steps: list[Json] = [{"color": "green", "value": None}]
    if panel.warn is not None:
        steps.append({"color": "red", "value": panel.warn})
    drawn: Json = {} if panel.stat else {"custom": {"fillOpacity": 8, "showPoints": "never"}}
    if panel.warn is not None and not panel.stat:
        drawn["custom"]["thresholdsStyle"] = {"mode": "dashed"}
    return {"unit": panel.unit, "min": 0, "thresholds": {"mode": "absolute", "steps": steps}, **drawn}


def _options(panel: Panel) -> Json:
    if panel.stat:
        return {
            "reduceOptions": {"calcs": ["lastNotNull"]},
            "colorMode": "value",
            "textMode": "value_and_name",
        }
    return {
        "legend": {"displayMode": "list", "placement": "bottom"},
        "tooltip": {"mode": "multi", "sort": "desc"},
    }


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
