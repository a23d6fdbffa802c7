"""What `warta doctor` sees of Elasticsearch: whether it answers, version, room, what `warta setup` would change."""

from __future__ import annotations

from typing import Any

from warta_index.connection import Connection, Reply, UnreachableError
from warta_index.credentials import administrator
from warta_index.schema import READ_ALIAS
from warta_index.settings import SetupSettings
from warta_index.setup import PartReport, State, check, plan
from warta_shared.doctor.finding import Finding, Level, by_watermarks, failed, graded, ok, skipped, warn

OLDEST, NEWEST = 8, 9
"""Major versions that Warta is made for."""
GIB = 1024**3
ADMIN_ADVICE = "only an administrator may look: docker compose run --rm admin warta doctor"
SET_UP = "warta setup; where that ends with 4, warta reindex"
UNAUTHORIZED = 401


async def examine() -> list[Finding]:
    """What the user at hand may see; the rest is skipped."""
    settings = SetupSettings()
    if not (
        settings.elasticsearch_password
        or settings.elasticsearch_api_key
        or settings.elasticsearch_api_key_file
    ):
        return [skipped("elasticsearch", "neither WARTA_ELASTICSEARCH_API_KEY nor _PASSWORD is set")]
    try:
        async with Connection(settings, administrator(settings)) as connection:
            return await _findings(connection, settings)
    except UnreachableError as error:
        advice = "Is it running, and is WARTA_ELASTICSEARCH_URL right?"
        return [failed("elasticsearch", f"no answer: {error}", advice, unreachable=True)]


async def _findings(connection: Connection, settings: SetupSettings) -> list[Finding]:
    articles = articles_finding(await connection.ask("GET", f"/{READ_ALIAS}/_count"))
    if settings.elasticsearch_password is None:
        return [articles, skipped("cluster", ADMIN_ADVICE), skipped("set-up", ADMIN_ADVICE)]
    nodes = (await connection.ask("GET", "/_nodes?filter_path=nodes.*.version")).json()["nodes"]
    found = [version_finding(sorted({node["version"] for node in nodes.values()})), articles]
    found.append(health_finding((await connection.ask("GET", "/_cluster/health")).json()))
    stats = (await connection.ask("GET", "/_nodes/stats/fs,jvm,breaker")).json()
    for node in stats["nodes"].values():
        found += [
            disk_finding(node["name"], node["fs"]["total"]),
            heap_finding(node["name"], node["jvm"]["mem"]),
        ]
    return found + drift_findings(await check(connection, plan(settings, None)))


def articles_finding(reply: Reply) -> Finding:
    """Of the answer to a count through the alias that apps read."""
    if reply.ok:
        return ok("articles", f"{reply.json()['count']:,} in the index")
    if reply.status == UNAUTHORIZED:
        return failed(
            "articles", "Elasticsearch knows neither this user nor key", "warta setup --rotate-keys"
        )
    return failed("articles", f"status {reply.status}: {reply.error()[1]}"[:200], "warta setup")


def version_finding(versions: list[str]) -> Finding:
    """Of the versions of all nodes."""
    majors = [int(version.partition(".")[0]) for version in versions]
    advice = f"Warta is made for {OLDEST}.x and {NEWEST}.x."
    return graded(
        "version", ", ".join(versions), advice, fails=min(majors) < OLDEST, warns=max(majors) > NEWEST
    )


def health_finding(health: dict[str, Any]) -> Finding:
    """Green and yellow write and answer; red lacks articles."""
    nodes = health["number_of_nodes"]
    says = f"{health['status']}, nodes: {nodes}, shards without a place: {health['unassigned_shards']}"
    if health["status"] == "yellow" and nodes > 1:
        return warn("cluster", says, "A copy is missing: GET /_cluster/allocation/explain tells why.")
    advice = "GET /_cluster/allocation/explain tells why; `warta restore` if a disk is lost."
    return graded("cluster", says, advice, fails=health["status"] == "red", warns=False)


def disk_finding(node: str, total: dict[str, int]) -> Finding:
    """Of a node's `fs.total`."""
    size, free = total["total_in_bytes"], total["available_in_bytes"]
    used = 1 - free / size
    says = f"{node}: {free / GIB:.1f} of {size / GIB:.1f} GiB free ({used:.0%} used)"
    return by_watermarks("disk", says, "Free space or add a disk: writing stops at 95 %.", used)


def heap_finding(node: str, memory: dict[str, int]) -> Finding:
    """Over 90 % all the time it has too little."""
    used = memory["heap_used_percent"]
    says = f"{node}: {used} % of {memory['heap_max_in_bytes'] / GIB:.2f} GiB heap"
    return graded("heap", says, "Raise ELASTICSEARCH_MEMORY if it stays so.", fails=False, warns=used > 90)


def drift_findings(reports: list[PartReport]) -> list[Finding]:
    """What `warta setup --check` finds: templates, index, aliases and roles."""
    differing = [report for report in reports if report.state is State.DIFFERS]
    found = [
        Finding("set-up", Level.WARN, f"{r.kind} {r.name}: {'; '.join(r.differences)}"[:300], SET_UP)
        for r in differing
    ]
    return found or [ok("set-up", f"{len(reports)} parts are as this release wants them")]
