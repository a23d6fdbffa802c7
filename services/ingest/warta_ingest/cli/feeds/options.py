"""What `add` and `edit` can be told of a feed, and what that makes of its fields."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from warta_ingest.feeds import Feed
from warta_shared.cli.failure import USAGE, fail

Name = Annotated[str | None, typer.Option(help="The outlet's name, as readers see it.")]
Source = Annotated[str | None, typer.Option(help="The code that its articles carry, as GALERT.")]
Country = Annotated[str | None, typer.Option(help="ISO 3166, as ID: gives times without a zone their zone.")]
Language = Annotated[str | None, typer.Option(help="BCP-47, as id: a hint.")]
Section = Annotated[
    list[str] | None, typer.Option(help="A section and its Media Topic: 'Ekonomi=04000000'. Repeatable.")
]
Shortest = Annotated[int | None, typer.Option("--interval-min", help="Seconds; polled not more often.")]
Longest = Annotated[int | None, typer.Option("--interval-max", help="Seconds; polled not less often.")]
FullText = Annotated[str | None, typer.Option(help="Where the text comes from: page or feed.")]
Header = Annotated[list[str] | None, typer.Option(help="Sent with each poll: 'Name: value'. Repeatable.")]
HeaderFile = Annotated[
    Path | None,
    typer.Option(help="A file of headers, a line each: for secrets that no process list may show."),
]
Tag = Annotated[list[str] | None, typer.Option(help="Repeatable.")]


def given_fields(
    *,
    name: str | None,
    source: str | None,
    country: str | None,
    language: str | None,
    section: list[str] | None,
    interval_min: int | None,
    interval_max: int | None,
    full_text: str | None,
    header: list[str] | None,
    header_file: Path | None,
    tag: list[str] | None,
) -> dict[str, Any]:
    """The fields that were given; exits with 2 for what cannot be read."""
    headers = [*(header or []), *(_lines(header_file) if header_file else [])]
    interval = {"min": interval_min, "max": interval_max}
    fields = {
        "name": name,
        "source": source,
        "country": country,
        "language": language,
        "full_text": full_text,
        "sections": _pairs(section, "=", "--section") or None,
        "headers": _pairs(headers, ":", "--header") or None,
        "tags": tag or None,
        "interval": {end: seconds for end, seconds in interval.items() if seconds is not None} or None,
    }
    return {field: value for field, value in fields.items() if value is not None}


def valid_feed(fields: dict[str, Any]) -> Feed:
    """The feed; exits with 2 and what is wrong with it."""
    try:
        return Feed.model_validate(fields)
    except ValidationError as error:
        problems = (
            f"{'.'.join(map(str, e['loc'])) or 'feed'}: {e['msg'].removeprefix('Value error, ')}"
            for e in error.errors(include_input=False, include_url=False)
        )
        fail(USAGE, "; ".join(problems))


def _lines(file: Path) -> list[str]:
    try:
        return [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        fail(USAGE, f"cannot read {file}: {getattr(error, 'strerror', None) or 'it is no text'}")


def _pairs(given: list[str] | None, between: str, option: str) -> dict[str, str]:
    pairs = [text.partition(between) for text in given or []]
    if any(not (name.strip() and mark and value.strip()) for name, mark, value in pairs):
        fail(USAGE, f"{option} takes 'Name{between} value'")
    return {name.strip(): value.strip() for name, _, value in pairs}
