"""Every row of the fault matrix, and the kinds of Redis that they are for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from faults.rig.cluster import Cluster
from faults.rig.ground import Ground
from faults.rig.places import OneServer, Place
from faults.rig.replicas import Sentinels, WithReplica
from faults.rig.special_servers import OnTmpfs, Synced
from faults.trials import (
    clusters,
    elasticsearch_faults,
    messages,
    network,
    outages,
    power_cuts,
    processes,
    redis_faults,
)
from faults.trials.trial import Row
from warta_local.processes.ports import free_port

SUBJECTS = (
    processes,
    redis_faults,
    power_cuts,
    elasticsearch_faults,
    network,
    messages,
    outages,
    clusters,
)
ROWS: dict[str, Row] = {row.slug: row for subject in SUBJECTS for row in subject.ROWS}

PLACES: dict[str, Callable[[Ground], Place]] = {
    "one": lambda ground: OneServer(_folder(ground), ground.thread, ground.acl_file),
    "valkey": lambda ground: OneServer(_folder(ground), ground.thread, ground.acl_file, "valkey"),
    "synced": lambda ground: Synced(_folder(ground), ground.thread, ground.acl_file, "valkey"),
    "tmpfs": lambda ground: OnTmpfs(_folder(ground) / "redis", ground.thread, ground.acl_file),
    "replica": lambda ground: WithReplica(_folder(ground), ground.thread, ground.acl_file),
    "sentinel": lambda ground: Sentinels(_folder(ground)),
    "cluster": lambda ground: Cluster(_folder(ground)),
    "cluster, no WAIT": lambda ground: Cluster(_folder(ground), given={}),
}


def _folder(ground: Ground) -> Path:
    return ground.folder.root / f"redis-{free_port()}"
