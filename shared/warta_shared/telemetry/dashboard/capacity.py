"""Is there room?"""

from __future__ import annotations

from warta_shared.telemetry.dashboard.panel import RATE, Panel, Row, by, quantile

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
            {"{{step}}": by("step", "warta_enrich_step_seconds_total")},
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
            "Messages in a batch, median", {"{{hop}}": quantile(0.5, "warta_batch_messages_bucket", "hop")}
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
