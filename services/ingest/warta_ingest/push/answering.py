"""Trouble with Redis as an answer."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from redis.exceptions import RedisError

from warta_ingest.push.problem import Problem
from warta_ingest.registry.publisher import CallerGone, TooBusy
from warta_shared.delivery.publish import NotReplicated

log = logging.getLogger(__name__)

AGAIN_SECONDS = 5.0


@contextmanager
def answering() -> Iterator[None]:
    """Turn trouble with Redis into Problem 503."""
    try:
        yield
    except (RedisError, OSError, NotReplicated, TooBusy, CallerGone) as error:
        log.warning("push-not-stored", extra={"error": f"{type(error).__name__}: {error}"[:300]})
        detail = "Not stored, or only in part; send the same again: nothing is published twice."
        raise Problem(503, detail, retry_after=AGAIN_SECONDS) from error
