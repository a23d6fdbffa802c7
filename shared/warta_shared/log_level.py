"""The log level of running services: a key in Redis that ends by itself, so that nobody forgets to turn it back."""

from __future__ import annotations

import logging

from warta_shared.delivery.client import Redis
from warta_shared.delivery.names import key
from warta_shared.settings import LEVELS

FOLLOW_SECONDS = 5.0
"""How soon every replica follows."""


def level_key(service: str) -> str:
    """Holds the level of a service as long as it differs from its settings."""
    return key("log-level", None, service)


async def follow_level(redis: Redis, service: str, usual: str) -> None:
    """Set this process's level to what the key says, to `usual` where there is none."""
    wanted = await redis.get(level_key(service))
    level = wanted.decode("ascii", "replace") if wanted else usual
    if level not in LEVELS or logging.getLogger().level == logging.getLevelName(level):
        return
    logging.getLogger().setLevel(level)
    logging.getLogger(__name__).warning("log-level", extra={"level": level, "usual": usual})
