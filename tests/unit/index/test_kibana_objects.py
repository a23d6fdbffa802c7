"""What Kibana imports: the right form, fixed ids, references that lead somewhere, fields that are mapped.

The form is that of Kibana 8's own sample data (`coreMigrationVersion` 8.8.0).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from warta_index.kibana import saved_objects
from warta_index.schema.contract import mapped_types
from warta_index.schema.mappings import mappings

Json = dict[str, Any]
MAPPED = dict(mapped_types(mappings()["properties"]))
OBJECTS: list[Json] = [json.loads(line) for line in saved_objects.FILE.read_text().splitlines()]
BY_ID = {one["id"]: one for one in OBJECTS}
DASHBOARD = BY_ID["warta-overview"]
PANELS: list[Json] = json.loads(DASHBOARD["attributes"]["panelsJSON"])
LENSES = [panel["embeddableConfig"]["attributes"] for panel in PANELS if panel["type"] == "lens"]
RECORDS = "___records___"
GRID = 48


def layers() -> Iterator[Json]:
    for lens in LENSES:
        yield from lens["state"]["datasourceStates"]["formBased"]["layers"].values()


def texts_within(value: Any) -> Iterator[tuple[str, str]]:
    """Every JSON that stands as text within JSON."""
    if isinstance(value, dict):
        for name, item in value.items():
            if name.endswith("JSON") and isinstance(item, str):
                yield name, item
            yield from texts_within(item)


def fields_of_queries() -> Iterator[str]:
    for one in OBJECTS:
        for _, text in texts_within(one["attributes"]):
            content = json.loads(text)
            if isinstance(content, dict) and "query" in content:
                yield from re.findall(r"([\w.]+) :", content["query"]["query"])


def test_the_file_is_up_to_date_and_drift_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert saved_objects.main(["--check"]) == 0
    monkeypatch.setattr(saved_objects, "FILE", tmp_path / "kibana" / "articles.ndjson")
    assert saved_objects.main(["--check"]) == 1
    assert saved_objects.main([]) == 0
    assert saved_objects.main(["--check"]) == 0
    assert saved_objects.main(["--other"]) == 2


def test_each_line_is_an_object_of_the_form_that_is_imported() -> None:
    assert [one["type"] for one in OBJECTS] == ["index-pattern", "search", "dashboard"]
    for one in OBJECTS:
        assert set(one) == {
            "type", "id", "attributes", "references", "coreMigrationVersion", "typeMigrationVersion", "managed",
        }  # fmt: skip
        assert one["coreMigrationVersion"] == "8.8.0"
        assert tuple(map(int, one["typeMigrationVersion"].split("."))) <= (8, 8, 0)
        assert one["attributes"]["title"]
        for name, text in texts_within(one["attributes"]):
            assert isinstance(json.loads(text), dict | list), name


def test_ids_never_change() -> None:
    assert list(BY_ID) == ["warta-articles", "warta-newest-articles", "warta-overview"]


def test_references_lead_to_objects_of_the_file() -> None:
    for one in OBJECTS:
        names = [reference["name"] for reference in one["references"]]
        assert len(names) == len(set(names))
        for reference in one["references"]:
            assert BY_ID[reference["id"]]["type"] == reference["type"]
            assert OBJECTS.index(BY_ID[reference["id"]]) < OBJECTS.index(one)


def test_every_panel_is_referred_to_and_has_a_place_of_its_own() -> None:
    names = {reference["name"] for reference in DASHBOARD["references"]}
    taken: set[tuple[int, int]] = set()
    for panel in PANELS:
        index, place = panel["panelIndex"], panel["gridData"]
        assert place["i"] == index
        assert place["x"] + place["w"] <= GRID
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert not cells & taken
        taken |= cells
        if panel["type"] == "search":
            assert f"{index}:{panel['panelRefName']}" in names
        else:
            inner = panel["embeddableConfig"]["attributes"]["references"]
            assert {f"{index}:{one['name']}" for one in inner} <= names
    assert len(names) == len(PANELS)


def test_the_fields_are_mapped_with_types_that_can_be_counted() -> None:
    data_view, search = BY_ID["warta-articles"]["attributes"], BY_ID["warta-newest-articles"]["attributes"]
    assert data_view["title"] == "articles"
    assert MAPPED[data_view["timeFieldName"]] == "date"
    assert set(search["columns"]) <= MAPPED.keys()
    assert [MAPPED[field] for field, _ in search["sort"]] == ["date"]
    assert set(fields_of_queries()) == {"status"}
    kinds = {"terms": "keyword", "date_histogram": "date"}
    for layer in layers():
        assert layer["columnOrder"] == list(layer["columns"])
        for column in layer["columns"].values():
            field = column["sourceField"]
            assert field == RECORDS or MAPPED[field] == kinds[column["operationType"]]


def test_every_chart_draws_columns_that_it_has() -> None:
    for lens, layer in zip(LENSES, layers(), strict=True):
        (drawn,) = lens["state"]["visualization"]["layers"]
        if lens["visualizationType"] == "lnsPie":
            used = [*drawn["primaryGroups"], *drawn["metrics"]]
        else:
            used = [drawn["xAccessor"], *drawn["accessors"]]
            used += [drawn["splitAccessor"]] if "splitAccessor" in drawn else []
        assert sorted(used) == sorted(layer["columns"])
        assert f"layer-{drawn['layerId']}" in lens["references"][0]["name"]


def test_the_panels_that_operators_expect() -> None:
    assert [lens["title"] for lens in LENSES] == [
        "Articles over time", "Languages", "Sources", "Topics", "Organisations",
    ]  # fmt: skip
    assert PANELS[-1]["type"] == "search"
