"""A pusher that never gives up: it sends each batch until the API has accepted it."""

from __future__ import annotations

import threading
import time

import httpx

from faults.ledger import Ledger

# A service that is killed again and again is started after up to 30 seconds, and may be killed before it serves.
PATIENCE_SECONDS = 180


class Load(threading.Thread):
    """Pushes batches of `size` articles, `pause` seconds apart, until `finish` is called."""

    def __init__(self, url: str, key: str, ledger: Ledger, *, size: int = 10, pause: float = 0.1) -> None:
        super().__init__(daemon=True)
        self._url = url
        self._headers = {"authorization": f"Bearer {key}"}
        self._ledger = ledger
        self._size = size
        self._pause = pause
        self._finish = threading.Event()
        self.unanswered = 0
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            while not self._finish.is_set():
                self._push(self._ledger.next_batch(self._size))
                time.sleep(self._pause)
        except BaseException as error:
            self.error = error

    def finish(self) -> None:
        """Stop after the batch in hand has been accepted; raises what stopped the load before."""
        self._finish.set()
        self.join(PATIENCE_SECONDS)
        if self.error:
            raise self.error
        assert not self.is_alive(), "the last batch was never accepted"

    def _push(self, articles: list[dict[str, object]]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                answer = httpx.post(
                    f"{self._url}/v1/articles",
                    json=articles,
                    headers=self._headers,
                    timeout=5,
                    trust_env=False,
                )
            except httpx.HTTPError:
                self.unanswered += 1
            else:
                if answer.status_code == 202:
                    self._ledger.accept(answer.json()["results"], articles)
                    return
                assert answer.status_code == 503, answer.text
            time.sleep(0.1)
        raise AssertionError("a batch was refused for three minutes")
