"""Reading the dead letters, and putting one back where it came from."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

from pydantic import ValidationError

from warta_shared.delivery import scripts
from warta_shared.delivery.client import Redis
from warta_shared.delivery.names import DEAD, STREAMS, Partition, partitions, stream
from warta_shared.events import DeadLetter

PAGE = 500
FILED_ID = re.compile(r"([0-9]{1,20}-[0-9]{1,20})(?:@([0-9]{1,5}))?")


@dataclass(frozen=True, slots=True)
class Filed:
    """A dead letter as it lies in its stream; `id` is `<entry id>` or `<entry id>@<partition>`."""

    entry_id: str
    partition: Partition
    letter: DeadLetter | None

    @property
    def id(self) -> str:
        """What commands call it."""
        return self.entry_id if self.partition is None else f"{self.entry_id}@{self.partition}"


async def dead_letters(redis: Redis, count: int) -> AsyncIterator[Filed]:
    """All of them, partition by partition, oldest first; `letter` is None where it cannot be read."""
    for partition in partitions(count):
        first = "-"
        while page := await redis.xrange(stream(DEAD, partition), first, "+", count=PAGE):
            for entry_id, fields in page:
                yield Filed(entry_id.decode(), partition, _letter(fields))
            first = f"({page[-1][0].decode()}"


async def number(redis: Redis, count: int) -> int:
    """How many there are, over all partitions."""
    return sum([await redis.xlen(stream(DEAD, partition)) for partition in partitions(count)])


async def find(redis: Redis, filed_id: str) -> Filed | None:
    """The dead letter of that id, None when there is none."""
    named = FILED_ID.fullmatch(filed_id)
    if not named:
        return None
    entry_id, partition = named[1], None if named[2] is None else int(named[2])
    for found_id, fields in await redis.xrange(stream(DEAD, partition), entry_id, entry_id):
        return Filed(found_id.decode(), partition, _letter(fields))
    return None


async def replay(redis: Redis, filed: Filed) -> bool:
    """Put the original entry back at the end of its stream and drop the letter; False when it was gone."""
    if filed.letter is None:
        raise ValueError(f"dead letter {filed.id} cannot be read")
    fields: list[str | bytes] = []
    for name, value in filed.letter.original.items():
        fields += [name.encode("latin-1", "replace"), value]
    keys = [stream(DEAD, filed.partition), stream(filed.letter.stream, filed.partition)]
    return bool(await scripts.run(redis, "replay", keys, [filed.entry_id, *fields]))


def _letter(fields: dict[bytes, bytes]) -> DeadLetter | None:
    """None also where it names a stream that is not ours: nothing is put there."""
    try:
        letter = DeadLetter.model_validate_json(fields.get(b"body", b""))
    except ValidationError:
        return None
    return letter if letter.stream in STREAMS else None
