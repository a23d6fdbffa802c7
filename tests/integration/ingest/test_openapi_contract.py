"""The push API does what its OpenAPI document says, whatever is sent to it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from schemathesis.specs.openapi.checks import negative_data_rejection

from drafts import settings
from ingest_servers import connected, serving
from warta_ingest.push.api import push_api
from warta_ingest.push.openapi import main, openapi_document
from warta_ingest.registry.publisher import ArticlePublisher
from warta_ingest.settings import IngestSettings
from warta_local.redis_server import RedisServer
from warta_shared.delivery.client import Redis
from warta_shared.secrets.push_keys import key_line, new_push_key

KEY = new_push_key()


def _api(given: IngestSettings, redis: Redis) -> FastAPI:
    async def always() -> str:
        return ""

    return push_api(given, lambda: redis, ArticlePublisher(lambda: redis, given), always)


@pytest.fixture(scope="module")
def push_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The API in a thread of its own: schemathesis is a blocking client."""
    started, finish = threading.Event(), threading.Event()
    url = ""

    async def serve(redis_url: str) -> None:
        nonlocal url
        given = settings(
            redis_url=redis_url,
            push_keys=key_line("wire", KEY),
            push_articles_per_minute=10**9,
            max_revisions_per_hour=10**6,
        )

        async with connected(given) as redis, serving(_api(given, redis)) as served:
            url = served
            started.set()
            await asyncio.to_thread(finish.wait)

    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        thread = threading.Thread(target=lambda: asyncio.run(serve(server.url)))
        thread.start()
        assert started.wait(10)
        yield url
        finish.set()
        thread.join(10)


# 422: a schema cannot say which hosts can exist, or that a title is not blank. 404: hardly any article is known.
# 400: nor which parameters go together. 409: a key that comes twice at the same moment.
CONFIG = schemathesis.Config.from_dict(
    {
        "checks": {
            "positive_data_acceptance": {
                "expected-statuses": ["200", "202", "400", "401", "404", "409", "422"]
            }
        }
    }
)
schema = schemathesis.openapi.from_dict(openapi_document(), config=CONFIG)


@schemathesis.serializer("application/x-ndjson")
def lines(_context: schemathesis.SerializationContext, value: Any) -> bytes:
    """As it comes: the document calls it a text."""
    return value.encode("utf-8", "replace") if isinstance(value, str) else orjson.dumps(value)


@schema.auth()
class Bearer:
    """The key, known to schemathesis as such: it also tries without."""

    def get(self, _case: schemathesis.Case[Any], _context: schemathesis.AuthContext) -> str:
        return KEY

    def set(self, case: schemathesis.Case[Any], data: str, _context: schemathesis.AuthContext) -> None:
        case.headers["Authorization"] = f"Bearer {data}"


@schema.parametrize()
@hypothesis_settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_one_that_the_document_promises(case: schemathesis.Case[Any], push_url: str) -> None:
    """Not checked: that all that breaks the schema is refused. Its valid neighbours in a list are taken."""
    case.call_and_validate(
        base_url=push_url,
        excluded_checks=[negative_data_rejection],
    )


def test_the_published_document_is_that_of_the_code() -> None:
    assert main(["--check", str(Path(__file__).parents[3] / "docs" / "openapi.json")]) == 0


def test_a_document_that_differs_or_is_missing_is_a_problem(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "openapi.json"
    assert main(["--check", str(file)]) == 1
    assert main(["--write", str(file)]) == 0
    assert main(["--check", str(file)]) == 0
    file.write_bytes(file.read_bytes() + b" ")
    assert main(["--check", str(file)]) == 1
    assert "--write" in capsys.readouterr().err
