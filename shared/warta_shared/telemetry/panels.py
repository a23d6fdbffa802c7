"""What the dashboard shows: the questions of who is woken at night, in their order, and the panels that answer them."""

from __future__ import annotations

from dataclasses import dataclass

RATE = "$__rate_interval"


@dataclass(frozen=True, slots=True)
class Panel:
    """`queries`: legend by PromQL; `unit` as Grafana spells it; `stat`: one number instead of a graph.

    `width` of 24; `warn`: from which value it is coloured, None for never.
    """

    title: str
    queries: dict[str, str]
    unit: str = "short"
    stat: bool = False
    width: int = 8
    warn: float | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A question, and its panels."""

    title: str
    panels: tuple[Panel, ...]


def _by(label: str, metric: str) -> str:
    return f"sum by ({label}) (rate({metric}[{RATE}]))"


def _quantile(share: float, metric: str, by: str = "") -> str:
    grouped = f"le, {by}" if by else "le"
    return f"histogram_quantile({share}, sum by ({grouped}) (rate({metric}[15m])))"


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
        Panel("Entries of feeds", {"{{result}}": _by("result", "warta_feed_entries_total")}, unit="cps"),
        Panel("Pages fetched", {"{{outcome}}": _by("outcome", "warta_fetches_total")}, unit="reqps"),
        Panel(
            "Articles indexed",
            {"{{outcome}} {{reason}}": _by("outcome, reason", 'warta_messages_total{hop="index"}')},
            unit="cps",
        ),
    ),
)
LATE = Row(
    "How late is it?",
    (
        Panel(
            "Freshness, median",
            {"{{leg}}": _quantile(0.5, "warta_freshness_seconds_bucket", "leg")},
            unit="s",
            about="Of articles indexed for the first time; what publishers say of the first leg may be wrong",
        ),
        Panel(
            "Freshness, 95 of 100",
            {"{{leg}}": _quantile(0.95, "warta_freshness_seconds_bucket", "leg")},
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
            {"{{hop}}": _quantile(0.95, "warta_batch_seconds_bucket", "hop")},
            "s",
        ),
        Panel(
            "Time of a fetch, 95 of 100", {"fetch": _quantile(0.95, "warta_fetch_seconds_bucket")}, unit="s"
        ),
        Panel(
            "Polls begin late, 95 of 100",
            {"poll": _quantile(0.95, "warta_poll_drift_seconds_bucket")},
            unit="s",
        ),
    ),
)
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
            {"{{hop}} {{outcome}}": _by("hop, outcome", "warta_messages_total")},
            unit="cps",
        ),
        Panel(
            "Trouble, by reason",
            {
                "{{hop}} {{outcome}} {{reason}}": _by(
                    "hop, outcome, reason", 'warta_messages_total{outcome=~"dead|retry|superseded"}'
                )
                + " or vector(0)"
            },
            unit="cps",
        ),
        Panel("Taken over from other workers", {"{{hop}}": _by("hop", "warta_reclaimed_total")}, unit="cps"),
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
        Panel("Polls", {"{{outcome}}": _by("outcome", "warta_polls_total")}, unit="cps"),
        Panel("Overdue", {"feeds": "max(warta_feeds_overdue)"}),
        Panel("Most overdue", {"seconds": "max(warta_feeds_longest_overdue_seconds)"}, unit="s", warn=1_800),
    ),
)
CAPACITY = Row(
    "Is there room?",
    (
        Panel(
            "CPU of a replica",
            {"{{job}} {{instance}}": f"rate(process_cpu_seconds_total[{RATE}])"},
            "percentunit",
        ),
        Panel("Memory of a replica", {"{{job}} {{instance}}": "process_resident_memory_bytes"}, unit="bytes"),
        Panel("Messages in flight", {"{{hop}}": "sum by (hop) (warta_messages_in_flight)"}),
        Panel(
            "Enrichment, CPU by step",
            {"{{step}}": _by("step", "warta_enrich_step_seconds_total")},
            "percentunit",
        ),
        Panel(
            "Redis, memory",
            {"used": "max(redis_memory_used_bytes)", "limit": "max(redis_memory_max_bytes)"},
            unit="bytes",
        ),
        Panel(
            "Elasticsearch, disk left",
            {
                "{{name}}": "elasticsearch_filesystem_data_available_bytes"
                " / elasticsearch_filesystem_data_size_bytes"
            },
            unit="percentunit",
        ),
        Panel(
            "Messages in a batch, median", {"{{hop}}": _quantile(0.5, "warta_batch_messages_bucket", "hop")}
        ),
        Panel(
            "Elasticsearch, heap",
            {"{{name}}": 'elasticsearch_jvm_memory_used_bytes{area="heap"}'},
            unit="bytes",
        ),
        Panel(
            "Releases",
            {"{{service}} {{version}}": "count by (service, version) (warta_build_info)"},
            stat=True,
        ),
    ),
)
ROWS = (ARRIVING, LATE, STUCK, FEEDS, CAPACITY)
