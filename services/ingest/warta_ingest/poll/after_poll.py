"""What is known of a feed after a poll: pure, from what was known before and what the poll brought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from warta_ingest.feeds import Feed, FeedEntry
from warta_ingest.poll import address, interval, rhythm
from warta_ingest.poll.contents import Found
from warta_ingest.poll.fetching import FeedAnswer
from warta_ingest.poll.interval import Wait
from warta_ingest.poll.state import FeedState, listed
from warta_ingest.registry import accounts

NOT_MODIFIED, NEW_ENTRIES, NOTHING_NEW = "not-modified", "new-entries", "nothing-new"


def read(feed: Feed, before: FeedState, answer: FeedAnswer, found: Found, now: int) -> FeedState:
    """After an answer was read and its entries published; `now` in ms since 1970."""
    fetched, parsed = answer.fetched, answer.feed
    moved = address.after_fetch(feed.url, answer.asked, before.moved, fetched, now)
    after = replace(
        before,
        etag=fetched.etag or (before.etag if fetched.not_modified else ""),
        last_modified=fetched.last_modified or (before.last_modified if fetched.not_modified else ""),
        not_modified=before.not_modified + 1 if fetched.not_modified else 0,
        failures=0,
        gone_since=0,
        last_poll=now,
        first_success=before.first_success or now,
        last_success=now,
        outcome=_outcome(answer, found),
        detail="",
        moved_to=moved.to,
        moves=moved.times,
        declared_asked=moved.declared_asked,
    )
    if parsed:
        after = replace(
            after,
            format=parsed.format,
            ttl=parsed.ttl or 0,
            skip_hours=listed(parsed.skip_hours),
            skip_days=listed(parsed.skip_days),
        )
    return _with_rhythm(before, after, found, now)


def failed(before: FeedState, reason: str, detail: str, now: int, *, gone: bool) -> FeedState:
    """After a poll that brought nothing; `gone`: the server said that it is gone for good."""
    return replace(
        before,
        failures=before.failures + 1,
        gone_since=before.gone_since or (now if gone else 0),
        last_poll=now,
        outcome=reason,
        detail=detail[:300],
    )


def next_wait(feed: Feed, after: FeedState, answer: FeedAnswer, now: int) -> Wait:
    """Seconds until the next poll after a success."""
    gap = rhythm.expected_gap(after.gap, after.silence(now))
    wait = interval.after_success(feed.interval, gap, after.wishes, answer.fetched.max_age)
    return interval.outside_quiet_hours(wait, _instant(now), after.wishes, float(feed.interval.max))


def _with_rhythm(before: FeedState, after: FeedState, found: Found, now: int) -> FeedState:
    """The usual gap and the last new entry; at first sight the entries' own times tell both."""
    fresh = found.counts[accounts.NEW]
    if before.first_success:
        gap = rhythm.next_gap(before.gap, fresh, before.silence(now))
        return replace(after, gap=gap, last_new=now if fresh else before.last_new)
    times = _times(found.entries)
    newest = min(int(max(times).timestamp() * 1000), now) if times else now if fresh else 0
    return replace(after, gap=rhythm.first_gap(times) or before.gap, last_new=max(newest, before.last_new, 0))


def _outcome(answer: FeedAnswer, found: Found) -> str:
    if answer.feed is None:
        return NOT_MODIFIED
    return NEW_ENTRIES if found.counts[accounts.NEW] or found.counts[accounts.CHANGED] else NOTHING_NEW


def _times(entries: Sequence[FeedEntry]) -> list[datetime]:
    return [time for entry in entries if (time := entry.published or entry.updated)]


def _instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
