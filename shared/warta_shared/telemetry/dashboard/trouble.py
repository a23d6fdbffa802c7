"""Is anything lost or stuck, and which feed is it?"""

from __future__ import annotations

from warta_shared.telemetry.dashboard.panel import Panel, Row, by

STUCK = Row(
    "Is anything lost or stuck?",
    (
        Panel(
            "Removed unread",
            {"{{hop}}": "max by (hop) (warta_conservation_residual)"},
            stat=True,
            width=6,
            warn=1,
            about="Added - settled - pending - waiting: must be 0",
        ),
        Panel(
            "Entries lost, last day",
            {"{{hop}}": "sum by (hop) (increase(warta_entries_lost_total[1d]))"},
            stat=True,
            width=6,
            warn=1,
        ),
        Panel("Dead letters", {"now": "max(warta_dead_letters)"}, stat=True, width=6, warn=1),
        Panel(
            "Producers wait",
            {"{{reason}}": "max by (reason) (warta_producers_wait)"},
            stat=True,
            width=6,
            warn=1,
        ),
        Panel(
            "Oldest message",
            {"{{hop}}": "max by (hop) (warta_oldest_unsettled_age_seconds)"},
            unit="s",
            warn=600,
        ),
        Panel("Backlog", {"{{hop}}": "max by (hop) (warta_backlog)"}),
        Panel("Pending", {"{{hop}}": "max by (hop) (warta_pending)"}),
        Panel(
            "Outcomes",
            {"{{hop}} {{outcome}}": by("hop, outcome", "warta_messages_total")},
            unit="cps",
        ),
        Panel(
            "Trouble, by reason",
            {
                "{{hop}} {{outcome}} {{reason}}": by(
                    "hop, outcome, reason", 'warta_messages_total{outcome=~"dead|retry|superseded"}'
                )
                + " or vector(0)"
            },
            unit="cps",
        ),
        Panel("Taken over from other workers", {"{{hop}}": by("hop", "warta_reclaimed_total")}, unit="cps"),
    ),
)

FEEDS = Row(
    "Which feed is it?",
    (
        Panel("Feeds by condition", {"{{condition}}": "max by (condition) (warta_feeds)"}),
        Panel(
            "Most failures in a row",
            {"{{feed}}": "max by (feed) (warta_feed_failures) or vector(0)"},
            about="The 20 worst; `warta feeds health` knows all, with reasons",
        ),
        Panel(
            "Time since these last answered",
            {"{{feed}}": "max by (feed) (warta_feed_last_success_age_seconds) or vector(0)"},
            unit="s",
        ),
        Panel("Polls", {"{{outcome}}": by("outcome", "warta_polls_total")}, unit="cps"),
        Panel("Overdue", {"feeds": "max(warta_feeds_overdue)"}),
        Panel("Most overdue", {"seconds": "max(warta_feeds_longest_overdue_seconds)"}, unit="s", warn=1_800),
    ),
)
