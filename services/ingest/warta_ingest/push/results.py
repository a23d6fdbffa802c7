"""What is told of each article of a request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from warta_ingest.draft import Draft
from warta_ingest.push.article import PushedArticle
from warta_ingest.push.keys import Holder
from warta_ingest.push.problem import Problem, whole_seconds
from warta_ingest.push.withdrawn import Withdrawal, is_withdrawal
from warta_ingest.registry.fate import STORED, Fate, Result

ERRORS_MAX = 10
ERROR_LENGTH = 300

Told = dict[str, Any]


def draft_or_refusal(item: Any, holder: Holder) -> Draft | Told:
    """The draft of an item, or what is wrong with it. A ValueError as an item: it was no JSON."""
    if isinstance(item, ValueError):
        return _refusal(Fate.INVALID, f"not JSON: {item}")
    try:
        draft = pushed_draft(item)
    except ValidationError as error:
        return _refusal(Fate.INVALID, *explained(error))
    if not holder.may_push(draft.source.id):
        return _refusal(Fate.FORBIDDEN, f"this key may not push articles of source {draft.source.id}")
    return draft


def pushed_draft(item: Any) -> Draft:
    """The draft of an article or a withdrawal as pushers write them; raises pydantic's ValidationError."""
    kind: type[PushedArticle | Withdrawal] = Withdrawal if is_withdrawal(item) else PushedArticle
    return kind.model_validate(item).draft()


def told(drafts: Sequence[Draft | Told], published: Sequence[Result]) -> list[Told]:
    """One result for each item, in order; `published` are the results of the drafts among them."""
    answers = iter(published)
    return [
        {"index": index, **(_result_told(next(answers)) if isinstance(draft, Draft) else draft)}
        for index, draft in enumerate(drafts)
    ]


def _result_told(result: Result) -> Told:
    """A result of the registry, as it is told."""
    answer: Told = {"id": result.id, "status": result.fate.value}
    if result.revision:
        answer["revision"] = result.revision
    if result.fate is Fate.CAPPED:
        answer["retry_after"] = whole_seconds(result.retry_after)
    if result.detail:
        answer["errors"] = [result.detail]
    return answer


def problem_of(counts: Counter[str], retry_after: float) -> Problem | None:
    """The problem of a request of which nothing is stored, None where something is.

    `retry_after`: the longest of its articles, in seconds.
    """
    if STORED & counts.keys():
        return None
    if Fate.CAPPED in counts:
        detail = "These articles have changed too often within the hour."
        return Problem(429, detail, retry_after=retry_after)
    if Fate.FORBIDDEN in counts:
        return Problem(403, "This key may not push these articles.")
    if Fate.UNKNOWN in counts:
        return Problem(404, "None of these articles is known here.")
    return Problem(422, "No article of the request is valid.")


def _refusal(fate: Fate, *errors: str) -> Told:
    return {"status": fate.value, "errors": [error[:ERROR_LENGTH] for error in errors]}


def explained(error: ValidationError) -> list[str]:
    """What is wrong, a line each, without what was sent."""
    return [
        f"{'.'.join(map(str, e['loc'])) or 'article'}: {e['msg']}"
        for e in error.errors(include_input=False, include_url=False)[:ERRORS_MAX]
    ]
