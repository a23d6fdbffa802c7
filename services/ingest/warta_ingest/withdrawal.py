"""A withdrawal by name: the version of an article that takes the place of its text."""

from __future__ import annotations

from warta_ingest.draft import Draft
from warta_ingest.sameness import canonical_url
from warta_shared.events.article import Source, Status

# An event has a title and a body. These are the same for every article, so that withdrawing twice changes
# nothing, and too short to be taken for a language.
TITLE = "Withdrawn"
BODY = "Withdrawn."
NO_LANGUAGE = "und"


def withdrawal(identity: str, source: Source, url: str | None = None) -> Draft:
    """The draft that withdraws the article with this id: nothing of its text is kept.

    Only of an article that is known: what was never published needs no withdrawal.
    """
    return Draft(
        id=identity,
        title=TITLE,
        body=BODY,
        source=source,
        url=url,
        canonical_url=canonical_url(url) if url else None,
        status=Status.WITHDRAWN,
        language_hint=NO_LANGUAGE,
        of_known_only=True,
    )
