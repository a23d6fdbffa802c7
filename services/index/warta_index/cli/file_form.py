"""The form of a file that is exported to, and what some forms need besides."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from warta_index.export.form import Form, form_of
from warta_shared.cli.failure import USAGE, fail

PYARROW_ADVICE = (
    "Install it beside Warta (`pip install pyarrow`, the extra `parquet` of warta-index), or export .jsonl.gz. "
    "The operator's image has it."
)


def told_form(file: Path) -> Form:
    """By the file's name; exits with 2 where it tells none, or one that cannot be written here."""
    form = form_of(file)
    if form is None:
        fail(
            USAGE,
            f"{file}: its name does not tell the form",
            "Call it .jsonl, .ndjson or .csv, or one of them .gz, or .parquet.",
        )
    if form is Form.PARQUET and find_spec("pyarrow") is None:
        fail(USAGE, "Parquet takes the package pyarrow, which is not here", PYARROW_ADVICE)
    return form


def converter(
    form: Form, articles: int, moved: Callable[[int, int], None]
) -> Callable[[Path, Path], None] | None:
    """From JSON lines to the file, None where it consists of them; `moved` is told how many of all are done."""
    if form is not Form.PARQUET:
        return None
    from warta_index.export.parquet import convert  # noqa: PLC0415 - an extra, and half a second to load

    return lambda lines, to: convert(lines, to, lambda rows: moved(rows, articles))
