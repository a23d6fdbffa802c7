"""The data view, the saved search and the dashboard that Kibana imports, with ids that never change.

`python -m warta_index.kibana.saved_objects` writes them; with `--check` it only compares, and exits 1 on drift.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import orjson

from warta_index.kibana.charts import Chart, lens, reference
from warta_index.schema import READ_ALIAS
from warta_shared.generated import generate

Json = dict[str, Any]

# This file lies in services/index/warta_index/kibana of the repository (the command is of no use elsewhere).
FILE = Path(__file__).resolve().parents[4] / "deploy" / "kibana" / "articles.ndjson"

DATA_VIEW, SEARCH, DASHBOARD = "warta-articles", "warta-newest-articles", "warta-overview"
TIME = "published_at"
COLUMNS = ("title", "source.id", "language", "topics.name", "url")
USABLE = {"query": "status : usable", "language": "kuery"}
# As of Kibana 8.8, from where later ones bring each object up to date.
CORE_VERSION = "8.8.0"
TYPE_VERSIONS = {"index-pattern": "7.11.0", "search": "7.9.3", "dashboard": "8.7.0"}

# Panels of a grid of 48 columns: chart, then x, y, width, height.
CHARTS = (
    (Chart("Articles over time", TIME, "bar_stacked", by_time=True, split_by="language"), (0, 0, 36, 12)),
    (Chart("Languages", "language", "donut", size=5), (36, 0, 12, 12)),
    (Chart("Sources", "source.id", "bar_horizontal"), (0, 12, 16, 14)),
    (Chart("Topics", "topics.name", "bar_horizontal"), (16, 12, 16, 14)),
    (Chart("Organisations", "organisations.name", "bar_horizontal"), (32, 12, 16, 14)),
)
NEWEST = (0, 26, 48, 16)


def saved_objects() -> list[Json]:
    """Each before those that refer to it."""
    return [_data_view(), _search(), _dashboard()]


def as_lines() -> str:
    """The file that Kibana imports."""
    return "".join(orjson.dumps(one, option=orjson.OPT_APPEND_NEWLINE).decode() for one in saved_objects())


def main(arguments: list[str]) -> int:
    """The command: 0 written or in agreement, 1 drift, 2 usage."""
    return generate("warta_index.kibana.saved_objects", {FILE: as_lines()}, arguments)


def _saved(kind: str, identity: str, attributes: Json, references: list[Json]) -> Json:
    return {
        "type": kind,
        "id": identity,
        "attributes": attributes,
        "references": references,
        "coreMigrationVersion": CORE_VERSION,
        "typeMigrationVersion": TYPE_VERSIONS[kind],
        "managed": False,
    }


def _data_view() -> Json:
    attributes = {
        "title": READ_ALIAS,
        "name": READ_ALIAS,
        "timeFieldName": TIME,
        "fields": "[]",
        "typeMeta": "{}",
    }
    return _saved("index-pattern", DATA_VIEW, attributes, [])


def _search() -> Json:
    index = "kibanaSavedObjectMeta.searchSourceJSON.index"
    source = {"query": USABLE, "filter": [], "highlightAll": True, "version": True, "indexRefName": index}
    attributes = {
        "title": "Newest articles",
        "description": "",
        "columns": list(COLUMNS),
        "sort": [[TIME, "desc"]],
        "kibanaSavedObjectMeta": {"searchSourceJSON": _text(source)},
    }
    return _saved("search", SEARCH, attributes, [{"type": "index-pattern", "id": DATA_VIEW, "name": index}])


def _dashboard() -> Json:
    charts = [
        _panel(str(number), "lens", place, {"attributes": lens(chart, DATA_VIEW)}) | {"title": chart.title}
        for number, (chart, place) in enumerate(CHARTS, 1)
    ]
    last = str(len(charts) + 1)
    newest = _panel(last, "search", NEWEST, {}) | {"panelRefName": f"panel_{last}"}
    attributes = {
        "title": "Warta: articles",
        "description": "Articles over time, their sources, topics, organisations and languages, and the newest",
        "panelsJSON": _text([*charts, newest]),
        "optionsJSON": _text({"useMargins": True, "syncColors": False, "hidePanelTitles": False}),
        "timeRestore": True,
        "timeFrom": "now-7d",
        "timeTo": "now",
        "refreshInterval": {"pause": True, "value": 60_000},
        "kibanaSavedObjectMeta": {"searchSourceJSON": _text({"query": USABLE, "filter": []})},
        "version": 1,
    }
    references = [reference(DATA_VIEW, panel["panelIndex"]) for panel in charts]
    references.append({"type": "search", "id": SEARCH, "name": f"{last}:panel_{last}"})
    return _saved("dashboard", DASHBOARD, attributes, references)


def _panel(index: str, kind: str, place: tuple[int, int, int, int], shown: Json) -> Json:
    x, y, width, height = place
    return {
        "version": CORE_VERSION,
        "type": kind,
        "panelIndex": index,
        "gridData": {"x": x, "y": y, "w": width, "h": height, "i": index},
        "embeddableConfig": {"enhancements": {}, **shown},
    }


def _text(value: Any) -> str:
    """Kibana keeps JSON within JSON as text."""
    return orjson.dumps(value).decode()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
