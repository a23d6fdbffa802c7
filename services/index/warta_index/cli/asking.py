"""What the commands that read articles share: from options to a question, and what to do when it is not answered."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any

import orjson
import typer

from warta_index.connection import UnreachableError
from warta_index.query import Question, Shown
from warta_index.search import SearchError
from warta_index.written_query import QueryError, moment, narrowed, read_query
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

ADVICE = {
    "wrong-key": "The API key is not valid (any more): run `warta setup --keys-dir DIR` and use the operator's key.",
    "forbidden": "This API key may not read the articles: use the operator's key.",
    "missing-index": "There is no index of articles yet: run `warta setup`.",
    "expired": "It stood still for too long; the same command begins anew, or goes on where it was.",
    "bad-query": "Elasticsearch cannot read this query.",
}
UNREACHABLE_ADVICE = "Is Elasticsearch running, and is WARTA_ELASTICSEARCH_URL right? (`warta local status`)"


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
    """The question of a command's query and options together; raises typer.BadParameter for what is none."""
    now = datetime.now(UTC)
    try:
        question = narrowed(
            read_query(text, now),
            moment(since, now, end=False) if since else None,
            moment(until, now, end=True) if until else None,
        )
    except QueryError as error:
        raise typer.BadParameter(str(error)) from None
    return replace(
        question,
        sources=(*question.sources, *(sources or ())),
        topics=(*question.topics, *(topics or ())),
        entities=(*question.entities, *(entities or ())),
        languages=(*question.languages, *(languages or ())),
        shown=question.shown if shown is Shown.USABLE else shown,
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
