"""Rows about Redis of several machines: Sentinel, and a cluster of three masters with a replica each."""

from __future__ import annotations

import os
import signal
import time
from functools import partial

import redis

from faults.rig.cluster import Cluster
from faults.rig.replicas import Sentinels
from faults.trials.power_cuts import mended
from faults.trials.processes import kill_anyone
from faults.trials.trial import Row, Trial
from waiting import eventually
from warta_local.redis_server import RedisServer

WHOLE_SECONDS = 60.0
SLOTS_MOVED = 3
# A replica that is in step has what was accepted so long ago.
IN_STEP_SECONDS = 0.2


def sentinel_failover(trial: Trial) -> None:
    """SIGKILL for the master; the Sentinels name another."""
    place = trial.rig.place
    assert isinstance(place, Sentinels)
    place.kill_master()


def master_killed(trial: Trial, *, lagging: bool = False) -> None:
    """SIGKILL for a master; its replica takes over. `lagging`: the replica has stood still before.

    Where pushes wait for a replica they were refused meanwhile; else one machine alone accepted them, and what it
    accepted since then may be lost, and only that.
    """
    place = _cluster(trial)
    eventually(place.whole, WHOLE_SECONDS, what="a whole cluster", every=0.3)
    master = trial.chance.choice(place.masters())
    replica = _replica_of(place, master)
    behind_since = time.monotonic() - IN_STEP_SECONDS
    if lagging:
        os.kill(replica.pid, signal.SIGSTOP)
        time.sleep(1.5)
    master.kill()
    if lagging:
        os.kill(replica.pid, signal.SIGCONT)
    eventually(lambda: replica in place.masters(), WHOLE_SECONDS, what="the replica's promotion", every=0.2)
    master.start()
    eventually(place.whole, WHOLE_SECONDS, what="a whole cluster", every=0.3)
    if not place.given:
        trial.ledger.forget(since=behind_since)
        trial.after.append(lambda: mended(trial))


def slots_moved(trial: Trial) -> None:
    """The slots of some partitions go to another master, key by key, while they are in use."""
    place = _cluster(trial)
    eventually(place.whole, WHOLE_SECONDS, what="a whole cluster", every=0.3)
    for partition in trial.chance.sample(range(place.partitions), SLOTS_MOVED):
        _move(place, trial, f"articles.raw.{{p{partition}}}")


def _move(place: Cluster, trial: Trial, key: str) -> None:
    masters = place.masters()
    clients = {node.port: redis.Redis(port=node.port) for node in masters}
    slot = int(clients[masters[0].port].execute_command("CLUSTER KEYSLOT", key))
    owner = next(node for node in masters if _owns(clients[node.port], slot))
    target = trial.chance.choice([node for node in masters if node is not owner])
    names = {port: client.execute_command("CLUSTER MYID").decode() for port, client in clients.items()}
    clients[target.port].execute_command("CLUSTER SETSLOT", slot, "IMPORTING", names[owner.port])
    clients[owner.port].execute_command("CLUSTER SETSLOT", slot, "MIGRATING", names[target.port])
    source = clients[owner.port]
    while keys := source.execute_command("CLUSTER GETKEYSINSLOT", slot, 20):
        source.execute_command("MIGRATE", "127.0.0.1", target.port, "", 0, 5_000, "KEYS", *keys)
    for node in (target, owner, *masters):
        clients[node.port].execute_command("CLUSTER SETSLOT", slot, "NODE", names[target.port])


def _owns(client: redis.Redis, slot: int) -> bool:
    me = client.execute_command("CLUSTER MYID")
    for first, last, master, *_ in client.execute_command("CLUSTER SLOTS"):
        if first <= slot <= last:
            return bool(master[2] == me)
    return False


def _replica_of(place: Cluster, master: RedisServer) -> RedisServer:
    for node in place.cluster.nodes:
        told = redis.Redis(port=node.port).info("replication")
        if told["role"] == "slave" and told["master_port"] == master.port:
            return node
    raise AssertionError("a master without a replica")


def _cluster(trial: Trial) -> Cluster:
    place = trial.rig.place
    assert isinstance(place, Cluster)
    return place


ROWS = [
    Row("Sentinel: master killed", "sentinel", sentinel_failover),
    Row("Sentinel: kill anyone, four times", "sentinel", kill_anyone),
    Row("cluster: master killed", "cluster", master_killed),
    Row("cluster: master killed, its replica behind", "cluster", partial(master_killed, lagging=True)),
    Row(
        "cluster: master killed, its replica behind, no WAIT",
        "cluster, no WAIT",
        partial(master_killed, lagging=True),
    ),
    Row("cluster: slots moved", "cluster", slots_moved),
    Row("cluster: kill anyone, four times", "cluster", kill_anyone),
]
