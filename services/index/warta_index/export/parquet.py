"""JSON lines -> a Parquet file, row group by row group: memory does not grow with the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
from pyarrow.parquet import ParquetWriter

from warta_index.export.columns import repeated, schema, typed

# Of one row group: so many articles, or so many bytes of JSON where they are long.
ROWS, BYTES = 10_000, 16_000_000
COMPRESSION = "zstd"


def convert(lines: Path, to: Path, moved: Callable[[int], None] = lambda _rows: None) -> None:
    """Write the articles of `lines` to `to`; `moved` is told how many are done."""
    columns = schema()
    with ParquetWriter(
        to, columns, compression=COMPRESSION, use_dictionary=repeated(columns), write_statistics=True
    ) as writer:
        done = 0
        for rows in _groups(lines, columns):
            writer.write_batch(pa.RecordBatch.from_pylist(rows, schema=columns), row_group_size=len(rows))
            done += len(rows)
            moved(done)


def _groups(lines: Path, columns: pa.Schema) -> Iterator[list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    size = 0
    with lines.open("rb") as file:
        for line in file:
            rows.append(typed(orjson.loads(line), columns))
            size += len(line)
            if len(rows) == ROWS or size >= BYTES:
                yield rows
                rows, size = [], 0
    if rows:
        yield rows
