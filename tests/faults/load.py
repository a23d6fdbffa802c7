"""Pushers that never give up: each batch is sent until the API has accepted it."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from faults.ledger import Article, Ledger

# A service that is killed again and again is started after some seconds, and may be killed before it serves.
PATIENCE_SECONDS = 180
ANSWER_SECONDS = 5
COME_BACK = frozenset({409, 429, 502, 503, 504})


def patience() -> float:
    """Seconds that a batch may take; more where a server is away for long on purpose."""
    return PATIENCE_SECONDS + float(os.environ.get("FAULTS_OUTAGE") or 0)


@dataclass(frozen=True)
class Pusher:
    """Where to push, and with which key. `addresses` are asked for anew each time: replicas come and go."""

    addresses: Callable[[], list[str]]
    key: str
    ledger: Ledger

    def push(self, articles: list[Article], tell: Callable[[str], None] = lambda _what: None) -> None:
        """Until it is accepted; `tell` hears `unanswered` and `refused`."""
        deadline = time.monotonic() + patience()
        while time.monotonic() < deadline:
            try:
                answer = self._post(articles)
            except (httpx.HTTPError, IndexError):
                tell("unanswered")
            else:
                if answer.status_code == 202:
                    self.ledger.accept(answer.json()["results"], articles)
                    return
                assert answer.status_code in COME_BACK, answer.text
                tell("refused")
            time.sleep(0.1)
        raise AssertionError(f"a batch was refused for {patience():.0f} s")

    def _post(self, articles: list[Article]) -> httpx.Response:
        return httpx.post(
            f"{random.choice(self.addresses())}/v1/articles",
            json=articles,
            headers={"authorization": f"Bearer {self.key}"},
            timeout=ANSWER_SECONDS,
            trust_env=False,
        )


@dataclass(frozen=True)
class Traffic:
    """Batches of `size` new articles and `edits` new versions, `pause` seconds apart.

    `late`: one batch in so many is pushed again by another pusher at the same time, or some batches later.
    """

    size: int = 10
    edits: int = 3
    pause: float = 0.1
    late: int = 0


class Load(threading.Thread):
    """Traffic until `finish` is called."""

    def __init__(self, pusher: Pusher, traffic: Traffic | None = None) -> None:
        super().__init__(daemon=True)
        self._pusher = pusher
        self._traffic = traffic or Traffic()
        self._finish = threading.Event()
        self._earlier: list[list[Article]] = []
        self._late: list[threading.Thread] = []
        self.told = {"unanswered": 0, "refused": 0}
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            while not self._finish.is_set():
                batch = self._pusher.ledger.next_batch(self._traffic.size, self._traffic.edits)
                self._push_late(batch)
                self._push(batch)
                time.sleep(self._traffic.pause)
        except BaseException as error:
            self.error = error

    def finish(self) -> None:
        """Stop after the batches in hand have been accepted; raises what stopped the load before."""
        self._finish.set()
        for pushing in (self, *self._late):
            pushing.join(patience())
            assert not pushing.is_alive(), "the last batch was never accepted"
        if self.error:
            raise self.error

    def _push(self, batch: list[Article]) -> None:
        try:
            self._pusher.push(batch, self._hear)
        except BaseException as error:
            self.error = error

    def _hear(self, what: str) -> None:
        self.told[what] += 1

    def _push_late(self, batch: list[Article]) -> None:
        """This batch or an earlier one once more, beside the main stream of pushes."""
        self._earlier = [*self._earlier[-4:], batch]
        chance = random.Random(f"{self._pusher.ledger.seed}/{len(self._pusher.ledger.sent)}")
        if not self._traffic.late or chance.randrange(self._traffic.late):
            return
        repeated = self._pusher.ledger.again(chance.choice(self._earlier))
        self._late.append(threading.Thread(target=self._push, args=(repeated,), daemon=True))
        self._late[-1].start()
