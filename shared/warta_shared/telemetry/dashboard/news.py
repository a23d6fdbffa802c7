"""Does news arrive, and how late is it?"""

from __future__ import annotations

from warta_shared.telemetry.dashboard.panel import Panel, Row, by, quantile

ARRIVING = Row(
    "Is news arriving?",
    (
        Panel(
            "New entries and pushes, last hour",
            {
                "entries": 'sum(increase(warta_feed_entries_total{result="new"}[1h])) or vector(0)',
                "pushed": 'sum(increase(warta_pushed_articles_total{status="published"}[1h])) or vector(0)',
            },
            stat=True,
            width=6,
        ),
        Panel(
            "Newest entry of any feed",
            {"ago": "time() - max(warta_feeds_last_new_entry_timestamp_seconds)"},
            unit="s",
            stat=True,
            width=6,
            warn=6 * 3_600,
        ),
        Panel(
            "Last canary",
            {"ago": "time() - max(warta_canary_arrived_timestamp_seconds)"},
            unit="s",
            stat=True,
            width=6,
            warn=1_500,
            about="Since an article of Warta's own was last found by a search",
        ),
        Panel(
            "Ready replicas",
            {"{{job}}": "sum by (job) (warta_ready)"},
            stat=True,
            width=6,
        ),
        Panel("Entries of feeds", {"{{result}}": by("result", "warta_feed_entries_total")}, unit="cps"),
        Panel("Pages fetched", {"{{outcome}}": by("outcome", "warta_fetches_total")}, unit="reqps"),
        Panel(
            "Articles indexed",
            {"{{outcome}} {{reason}}": by("outcome, reason", 'warta_messages_total{hop="index"}')},
            unit="cps",
        ),
    ),
)

LATE = Row(
    "How late is it?",
    (
        Panel(
            "Freshness, median",
            {"{{leg}}": quantile(0.5, "warta_freshness_seconds_bucket", "leg")},
            unit="s",
            about="Of articles indexed for the first time; what publishers say of the first leg may be wrong",
        ),
        Panel(
            "Freshness, 95 of 100",
            {"{{leg}}": quantile(0.95, "warta_freshness_seconds_bucket", "leg")},
            unit="s",
        ),
        Panel(
            "Canary: publication to search",
            {
                "mean": "sum(increase(warta_canary_seconds_sum[15m])) / sum(increase(warta_canary_seconds_count[15m]))"
            },
            unit="s",
            warn=120,
        ),
        Panel(
            "Time of a batch, 95 of 100",
            {"{{hop}}": quantile(0.95, "warta_batch_seconds_bucket", "hop")},
            "s",
        ),
        Panel(
            "Time of a fetch, 95 of 100", {"fetch": quantile(0.95, "warta_fetch_seconds_bucket")}, unit="s"
        ),
        Panel(
            "Polls begin late, 95 of 100",
            {"poll": quantile(0.95, "warta_poll_drift_seconds_bucket")},
            unit="s",
        ),
    ),
)
