"""Is this news? The pure decision: a draft and what is known of it in, the next version out."""

from __future__ import annotations

from dataclasses import dataclass

from warta_ingest.draft import Draft
from warta_shared.events.article import Status
from warta_shared.registry.known import HASH_DIGITS, HOUR_MS, Known


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Published before as it is."""

    known: Known


@dataclass(frozen=True, slots=True)
class Capped:
    """It changed once more than the cap allows in an hour; it may come again in `retry_after` seconds."""

    known: Known
    retry_after: float


@dataclass(frozen=True, slots=True)
class Held:
    """It was withdrawn on purpose, and its page or feed, which still shows it, is no reason to show it again."""

    known: Known


@dataclass(frozen=True, slots=True)
class Unknown:
    """A withdrawal of what was never published, or is not remembered any more."""


@dataclass(frozen=True, slots=True)
class News:
    """New or changed: what the registry will know once it is published."""

    known: Known


Verdict = Unchanged | Capped | Held | Unknown | News


def judge(draft: Draft, known: Known | None, now: int, revisions_per_hour: int) -> Verdict:
    """What to do with a draft at `now` (ms).

    A change of title or body is a revision; of facts alone (status, a pusher's correction), or where the text was
    lost, a new version of the same revision. `observed_at` grows strictly for an id, whatever the clock does. A
    withdrawal passes every cap, and only who may state facts (a pusher) takes it back.
    """
    content, facts, hour = draft.content_hash[:HASH_DIGITS], draft.facts_hash, now // HOUR_MS
    withdrawn, source = draft.status is Status.WITHDRAWN, draft.source.id
    if known is None:
        if draft.of_known_only:
            return Unknown()
        return News(Known(1, now, now, content, facts, hour, 0, source, withdrawn))
    if known.withdrawn and not withdrawn and not draft.facts_count:
        return Held(known)
    revised = content != known.content_hash
    if not revised and facts == known.facts_hash and not known.lost:
        return Unchanged(known)
    count = known.revisions_in_hour if known.hour == hour else 0
    if revised and not withdrawn and count >= revisions_per_hour:
        return Capped(known, retry_after=(HOUR_MS - now % HOUR_MS) / 1000)
    return News(
        Known(
            revision=known.revision + revised,
            observed_at=max(now, known.observed_at + 1),
            first_seen_at=known.first_seen_at,
            content_hash=content,
            facts_hash=facts,
            hour=hour,
            revisions_in_hour=count + revised,
            source=source,
            withdrawn=withdrawn,
        )
    )
