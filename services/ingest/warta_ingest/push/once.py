"""Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-07): a repeated request gets the first one's answer.

Pushing the same again publishes nothing twice by itself. But a request that is repeated late, after the article was
pushed anew, would bring the older version back; with a key it does not.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Awaitable, Callable

import orjson
from starlette.responses import Response

from warta_ingest.push.answering import answering
from warta_ingest.push.keys import Holder
from warta_ingest.push.problem import Problem
from warta_shared.delivery.client import Redis
from warta_shared.delivery.names import key

HEADER = "idempotency-key"
REPLAYED = "Idempotency-Replayed"
# A request that is being answered holds its key for this long, should its replica die.
CLAIM_SECONDS = 60
AGAIN_SECONDS = 2.0
FINGERPRINT_BYTES = 16
# A structured string (RFC 9651), or the same without its quotes as most clients send it.
_KEY = re.compile(r'"?([\x21\x23-\x5b\x5d-\x7e]{1,255})"?')


class Once:
    """Answers in Redis by holder and key, for `seconds`."""

    def __init__(self, redis: Callable[[], Redis], seconds: float) -> None:
        self._redis = redis
        self._seconds = seconds

    async def answer(
        self, holder: Holder, given: str | None, body: bytes, work: Callable[[], Awaitable[Response]]
    ) -> Response:
        """What `work` answers, or has answered to the same key and body before; without a key always `work`'s.

        Raises what `work` raises, and Problem 400 for a key that is none, 409 while the first is being answered,
        422 when another body came with this key, 503.
        """
        if given is None:
            return await work()
        place, fingerprint = _place(holder, given), hashlib.sha256(body).digest()[:FINGERPRINT_BYTES]
        with answering():
            held = await self._redis().set(place, fingerprint, nx=True, ex=CLAIM_SECONDS, get=True)
        if held:
            return _replayed(held, fingerprint)
        return await self._first(place, fingerprint, work)

    async def _first(
        self, place: str, fingerprint: bytes, work: Callable[[], Awaitable[Response]]
    ) -> Response:
        try:
            response = await work()
        except Problem as problem:
            if not problem.decided:
                await self._forget(place)
                raise
            response = problem.response()
        except Exception:
            await self._forget(place)
            raise
        with answering():
            kept = fingerprint + _packed(response)
            await self._redis().set(place, kept, px=max(1, int(self._seconds * 1000)))
        return response

    async def _forget(self, place: str) -> None:
        with answering():
            await self._redis().delete(place)


def _place(holder: Holder, given: str) -> str:
    match = _KEY.fullmatch(given.strip())
    if not match:
        raise Problem(400, "Idempotency-Key must be 1 to 255 visible ASCII characters.")
    return key("push-once", None, hashlib.sha256(f"{holder.id}\n{match[1]}".encode()).hexdigest()[:32])


def _replayed(held: bytes, fingerprint: bytes) -> Response:
    if held[:FINGERPRINT_BYTES] != fingerprint:
        raise Problem(422, "This Idempotency-Key came with another body before; use a new one.")
    if len(held) == FINGERPRINT_BYTES:
        raise Problem(409, "The first request with this key is being answered.", retry_after=AGAIN_SECONDS)
    return _unpacked(held[FINGERPRINT_BYTES:])


def _packed(response: Response) -> bytes:
    head = orjson.dumps([response.status_code, response.headers["content-type"]])
    return zlib.compress(head + b"\n" + bytes(response.body))


def _unpacked(packed: bytes) -> Response:
    head, _, body = zlib.decompress(packed).partition(b"\n")
    status, media_type = orjson.loads(head)
    return Response(body, status, headers={"content-type": media_type, REPLAYED: "true"})
