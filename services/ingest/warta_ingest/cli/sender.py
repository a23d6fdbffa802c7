"""Batches of articles to the push API; waits and repeats while that helps."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import httpx
import orjson

from warta_shared.cli.failure import PROBLEM, UNREACHABLE

PATH = "/v1/articles"
NDJSON = {"content-type": "application/x-ndjson"}
ARTICLES_A_REQUEST = 100
BYTES_A_REQUEST = 4_000_000
DEFAULT_WAIT = 5.0
LONGEST_WAIT = 60.0
FIRST_REPEAT = 0.5
ADDRESS_ADVICE = "Is ingest running, and is WARTA_INGEST_URL right? (`warta local status`)"
KEY_ADVICE = "Is WARTA_PUSH_KEY (or WARTA_PUSH_KEY_FILE) the key of this installation?"


class NotSent(Exception):
    """The API did not take a batch; `code` is the exit code for it, `advice` what to do."""

    def __init__(self, code: int, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.advice = advice


class Busy(NotSent):
    """It may take the batch in `wait` seconds (0: it did not say)."""

    def __init__(self, message: str, advice: str, wait: float = 0.0) -> None:
        super().__init__(UNREACHABLE, message, advice)
        self.wait = wait


def batches(articles: Iterable[Any]) -> Iterator[list[bytes]]:
    """The articles as lines of NDJSON, in requests of bounded count and size; a larger article goes alone."""
    batch: list[bytes] = []
    size = 0
    for article in articles:
        line = orjson.dumps(article)
        if batch and size + len(line) > BYTES_A_REQUEST:
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += len(line) + 1
        if len(batch) == ARTICLES_A_REQUEST:  # at once: the next article may be long in coming
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


class Sender:
    """`patience`: for how many seconds a batch is sent again while the API is busy or away."""

    def __init__(
        self,
        client: httpx.Client,
        patience: float,
        tell: Callable[[str], None],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._patience = patience
        self._tell = tell
        self._sleep = sleep
        self._answered = False

    def send(self, batch: Sequence[bytes]) -> list[dict[str, Any]]:
        """The results, one an article; raises NotSent. Repeating is harmless: nothing is published twice."""
        left, repeat = self._patience, FIRST_REPEAT
        while True:
            try:
                return self._send(batch)
            except Busy as busy:
                wait = busy.wait or repeat
                if wait > left:
                    raise
                self._tell(f"{busy}; again in {wait:g} s")
            self._sleep(wait)
            left -= wait
            repeat = min(repeat * 2, LONGEST_WAIT)

    def _send(self, batch: Sequence[bytes]) -> list[dict[str, Any]]:
        answer = self._post(batch)
        content = _content(answer)
        if "results" in content:
            return list(content["results"])
        if answer.status_code == 413 and len(batch) > 1:
            half = len(batch) // 2
            return self.send(batch[:half]) + [_shifted(result, half) for result in self.send(batch[half:])]
        detail = f"{answer.status_code}: {content.get('detail', 'this is no answer of the push API')}"
        if answer.status_code in {429, 503}:
            raise Busy(detail, "Its log says why.", retry_after(answer))
        raise NotSent(PROBLEM, detail, KEY_ADVICE if answer.status_code == 401 else "")

    def _post(self, batch: Sequence[bytes]) -> httpx.Response:
        try:
            answer = self._client.post(PATH, content=b"\n".join(batch), headers=NDJSON)
        except httpx.HTTPError as error:
            message = f"no answer from {self._client.base_url}: {str(error) or type(error).__name__}"
            if not self._answered and isinstance(error, httpx.ConnectError):
                raise NotSent(UNREACHABLE, message, ADDRESS_ADVICE) from error
            raise Busy(message, ADDRESS_ADVICE) from error
        self._answered = True
        return answer


def retry_after(answer: httpx.Response) -> float:
    """Seconds to wait; a date or nonsense counts as a few."""
    value = answer.headers.get("retry-after", "")
    return min(float(value), LONGEST_WAIT) if re.fullmatch(r"\d{1,6}", value, re.ASCII) else DEFAULT_WAIT


def _content(answer: httpx.Response) -> dict[str, Any]:
    try:
        content = answer.json()
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _shifted(result: dict[str, Any], places: int) -> dict[str, Any]:
    return {**result, "index": result["index"] + places}
