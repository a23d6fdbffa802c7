"""Rows about messages: what is no message, and what kills its worker; their neighbours arrive."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from builders import raw_article
from enriched_articles import enriched_article
from faults.trials.trial import Row, Trial
from waiting import eventually
from warta_ingest.sameness import external_article_id
from warta_shared.delivery.names import ENRICHED, RAW, partition_of, stream
from warta_shared.events import Entry
from warta_shared.events.article import Source

FIRST_RELEASE = Path(__file__).with_name("first_release")
KILLER = "this text kills its worker"
# Of the killer's row: each delivery costs a restart, and pauses that double.
FEW_DELIVERIES = {"WARTA_MAX_DELIVERIES": "3"}


def poison(trial: Trial) -> None:
    """Random bytes as entries, as fields, as bodies, on both streams."""
    chance = trial.chance
    ids = [_identity() for _ in range(8)]
    for number, identity in enumerate(ids):
        body = chance.randbytes(chance.randrange(0, 400))
        fields = Entry(identity, body, observed_at=1).fields()
        if number % 3 == 0:
            fields = (b"id", identity.encode(), chance.randbytes(8), body)
        _put(trial, chance.choice((RAW, ENRICHED)), identity, fields)
    trial.after.append(lambda: foreign(trial, ids))


def killer(trial: Trial) -> None:
    """A text that takes its worker with it: after some deliveries it is a dead letter, alone."""
    trial.rig.replace("enrich", given=FEW_DELIVERIES)
    identity = _identity()
    body = raw_article(id=identity, body=KILLER).model_dump_json().encode()
    _put(trial, RAW, identity, Entry(identity, body).fields())
    eventually(
        lambda: identity in trial.rig.streams.dead_ids(), 90, what="the killer's dead letter", every=0.5
    )
    trial.rig.replace("enrich")
    trial.after.append(lambda: foreign(trial, [identity]))


def upgrade(trial: Trial) -> None:
    """What waits on the streams when this release is started was written by the first one: it arrives all the same."""
    fleet = trial.rig.fleet
    replicas = {service: len(fleet.of(service)) for service in ("enrich", "index")}
    for service in replicas:
        fleet.scale(service, 0)
    ids = [_put_of_first_release(trial, name) for name in (RAW, ENRICHED) for _ in range(5)]
    for service, number in replicas.items():
        fleet.scale(service, number)
    trial.rig.replace("ingest")
    trial.after.append(lambda: arrived(trial, ids))


def arrived(trial: Trial, ids: Iterable[str]) -> None:
    """These are documents, and no dead letters."""
    dead = trial.rig.streams.dead_ids()
    for identity in ids:
        assert identity not in dead, f"a dead letter of {identity}"
        assert trial.rig.ground.holds(identity), f"no document of {identity}"


def _put_of_first_release(trial: Trial, name: str) -> str:
    file = FIRST_RELEASE / {RAW: "raw_article.json", ENRICHED: "enriched_article.json"}[name]
    identity = _identity()
    event = json.loads(file.read_text()) | {"id": identity}
    _put(trial, name, identity, Entry(identity, json.dumps(event).encode()).fields())
    return identity


def put_enriched(trial: Trial, number: int, change: Callable[[dict[str, Any]], None]) -> list[str]:
    """Changed events onto `articles.enriched`; returns their ids."""
    ids = [_identity() for _ in range(number)]
    for identity in ids:
        event = json.loads(enriched_article(id=identity, source=Source(id="STRANGE")).model_dump_json())
        change(event)
        _put(trial, ENRICHED, identity, Entry(identity, json.dumps(event).encode()).fields())
    return ids


def foreign(trial: Trial, ids: Iterable[str]) -> None:
    """These, which are no valid articles, are dead letters, and no documents."""
    dead = trial.rig.streams.dead_ids()
    for identity in ids:
        assert dead.count(identity) == 1, f"{dead.count(identity)} dead letters of {identity}"
        assert not trial.rig.ground.holds(identity), f"a document of {identity}"


def _put(trial: Trial, name: str, identity: str, fields: tuple[bytes, ...]) -> None:
    key = stream(name, partition_of(identity, trial.rig.place.partitions))

    async def add(redis: Any) -> None:
        await redis.execute_command("XADD", key, "*", *fields)

    trial.rig.streams.ask(add)


def _identity() -> str:
    return external_article_id("STRANGE", secrets.token_hex(12))


ROWS = [
    Row("poison messages", "one", poison),
    Row("a message that kills its worker", "one", killer),
    Row("upgrade, events of the first release in flight", "one", upgrade),
]
