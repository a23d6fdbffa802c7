"""What a person writes into a search box -> a question: words as they are, filters taken out of them.

    kredit "suku bunga" -pajak source:KABAR topic:economy entity:"Bank Indonesia" lang:id since:7d -source:GALERT

A filter stands where a word begins and has no space before its value. What is in quotation marks, or begins with one,
is words whatever it holds. Words are Elasticsearch's simple query syntax: all must occur, "a phrase", -without, a|b,
begin*.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from warta_index.query import Filters, Question, Shown

LENGTH_MAX, WORDS_MAX = 4_000, 64
"""Elasticsearch looks for each word in nine fields: thousands of them would keep it busy for many seconds."""

FILTERS = {"source": "sources", "topic": "topics", "entity": "entities", "lang": "languages"}
"""Names in the query and the fields of Filters."""

_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
# Possessive, so that no text can make it try twice: a filter, a phrase, or anything up to the next space.
_PIECE = re.compile(
    r'(?P<filter>(?P<not>-?)(?P<name>[a-z]++):(?P<value>"[^"]*+"|[^\s"]++))(?=\s|$)'
    r'|-?"[^"]*+"?|\S(?:[^\s"])*+|\s++'
)

# What Elasticsearch takes for a word of its own, at the least; and brackets, each of which is a query of its own.
_WORD = re.compile(r"\w++|\(")


class QueryError(ValueError):
    """What was written is no query: says what is wrong with it."""


def read_query(written: str, now: datetime) -> Question:
    """The question; times such as 7d count back from `now`. Raises QueryError."""
    if len(written) > LENGTH_MAX:
        raise QueryError(f"a query has at most {LENGTH_MAX:,} characters, not {len(written):,}")
    question, words = Question(), []
    for piece in _PIECE.finditer(written):
        if piece["filter"]:
            question = _filtered(question, piece["name"], piece["value"].strip('"'), now, bool(piece["not"]))
        else:
            words.append(piece[0])
    text = " ".join("".join(words).split())
    if (number := len(_WORD.findall(text))) > WORDS_MAX:
        raise QueryError(f"a query has at most {WORDS_MAX} words, not {number:,}")
    return replace(question, text=text)


def moment(text: str, now: datetime, *, end: bool) -> datetime:
    """`7d`, `2025-06-02` (as an `end` the whole day counts) or an RFC 3339 time; UTC unless it says otherwise."""
    try:
        if ago := re.fullmatch(r"(\d{1,5})([mhdw])", text, re.ASCII):
            return now - int(ago[1]) * _UNITS[ago[2]]
        found = datetime.fromisoformat(text)
        if end and re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            found += timedelta(days=1)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise QueryError(
            f"{text!r} is neither like 7d or 12h, nor like 2025-06-02 or 2025-06-02T08:00Z"
        ) from None


def _filtered(question: Question, name: str, value: str, now: datetime, unwanted: bool) -> Question:
    if name in FILTERS:
        side: Filters = question.unwanted if unwanted else question
        field = FILTERS[name]
        more = {field: (*getattr(side, field), value)}
        return replace(question, **({"unwanted": replace(side, **more)} if unwanted else more))
    if unwanted or name not in {"since", "until", "status"}:
        known = ", ".join(f"{one}:" for one in (*FILTERS, "since", "until", "status"))
        raise QueryError(
            f'there is no filter {"-" * unwanted}{name}: -- there are {known}; in "..." it is text'
        )
    if name == "status":
        return replace(question, shown=_status(value))
    return narrowed(question, **{name: moment(value, now, end=name == "until")})


def narrowed(question: Question, since: datetime | None = None, until: datetime | None = None) -> Question:
    """The question of a time within its own and within these."""
    return replace(
        question,
        since=max(filter(None, (question.since, since)), default=None),
        until=min(filter(None, (question.until, until)), default=None),
    )


def _status(value: str) -> Shown:
    try:
        return Shown(value)
    except ValueError:
        raise QueryError(f"status is one of {', '.join(Shown)}, not {value!r}") from None
