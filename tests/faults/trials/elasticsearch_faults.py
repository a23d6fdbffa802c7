"""Rows about Elasticsearch: away, slow, full, strict; no article may be a dead letter for it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from faults.rig.bulk_proxy import Trouble
from faults.trials.messages import foreign, put_enriched
from faults.trials.trial import Row, Trial
from waiting import eventually


def killed(trial: Trial) -> None:
    """SIGKILL, then a start on the same files."""
    server = trial.rig.ground.elasticsearch
    server.kill()
    time.sleep(0.5)
    server.start()


def paused(trial: Trial) -> None:
    """SIGSTOP for longer than a batch may take."""
    pid = trial.rig.ground.elasticsearch.pid
    os.kill(pid, signal.SIGSTOP)
    time.sleep(trial.chance.uniform(2.0, 4.0))
    os.kill(pid, signal.SIGCONT)


def troubled(trial: Trial, trouble: Trouble, seconds: float = 2.5) -> None:
    """Some seconds of it, and until something has met it."""
    bulk = trial.rig.ground.bulk
    met = bulk.met
    bulk.trouble = trouble
    time.sleep(seconds)
    if not trouble.delay:
        eventually(lambda: bulk.met > met, 20, what="something that meets the trouble")
    bulk.trouble = None


def read_only(trial: Trial) -> None:
    """The block that Elasticsearch puts on every index when the disk is nearly full."""

    def block(value: Any) -> None:
        settings = {"index.blocks.read_only_allow_delete": value}
        trial.rig.ground.ask("PUT", "/articles/_settings", settings).raise_for_status()

    block(True)
    time.sleep(2.5)
    block(None)


def conflict(trial: Trial) -> None:
    """Events that the mapping does not take, among those that it takes: only they are dead letters."""
    strangers = put_enriched(trial, 5, lambda event: event["source"].update(evil=1))
    trial.after.append(lambda: foreign(trial, strangers))


TROUBLES = {
    "429 for a request": Trouble(request=429, share=0.7),
    "503 for a request": Trouble(request=503),
    "no answer": Trouble(hang=True, share=0.7),
    "slow": Trouble(delay=0.9, share=0.0),
    "reply lost after the work": Trouble(reply_lost=True, share=0.7),
    "429 for items": Trouble(item=429, share=0.5),
    "503 for items": Trouble(item=503, share=0.5),
}
FAULTS: dict[str, Callable[[Trial], None]] = {
    "killed": killed,
    "paused": paused,
    "read-only": read_only,
    "mapping conflict": conflict,
    **{name: partial(troubled, trouble=trouble) for name, trouble in TROUBLES.items()},
}
ROWS = [Row(f"Elasticsearch {name}", "one", fault) for name, fault in FAULTS.items()]
