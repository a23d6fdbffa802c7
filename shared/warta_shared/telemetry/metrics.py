"""Every metric of Warta, named, typed and explained once; docs/metrics.md is made from this table.

Names and units follow https://prometheus.io/docs/practices/naming/. Labels are bounded: hops, outcomes, reasons
that the code spells, and the few feeds that are worst off. What every replica measures in the same Redis is the
same in all of them: `max`. What each does by itself is added up: `sum`.
"""

from __future__ import annotations

from warta_shared.telemetry.declaration import Across, Table

SUM, MAX, MIN = Across.SUM, Across.MAX, Across.MIN
SECONDS, MESSAGES_UNIT, ARTICLES, FEEDS_UNIT = "seconds", "messages", "articles", "feeds"
MINUTE, HOUR, DAY = 60, 3_600, 86_400
# From what a push takes to what an outage takes.
LATENESS = (
    1, 2, 5, 10, 20, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR,
    6 * HOUR, 12 * HOUR, DAY, 3 * DAY, 7 * DAY,
)  # fmt: skip

EVERY = Table("Every service")
BUILD = EVERY.gauge(
    "warta_build_info", "", ("service", "version", "python"), MAX, "Always 1; the labels tell what runs"
)
READY = EVERY.gauge(
    "warta_ready", "", (), MIN, "1 while /health/ready answers 200, looked at every 10 seconds, else 0"
)
RECEIVED = EVERY.counter(
    "warta_messages_received",
    MESSAGES_UNIT,
    ("hop",),
    "Messages that a hop began to work on, repetitions too",
)
MESSAGES = EVERY.counter(
    "warta_messages",
    MESSAGES_UNIT,
    ("hop", "outcome", "reason"),
    "Messages settled by a hop, by outcome (publish, done, dead, retry, superseded) and reason",
)
IN_FLIGHT = EVERY.gauge("warta_messages_in_flight", MESSAGES_UNIT, ("hop",), SUM, "Messages being worked on")
BATCH_SECONDS = EVERY.histogram(
    "warta_batch_seconds",
    SECONDS,
    ("hop",),
    (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 90),
    "Time from a batch's arrival to its commit",
)
BATCH_MESSAGES = EVERY.histogram(
    "warta_batch_messages",
    MESSAGES_UNIT,
    ("hop",),
    (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000),
    "Messages in a batch",
)
BACKLOG = EVERY.gauge(
    "warta_backlog", MESSAGES_UNIT, ("hop",), MAX, "Messages not settled yet: never given out plus pending"
)
PENDING = EVERY.gauge("warta_pending", MESSAGES_UNIT, ("hop",), MAX, "Messages given out and not settled yet")
OLDEST_AGE = EVERY.gauge(
    "warta_oldest_unsettled_age_seconds",
    SECONDS,
    ("hop",),
    MAX,
    "Age of the oldest message that is not settled, by its entry id; 0 when there is none",
)
DEAD_LETTERS = EVERY.gauge(
    "warta_dead_letters", MESSAGES_UNIT, (), MAX, "Dead letters that lie in articles.dead now"
)
RESIDUAL = EVERY.gauge(
    "warta_conservation_residual",
    MESSAGES_UNIT,
    ("hop",),
    MAX,
    "Added to the hop's stream - settled - pending - waiting: what was removed unread, and must be 0",
)
RECLAIMED = EVERY.counter(
    "warta_reclaimed", MESSAGES_UNIT, ("hop",), "Messages taken over from a worker that did not settle them"
)
ENTRIES_LOST = EVERY.counter(
    "warta_entries_lost", MESSAGES_UNIT, ("hop",), "Entries deleted while pending: must stay 0"
)
TRIMMED = EVERY.counter("warta_trimmed", MESSAGES_UNIT, ("stream",), "Settled entries removed from a stream")
GROUPS_LOST = EVERY.counter(
    "warta_groups_lost", "groups", (), "Times a consumer group was found missing (FLUSHALL, lost data)"
)

INGEST = Table("Ingest", "ingest")
FEEDS = INGEST.gauge(
    "warta_feeds",
    FEEDS_UNIT,
    ("condition",),
    MAX,
    "Feeds by condition (ok, never-polled, failing, gone, silent); all that is told of feeds is looked at every "
    "WARTA_FEEDS_WATCH seconds (60)",
)
FEEDS_OVERDUE = INGEST.gauge(
    "warta_feeds_overdue", FEEDS_UNIT, (), MAX, "Feeds that are due and not being polled yet"
)
FEEDS_LONGEST_OVERDUE = INGEST.gauge(
    "warta_feeds_longest_overdue_seconds", SECONDS, (), MAX, "For how long the most overdue feed has been due"
)
FEEDS_NEXT_POLL = INGEST.gauge(
    "warta_feeds_next_poll_timestamp_seconds", SECONDS, (), MAX, "When the next feed is due, since 1970"
)
FEEDS_LAST_SUCCESS = INGEST.gauge(
    "warta_feeds_last_success_timestamp_seconds", SECONDS, (), MAX, "When a feed last answered, since 1970"
)
FEEDS_LAST_NEW = INGEST.gauge(
    "warta_feeds_last_new_entry_timestamp_seconds",
    SECONDS,
    (),
    MAX,
    "When a feed last brought a new entry, since 1970",
)
FEED_FAILURES = INGEST.gauge(
    "warta_feed_failures",
    "polls",
    ("feed",),
    MAX,
    "Polls in a row that failed, of the 20 feeds at the most that have failed most often in a row",
)
FEED_SUCCESS_AGE = INGEST.gauge(
    "warta_feed_last_success_age_seconds",
    SECONDS,
    ("feed",),
    MAX,
    "Time since the feed last answered, of the same feeds; none for one that never did",
)
FEED_NEXT_POLL = INGEST.gauge(
    "warta_feed_next_poll_seconds", SECONDS, ("feed",), MAX, "Time until the next poll of the same feeds"
)
POLLS = INGEST.counter("warta_polls", "polls", ("outcome",), "Polls of feeds by outcome")
POLL_DRIFT = INGEST.histogram(
    "warta_poll_drift_seconds",
    SECONDS,
    (),
    (1, 2, 5, 15, 60, 300, 900, 3_600),
    "How late polls begin after the feed was due",
)
ENTRIES = INGEST.counter(
    "warta_feed_entries",
    "entries",
    ("result",),
    "Entries seen in feeds by result (new, repeated, old, bad-link ...)",
)
FETCHES = INGEST.counter(
    "warta_fetches",
    "requests",
    ("outcome",),
    "Fetches of feeds, pages and robots.txt, redirects followed, by outcome (ok, not-modified, or why not)",
)
FETCH_SECONDS = INGEST.histogram(
    "warta_fetch_seconds",
    SECONDS,
    (),
    (0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16),
    "Time of a fetch, failed or not",
)
PUSHED = INGEST.counter(
    "warta_pushed_articles", ARTICLES, ("status",), "Articles handed in by push, by their result"
)
PUSH_REFUSED = INGEST.counter(
    "warta_push_refused", "requests", ("status",), "Push requests answered with an error, by HTTP status"
)
PRODUCERS_WAIT = INGEST.gauge(
    "warta_producers_wait",
    "",
    ("reason",),
    MAX,
    "1 while polls and pushes must wait for this reason (backlog, memory, redis-away), else 0",
)
ARCHIVED = INGEST.counter(
    "warta_pages_archived", "pages", ("result",), "Fetched pages by whether the archive has them"
)
CANARY_INTERVAL = INGEST.gauge(
    "warta_canary_interval_seconds", SECONDS, (), MAX, "Time between two canaries; 0 where there are none"
)
CANARY_SENT = INGEST.counter("warta_canary_sent", ARTICLES, (), "Canaries that were published")

ENRICH = Table("Enrich", "enrich")
STEP_SECONDS = ENRICH.counter(
    "warta_enrich_step_seconds", SECONDS, ("step",), "Seconds of work by step of the enrichment"
)
STEPS_FAILED = ENRICH.counter(
    "warta_enrich_steps_failed",
    ARTICLES,
    ("step",),
    "Articles on which a step failed (optional ones go on without its field)",
)
STORIES = ENRICH.counter(
    "warta_stories",
    ARTICLES,
    ("result",),
    "Articles by how they came to their story (new, joined, known, skipped: Redis had no memory)",
)

INDEX = Table("Index", "index")
FRESHNESS = INDEX.histogram(
    "warta_freshness_seconds",
    SECONDS,
    ("leg",),
    LATENESS,
    "Of articles that are indexed for the first time: how long after the event that a leg begins with "
    "(published-discovered, discovered-indexed, published-indexed). Articles without a date, and those that were "
    "a week old when they were found, count in the second alone; so do dates in the future",
)
CANARY_SECONDS = INDEX.histogram(
    "warta_canary_seconds", SECONDS, (), LATENESS, "Time from a canary's publication until a search finds it"
)
CANARY_ARRIVED = INDEX.gauge(
    "warta_canary_arrived_timestamp_seconds",
    SECONDS,
    (),
    MAX,
    "When this process last saw a canary become searchable, since 1970",
)
MIRROR_REFUSED = INDEX.counter(
    "warta_index_mirror_refused", ARTICLES, (), "Documents that the second index of a reindex refused"
)

TABLES = (EVERY, INGEST, ENRICH, INDEX)
