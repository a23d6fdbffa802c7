"""A withdrawal as a pusher writes it among articles: what is known goes, its text with it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict

from warta_ingest.draft import Draft
from warta_ingest.push.identified import ONE_NAMES_IT, Identified
from warta_ingest.withdrawal import withdrawal
from warta_shared.events.article import Status


class Withdrawal(Identified):
    """Withdraws an article that is known here, without repeating it: nothing of its text is kept.

    An article with title and body and this status is kept whole, as withdrawn.
    """

    model_config = ConfigDict(
        json_schema_extra={
            **ONE_NAMES_IT,
            "examples": [{"source": "GALERT", "external_id": "page-17", "status": "withdrawn"}],
        }
    )

    status: Literal[Status.WITHDRAWN]

    def draft(self) -> Draft:
        """The version that takes the article's place."""
        return withdrawal(self.identity(), self.source, self.url)


def is_withdrawal(item: Any) -> bool:
    """Whether an item is meant as one."""
    return (
        isinstance(item, dict)
        and item.get("status") == Status.WITHDRAWN
        and "title" not in item
        and "body" not in item
    )
