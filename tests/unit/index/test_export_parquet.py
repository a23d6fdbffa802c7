"""Parquet: every field of real documents comes back, typed; a killed conversion begins again."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet as arrow

from enriched_articles import enriched_article, maximal_article
from warta_index.export import parquet
from warta_index.export.columns import UNIQUE, schema
from warta_index.export.part import Part
from warta_index.schema.mappings import mappings

INDEXED = "2025-11-24T16:00:01.250Z"
INSTANTS = ("observed_at", "first_seen_at", "published_at", "modified_at", "indexed_at")


def document(article: Any) -> dict[str, Any]:
    """As Elasticsearch gives it back."""
    return json.loads(article.model_dump_json()) | {"indexed_at": INDEXED}


def lines(path: Path, documents: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in documents))
    return path


def as_documents(table: pa.Table) -> list[dict[str, Any]]:
    """Rows in the terms of documents."""
    rows = table.to_pylist()
    for row in rows:
        row["extensions"] = json.loads(row["extensions"])
        for name in INSTANTS:
            if isinstance(row[name], datetime):
                row[name] = row[name].isoformat(timespec="milliseconds").replace("+00:00", "Z")
        row["observed_at"] = int(datetime.fromisoformat(row["observed_at"]).timestamp() * 1000)
    return rows


def test_every_field_comes_back(tmp_path: Path) -> None:
    documents = [document(maximal_article()), document(enriched_article())]
    parquet.convert(lines(tmp_path / "a.jsonl", documents), tmp_path / "a.parquet")
    assert as_documents(arrow.read_table(tmp_path / "a.parquet")) == documents


def test_every_field_of_the_index_has_a_column() -> None:
    assert set(schema().names) == set(mappings()["properties"]) - {"stems"}


def test_columns_are_typed_and_repeated_texts_are_dictionaries(tmp_path: Path) -> None:
    parquet.convert(lines(tmp_path / "a.jsonl", [document(maximal_article())] * 50), tmp_path / "a.parquet")
    file = arrow.ParquetFile(tmp_path / "a.parquet")
    types = file.schema_arrow
    assert all(types.field(name).type == pa.timestamp("ms", tz="UTC") for name in INSTANTS)
    assert types.field("authors").type == pa.list_(pa.string())
    assert types.field("topics").type == pa.list_(
        pa.struct({"code": pa.string(), "name": pa.string(), "score": pa.float64()})
    )
    group = file.metadata.row_group(0)
    columns = [group.column(number) for number in range(group.num_columns)]
    assert {column.compression for column in columns} == {"ZSTD"}
    told = {column.path_in_schema: column.has_dictionary_page for column in columns}
    assert told["language"] and told["source.id"] and told["topics.list.element.name"]
    assert not any(told[name] for name in UNIQUE)
    assert arrow.read_table(
        tmp_path / "a.parquet", filters=[("published_at", ">", datetime(2025, 1, 1, tzinfo=UTC))]
    )


def test_a_group_ends_by_its_rows_and_by_its_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = lines(tmp_path / "a.jsonl", [document(enriched_article())] * 10)
    told: list[int] = []
    monkeypatch.setattr(parquet, "ROWS", 4)
    parquet.convert(given, tmp_path / "a.parquet", told.append)
    assert told == [4, 8, 10]
    monkeypatch.setattr(parquet, "BYTES", 1)
    parquet.convert(given, tmp_path / "a.parquet")
    assert arrow.ParquetFile(tmp_path / "a.parquet").num_row_groups == 10


def test_no_article_is_an_empty_table(tmp_path: Path) -> None:
    parquet.convert(lines(tmp_path / "a.jsonl", []), tmp_path / "a.parquet")
    assert arrow.read_table(tmp_path / "a.parquet").num_rows == 0


def test_a_killed_conversion_begins_again(tmp_path: Path) -> None:
    path, given = tmp_path / "a.parquet", json.dumps(document(enriched_article())).encode() + b"\n"
    first = Part(path, "asked")
    first.add(given * 3, 3, "z" * 26)

    def killed(_lines: Path, to: Path) -> None:
        to.write_bytes(b"half of it")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        first.finish(killed)
    assert not path.exists()
    second = Part(path, "asked")
    assert (second.done.articles, second.done.after) == (3, "z" * 26)
    second.finish(parquet.convert)
    assert arrow.read_table(path).num_rows == 3
    assert [one.name for one in tmp_path.iterdir()] == ["a.parquet"]
