"""A connection to Redis for a command, with the errors that a person can act upon."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from redis.exceptions import AuthenticationError, NoPermissionError, RedisError, ResponseError

from warta_shared.cli.failure import PROBLEM, UNREACHABLE, USAGE, fail, read_settings
from warta_shared.delivery.address import InvalidRedisUrl
from warta_shared.delivery.client import Redis, opened
from warta_shared.settings import RedisSettings

AnswerT = TypeVar("AnswerT")
ADVICE = "Is Redis running, and is WARTA_REDIS_URL right? (`warta local status`)"


def with_redis(work: Callable[[Redis, RedisSettings], Awaitable[AnswerT]]) -> AnswerT:
    """Run `work` with a connection; exits with 2 or 3 and advice where that fails."""
    settings = read_settings(RedisSettings)
    try:
        return asyncio.run(_run(settings, work))
    except InvalidRedisUrl as error:
        fail(USAGE, str(error))
    except (AuthenticationError, NoPermissionError) as error:
        fail(PROBLEM, f"Redis refused: {error}", "Is this the operator's user and password?")
    except ResponseError as error:
        fail(UNREACHABLE, f"Redis answered: {error}", "`warta doctor` looks for what is wrong with it.")
    except (RedisError, OSError) as error:
        fail(UNREACHABLE, f"no answer from Redis: {error}", ADVICE)


async def _run(
    settings: RedisSettings, work: Callable[[Redis, RedisSettings], Awaitable[AnswerT]]
) -> AnswerT:
    async with opened(settings) as redis:
        return await work(redis, settings)
