"""The whole system for tests: one local stack a session, with short times so that failures show fast."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from trace_collector import Collector, running_collector
from warta_local.demo.run import HASTE
from warta_local.stack import LocalStack, StackOptions

FAST = {
    **HASTE,
    "WARTA_MIN_IDLE": "2",
    "WARTA_BATCH_TIMEOUT": "1.5",
    "WARTA_WRITE_DEADLINE": "1",
    "WARTA_MAX_DELIVERIES": "6",
    "WARTA_FEEDS_WATCH": "2",
}


# Seconds; as with people, half a minute would be most of the time of tests that kill.
LONGEST_PAUSE = 4.0


@dataclass(frozen=True)
class Running:
    """A running stack and how to ask it."""

    stack: LocalStack
    feeds_file: Path
    collector: Collector = field(default_factory=Collector)

    @property
    def variables(self) -> dict[str, str]:
        """What a person's commands need."""
        return self.stack.client_variables()

    @property
    def push_key(self) -> str:
        """The operator's key for the push API."""
        return Path(self.variables["WARTA_PUSH_KEY_FILE"]).read_text().strip()

    @property
    def ingest_url(self) -> str:
        """Where the push API is."""
        return self.variables["WARTA_INGEST_URL"]

    def push(self, articles: list[dict[str, Any]] | dict[str, Any]) -> httpx.Response:
        """Push articles once."""
        return httpx.post(
            f"{self.ingest_url}/v1/articles",
            json=articles,
            headers={"authorization": f"Bearer {self.push_key}"},
            timeout=10,
            trust_env=False,
        )

    def elasticsearch(
        self, method: str, path: str, content: Any = None, *, key: str | None = None
    ) -> httpx.Response:
        """Ask Elasticsearch with the operator's key, or another."""
        key = key or Path(self.variables["WARTA_ELASTICSEARCH_API_KEY_FILE"]).read_text().strip()
        return httpx.request(
            method,
            self.variables["WARTA_ELASTICSEARCH_URL"] + path,
            json=content,
            headers={"authorization": f"ApiKey {key}"},
            timeout=30,
            trust_env=False,
        )

    def documents(self, query: dict[str, Any]) -> list[dict[str, Any]]:
        """All documents that match, after a refresh by reading until they are visible."""
        found: list[dict[str, Any]] = []
        after: list[Any] | None = None
        while True:
            body = {"size": 1_000, "query": query, "sort": [{"id": "asc"}]} | (
                {"search_after": after} if after else {}
            )
            hits = (
                self.elasticsearch("POST", "/articles/_search", body)
                .raise_for_status()
                .json()["hits"]["hits"]
            )
            if not hits:
                return found
            found += [hit["_source"] for hit in hits]
            after = hits[-1]["sort"]

    def environment(self) -> dict[str, str]:
        """The environment of a command as a process."""
        return {**os.environ, **self.variables}


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Redis, Elasticsearch and the three services; a feeds file that tests may write."""
    folder = tmp_path_factory.mktemp("stack")
    feeds_file = folder / "feeds.yaml"
    feeds_file.write_text("feeds: []\n")
    with running_collector() as collector:
        environment = {
            **FAST,
            "WARTA_FEEDS_FILE": str(feeds_file),
            "WARTA_OTLP_ENDPOINT": collector.address,
            "OTEL_BSP_SCHEDULE_DELAY": "500",
        }
        options = StackOptions(folder / "data", environment=environment, longest_pause=LONGEST_PAUSE)
        with LocalStack(options) as stack:
            assert not stack.warnings, stack.warnings
            yield Running(stack, feeds_file, collector)
