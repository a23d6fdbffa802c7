"""Each alert as a story: what is measured minute by minute, when it is quiet, when it fires, when it is over.

Values as promtool writes them: `0x9` is ten zeros, `0+5x9` grows by five, `_` is no sample.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    """Minutes: `quiet` before, `fires` with `labels` and `summary`, `over` after."""

    alert: str
    series: dict[str, str]
    quiet: int
    fires: int
    over: int
    summary: str
    labels: dict[str, str] = field(default_factory=dict)
    about: str = ""


SERVICES = {f'up{{job="{job}",instance="1"}}': "1x90" for job in ("ingest", "enrich", "index")}


def others(job: str) -> dict[str, str]:
    return {name: values for name, values in SERVICES.items() if f'"{job}"' not in name}


CASES = [
    Case(
        "WartaServiceDown",
        others("enrich") | {'up{job="enrich",instance="1"}': "1x9 0x9 1x20"},
        quiet=9,
        fires=14,
        over=22,
        summary="No replica of enrich answers",
        labels={"job": "enrich"},
        about="none answers",
    ),
    Case(
        "WartaServiceDown",
        others("index") | {'up{job="index",instance="1"}': "1x9 _x19 1x20"},
        quiet=9,
        fires=24,
        over=32,
        summary="No replica of index answers",
        labels={"job": "index"},
        about="none is there",
    ),
    Case(
        "WartaNotReady",
        {
            'warta_ready{job="index",instance="1"}': "1x60",
            'warta_ready{job="index",instance="2"}': "1x9 0x9 1x40",
        },
        quiet=9,
        fires=16,
        over=21,
        summary="A replica of index runs and cannot do its work",
        labels={"job": "index"},
    ),
    Case(
        "WartaStuck",
        {
            'warta_oldest_unsettled_age_seconds{hop="enrich",instance="1"}': "0x9 30+60x29 0x10",
            'warta_oldest_unsettled_age_seconds{hop="fetch",instance="1"}': "5000x60",
        },
        quiet=15,
        fires=28,
        over=41,
        summary="The oldest message of enrich is 18m 30s old",
        labels={"hop": "enrich"},
    ),
    Case(
        "WartaProducersWait",
        {
            'warta_producers_wait{reason="memory",instance="1"}': "0x9 1x9 0x20",
            'warta_producers_wait{reason="backlog",instance="1"}': "0x40",
        },
        quiet=10,
        fires=17,
        over=21,
        summary="Polls and pushes wait: memory",
        labels={"reason": "memory"},
    ),
    Case(
        "WartaCanaryMissing",
        {
            'warta_canary_interval_seconds{instance="1"}': "300x90",
            'warta_canary_seconds_count{instance="2"}': "0+0.2x19 4x40 4+0.2x30",
        },
        quiet=30,
        fires=55,
        over=66,
        summary="No canary has become searchable for 25 minutes",
    ),
    Case(
        "WartaCanaryLate",
        {
            "warta_canary_seconds_count": "0+1x90",
            "warta_canary_seconds_sum": "0+2x29 60+300x29 8760+2x40",
        },
        quiet=29,
        fires=55,
        over=85,
        summary="A canary takes 5m 0s until a search finds it",
    ),
    Case(
        "WartaNewsLate",
        {
            'warta_freshness_seconds_bucket{leg="discovered-indexed",le="600"}': "0+10x29 300x60 300+10x60",
            'warta_freshness_seconds_bucket{leg="discovered-indexed",le="1200"}': "0+10x149",
            'warta_freshness_seconds_bucket{leg="discovered-indexed",le="+Inf"}': "0+10x149",
        },
        quiet=30,
        fires=80,
        over=130,
        summary="One article in twenty takes 19m 30s from its discovery to the index",
    ),
    Case(
        "WartaNoNews",
        {'warta_feeds_last_new_entry_timestamp_seconds{instance="1"}': "0+60x60 3600x420 28860+60x20"},
        quiet=400,
        fires=470,
        over=490,
        summary="No feed has brought a new entry for 6h 50m 0s",
    ),
    Case(
        "WartaFeedsFailing",
        {
            'warta_feeds{condition="ok",instance="1"}': "9x9 6x39 9x20",
            'warta_feeds{condition="failing",instance="1"}': "1x9 2x39 1x20",
            'warta_feeds{condition="gone",instance="1"}': "0x9 2x39 0x20",
        },
        quiet=9,
        fires=45,
        over=51,
        summary="40% of the feeds fail",
    ),
    Case(
        "WartaPollsLate",
        {'warta_feeds_longest_overdue_seconds{instance="1"}': "0x9 2400x19 0x10"},
        quiet=12,
        fires=25,
        over=31,
        summary="A feed has been due for 40m 0s",
    ),
    Case(
        "WartaFetchesFailing",
        {
            'warta_fetches_total{outcome="ok"}': "0+30x39 1170+6x79 1644+60x60",
            'warta_fetches_total{outcome="dns"}': "0+3x39 117+24x79 2013+3x60",
        },
        quiet=40,
        fires=115,
        over=165,
        summary="80% of the fetches fail",
    ),
    Case(
        "WartaDeadLetters",
        {"warta_dead_letters": "3x89 7x120"},
        quiet=85,
        fires=100,
        over=170,
        summary="7 dead letters, more than an hour ago",
    ),
    Case(
        "WartaEntriesLost",
        {'warta_entries_lost_total{hop="index",instance="1"}': "0x9 2x90"},
        quiet=9,
        fires=15,
        over=75,
        summary="Messages of index were deleted while they were pending",
        labels={"hop": "index"},
    ),
    Case(
        "WartaConservationBroken",
        {'warta_conservation_residual{hop="enrich",instance="1"}': "0x9 5x9 0x10"},
        quiet=9,
        fires=13,
        over=21,
        summary="5 messages of enrich were removed unread",
        labels={"hop": "enrich"},
    ),
    Case(
        "WartaGroupsLost",
        {'warta_groups_lost_total{instance="1"}': "0x9 1x90"},
        quiet=9,
        fires=12,
        over=75,
        summary="A consumer group was gone: Redis was flushed or lost its data",
    ),
    Case(
        "WartaStepsFailing",
        {'warta_enrich_steps_failed_total{step="topics"}': "0x9 0+5x19 100x90"},
        quiet=9,
        fires=25,
        over=95,
        summary="The step topics of enrichment fails",
        labels={"step": "topics"},
    ),
    Case(
        "WartaMirrorRefuses",
        {"warta_index_mirror_refused_total": "0x9 3x90"},
        quiet=9,
        fires=12,
        over=75,
        summary="The second index of a reindex refuses articles",
    ),
    Case(
        "WartaArchiveFails",
        {'warta_pages_archived_total{result="failed"}': "0x9 3x90"},
        quiet=9,
        fires=12,
        over=75,
        summary="Pages are not archived",
    ),
    Case(
        "WartaRedisDown",
        {"redis_up": "1x9 0x9 1x20"},
        quiet=9,
        fires=14,
        over=22,
        summary="Redis does not answer its exporter, or the exporter is gone",
    ),
    Case(
        "WartaRedisFull",
        {"redis_memory_used_bytes": "10x9 90x19 10x20", "redis_memory_max_bytes": "100x60"},
        quiet=9,
        fires=25,
        over=31,
        summary="Redis uses 90% of its memory",
    ),
    Case(
        "WartaElasticsearchUnwell",
        {
            'elasticsearch_cluster_health_status{color="red"}': "0x9 1x14 0x20",
            'elasticsearch_cluster_health_status{color="green"}': "1x9 0x14 1x20",
        },
        quiet=9,
        fires=18,
        over=26,
        summary="Elasticsearch is red, or does not answer its exporter",
    ),
    Case(
        "WartaElasticsearchUnwell",
        {'elasticsearch_cluster_health_status{color="green"}': "1x9 _x19 1x20"},
        quiet=9,
        fires=24,
        over=31,
        summary="Elasticsearch is red, or does not answer its exporter",
        labels={"color": "green"},
        about="its exporter is gone",
    ),
    Case(
        "WartaElasticsearchDiskFull",
        {
            "elasticsearch_filesystem_data_available_bytes": "50x9 10x19 50x20",
            "elasticsearch_filesystem_data_size_bytes": "100x60",
        },
        quiet=9,
        fires=25,
        over=31,
        summary="Elasticsearch has 10% of its disk left",
    ),
]
