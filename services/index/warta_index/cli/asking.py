"""What the commands that read articles share: from options to a question, and what to do when it is not answered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import typer

from warta_index.query import Question, Shown

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
