"""A Redis Cluster that fails as a single server does: redis-py lets other errors out while one changes.

RedisClusterException is no RedisError, and lost nodes surface as AttributeError or IndexError (redis-py 8.1).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisClusterException, RedisError


@contextmanager
def ordinary_errors() -> Iterator[None]:
    """Raise RedisError, which callers wait for, where redis-py raises something else."""
    try:
        yield
    except (RedisClusterException, AttributeError, IndexError) as error:
        if isinstance(error.__cause__, RedisError):  # a wrong password, as one server would say it
            raise error.__cause__ from None
        raise RedisConnectionError(f"{type(error).__name__}: {error}") from error


def raise_ordinary_errors(client: Any) -> Any:
    """The cluster's client, whose commands and pipelines from now on raise nothing but RedisError and OSError."""
    make = client.pipeline

    def pipeline(*arguments: Any, **options: Any) -> Any:
        made = make(*arguments, **options)
        made.execute = _ordinary(made.execute)
        return made

    client.execute_command = _ordinary(client.execute_command)
    client.pipeline = pipeline
    return client


def _ordinary(send: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def sent(*arguments: Any, **options: Any) -> Any:
        with ordinary_errors():
            return await send(*arguments, **options)

    return sent
