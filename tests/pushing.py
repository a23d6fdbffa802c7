"""What tests of the push API stand on: the API under uvicorn with two keys, and a real Redis behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from drafts import settings
from ingest_servers import connected, http_client, serving, stream_bodies
from warta_ingest.push.api import push_api
from warta_ingest.registry.publisher import ArticlePublisher
from warta_ingest.settings import IngestSettings
from warta_shared.delivery.backlog import refusal
from warta_shared.delivery.client import Redis
from warta_shared.delivery.names import RAW
from warta_shared.secrets.push_keys import key_line, new_push_key

KEY, OTHER_KEY = new_push_key(), new_push_key()
PATH = "/v1/articles"
NDJSON = {"content-type": "application/x-ndjson"}


def article(number: int = 1, **given: Any) -> dict[str, Any]:
    fields = {
        "url": f"https://news.example/{number}",
        "title": f"Title {number}",
        "body": "Body.",
        "source": "S",
    }
    return fields | given


class Pushing:
    """A running push API: a client with a key, and what Redis has."""

    def __init__(self, client: httpx.AsyncClient, redis: Redis, given: IngestSettings) -> None:
        self.client = client
        self.redis = redis
        self.given = given

    async def push(self, body: Any, **options: Any) -> httpx.Response:
        return await self.client.post(PATH, json=body, **options)

    async def send(self, content: Any, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.post(
            PATH, content=content, headers={"content-type": "application/json"} | named
        )

    async def published(self) -> list[dict[str, Any]]:
        return await stream_bodies(self.redis, RAW, self.given.partitions)


@asynccontextmanager
async def pushing_to(redis_url: str, **given: Any) -> AsyncIterator[Pushing]:
    keys = f"{key_line('wire', KEY)}\n{key_line('desk', OTHER_KEY)}"
    chosen = settings(redis_url=redis_url, push_keys=keys, **given)
    async with connected(chosen) as redis:

        async def may_publish() -> str:
            return await refusal(redis, chosen)

        publisher = ArticlePublisher(lambda: redis, chosen)
        async with (
            serving(push_api(chosen, lambda: redis, publisher, may_publish)) as url,
            http_client(url, authorization=f"Bearer {KEY}") as client,
        ):
            yield Pushing(client, redis, chosen)


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The problem document of an error answer."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    content: dict[str, Any] = answer.json()
    assert content["status"] == status
    assert content["type"] == "about:blank"
    assert content["title"] and content["detail"]
    assert ("retry-after" in answer.headers) == (status in {409, 429, 503})
    return content


def results(answer: httpx.Response) -> list[tuple[str, int | None]]:
    assert answer.status_code == 202, answer.text
    told = answer.json()["results"]
    assert [result["index"] for result in told] == list(range(len(told)))
    return [(result["status"], result.get("revision")) for result in told]
