"""What the commands that read articles share: from options to a question, and what to do when it is not answered."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import orjson
import typer

from warta_index.connection import UnreachableError
from warta_index.query import Question, Shown
from warta_index.search import SearchError
from warta_shared.cli.failure import PROBLEM, UNREACHABLE, USAGE, fail

Source = Annotated[list[str] | None, typer.Option(help="Source: its id, name or domain.")]
Topic = Annotated[list[str] | None, typer.Option(help="Topic: Media Topic code or name.")]
Entity = Annotated[list[str] | None, typer.Option(help="Person, organisation, place ...: id or name.")]
Lang = Annotated[list[str] | None, typer.Option(help="Language code, such as id or en.")]
Since = Annotated[str | None, typer.Option(help="From: 7d, 12h, 2025-06-02 or an RFC 3339 time.")]
Until = Annotated[str | None, typer.Option(help="To: the same; a date includes that day.")]
Status = Annotated[Shown, typer.Option(help="Which articles count.")]
Again = Annotated[bool, typer.Option("--again", help="From the beginning, whatever a killed run did.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on standard output.")]

UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
ADVICE = {
    "wrong-key": "The API key is not valid (any more): run `warta setup --keys-dir DIR` and use the operator's key.",
    "forbidden": "This API key may not read the articles: use the operator's key.",
    "missing-index": "There is no index of articles yet: run `warta setup`.",
    "bad-query": "Elasticsearch cannot read this query.",
}
UNREACHABLE_ADVICE = "Is Elasticsearch running, and is WARTA_ELASTICSEARCH_URL right? (`warta local status`)"


def moment(text: str, now: datetime, *, end: bool) -> datetime:
    """`7d`, `2025-06-02` (as an `end` the whole day counts) or an RFC 3339 time; UTC unless it says otherwise."""
    if ago := re.fullmatch(r"(\d{1,5})([mhdw])", text):
        return now - int(ago[1]) * UNITS[ago[2]]
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is neither like 7d or 12h, nor like 2025-06-02 or 2025-06-02T08:00Z"
        ) from None
    if end and re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        found += timedelta(days=1)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def asked(
    text: str,
    *,
    since: str | None,
    until: str | None,
    sources: Sequence[str] | None = None,
    topics: Sequence[str] | None = None,
    entities: Sequence[str] | None = None,
    languages: Sequence[str] | None = None,
    shown: Shown = Shown.USABLE,
) -> Question:
    """The question of a command's options; raises typer.BadParameter for a time that is none."""
    now = datetime.now(UTC)
    return Question(
        text=text,
        sources=tuple(sources or ()),
        topics=tuple(topics or ()),
        entities=tuple(entities or ()),
        languages=tuple(languages or ()),
        since=moment(since, now, end=False) if since else None,
        until=moment(until, now, end=True) if until else None,
        shown=shown,
    )


def fingerprint(*options: Any) -> str:
    """Of what a run is asked, word for word: 7d is another day each day, and the same run."""
    return hashlib.sha256(orjson.dumps(options)).hexdigest()[:16]


@contextmanager
def refusals_told(url: str) -> Iterator[None]:
    """End the command with what to do where Elasticsearch at `url` refuses or does not answer."""
    try:
        yield
    except UnreachableError as error:
        fail(UNREACHABLE, f"no answer from {url}: {error}", UNREACHABLE_ADVICE)
    except SearchError as error:
        fail(USAGE if error.reason == "bad-query" else PROBLEM, str(error), ADVICE[error.reason])
