"""The demonstration asks the running system as any operator would: with the operator's keys."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from warta_index.connection import Connection
from warta_index.credentials import api_key
from warta_index.settings import ElasticsearchSettings
from warta_shared.delivery.client import Redis, opened
from warta_shared.settings import RedisSettings


@dataclass(frozen=True, slots=True)
class Servers:
    """Open connections to both servers."""

    redis: Redis
    elasticsearch: Connection


@asynccontextmanager
async def open_servers(variables: Mapping[str, str]) -> AsyncIterator[Servers]:
    """Connect with the WARTA_* variables of client.env."""
    settings = ElasticsearchSettings(
        elasticsearch_url=variables["WARTA_ELASTICSEARCH_URL"],
        elasticsearch_api_key=_secret(variables["WARTA_ELASTICSEARCH_API_KEY_FILE"]),
    )
    redis_settings = RedisSettings(
        redis_url=variables["WARTA_REDIS_URL"],
        redis_username=variables["WARTA_REDIS_USERNAME"],
        redis_password=_secret(variables["WARTA_REDIS_PASSWORD_FILE"]),
    )
    async with opened(redis_settings) as redis, Connection(settings, api_key(settings)) as elasticsearch:
        yield Servers(redis, elasticsearch)


def _secret(file: str) -> SecretStr:
    return SecretStr(Path(file).read_text(encoding="utf-8").strip())
