"""Every metric of Warta, named, typed and explained once. Labels are bounded: hops, outcomes, reasons."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

MESSAGES = Counter(
    "warta_messages",
    "Messages settled by a hop, by outcome (publish, done, dead, retry, superseded) and reason",
    ("hop", "outcome", "reason"),
)
BATCH_SECONDS = Histogram(
    "warta_batch_seconds",
    "Time from a batch's arrival to its commit",
    ("hop",),
    buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
BACKLOG = Gauge("warta_backlog", "Messages not settled yet: never given out plus pending", ("hop",))
PENDING = Gauge("warta_pending", "Messages given out and not settled yet", ("hop",))
RECLAIMED = Counter("warta_reclaimed", "Messages taken over from a worker that did not settle them", ("hop",))
ENTRIES_LOST = Counter("warta_entries_lost", "Entries deleted while pending: must stay 0", ("hop",))
TRIMMED = Counter("warta_trimmed", "Settled entries removed from a stream", ("stream",))
GROUPS_LOST = Counter("warta_groups_lost", "Times a consumer group was found missing (FLUSHALL, lost data)")
PUSHED = Counter("warta_pushed_articles", "Articles handed in by push, by their result", ("status",))
PUSH_REFUSED = Counter(
    "warta_push_refused", "Push requests answered with an error, by HTTP status", ("status",)
)
POLLS = Counter("warta_polls", "Polls of feeds by outcome", ("outcome",))
POLL_DRIFT = Histogram(
    "warta_poll_drift_seconds",
    "How late polls begin after the feed was due",
    buckets=(1, 2, 5, 15, 60, 300, 900, 3600),
)
FEEDS = Gauge("warta_feeds", "Feeds by condition (ok, never-polled, failing, gone, silent)", ("condition",))
FEEDS_OVERDUE = Gauge("warta_feeds_overdue", "Feeds that are due and not being polled yet")
STEP_SECONDS = Counter("warta_enrich_step_seconds", "Seconds of work by step of the enrichment", ("step",))
STEPS_FAILED = Counter(
    "warta_enrich_steps_failed",
    "Articles on which a step failed (optional ones go on without its field)",
    ("step",),
)
STORIES = Counter(
    "warta_stories",
    "Articles by how they came to their story (new, joined, known, skipped: Redis had no memory)",
    ("result",),
)
MIRROR_REFUSED = Counter("warta_index_mirror_refused", "Documents that the second index of a reindex refused")
ARCHIVED = Counter("warta_pages_archived", "Fetched pages by whether the archive has them", ("result",))
ENTRIES = Counter(
    "warta_feed_entries", "Entries seen in feeds by result (new, repeated, old, bad-link ...)", ("result",)
)
