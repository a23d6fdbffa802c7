"""A real cluster as its administrator sees it, and writers and readers with their own keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import orjson

from enriched_articles import entry_of
from warta_index.connection import Connection, Reply
from warta_index.credentials import of_key
from warta_index.document import Document, build_document
from warta_index.results import ItemResult
from warta_index.settings import SetupSettings
from warta_index.setup import PartReport, State, check, install, plan
from warta_index.writer import BulkLimits, BulkWriter
from warta_shared.events import EnrichedArticle

LIMITS = BulkLimits(request_timeout=5.0, deadline=2.0)
COMPONENTS = ("warta-articles-settings", "warta-articles-mappings")
INDICES = ("/articles-v1", "/articles-v2")
TEMPLATES = (
    "/_index_template/warta-articles",
    *(f"/_component_template/{name}" for name in COMPONENTS),
)


class Server(Protocol):
    """What these tests need to know of the server."""

    url: str
    password: str


def document_of(article: EnrichedArticle) -> Document:
    return build_document(entry_of(article), datetime(2025, 11, 25, 4, 30, tzinfo=UTC))


@dataclass
class Articles:
    """The cluster as its administrator sees it, and writers and readers with their own keys."""

    settings: SetupSettings
    admin: Connection
    keys_dir: Path

    async def install(self, **changes: Any) -> list[PartReport]:
        settings = self.settings.model_copy(update=changes)
        return await install(self.admin, plan(settings, self.keys_dir))

    async def check(self, **changes: Any) -> list[PartReport]:
        settings = self.settings.model_copy(update=changes)
        reports = await check(self.admin, plan(settings, self.keys_dir))
        return [report for report in reports if report.state is not State.UNCHANGED]

    def key_file(self, reader: str) -> Path:
        return self.keys_dir / reader / "elasticsearch_api_key"

    def connect(self, reader: str) -> Connection:
        return Connection(self.settings, of_key(self.key_file(reader).read_text(encoding="utf-8")))

    async def write(self, *documents: Document | EnrichedArticle) -> list[ItemResult]:
        """With the indexer's key; what was written can be searched afterwards."""
        async with self.connect("index") as connection:
            ready = [document_of(d) if isinstance(d, EnrichedArticle) else d for d in documents]
            results = await BulkWriter(connection, LIMITS).write(ready)
        await self.ask("POST", "/articles-v1/_refresh?ignore_unavailable=true")
        return results

    async def ask(self, method: str, target: str, content: Any = None) -> Reply:
        return await self.admin.ask(method, target, content, within=30)

    async def do(self, method: str, target: str, content: Any = None) -> Any:
        reply = await self.ask(method, target, content)
        assert reply.ok, reply
        return orjson.loads(reply.body)

    async def held(self, identity: str) -> Any:
        """The document as it is held, with its version."""
        return await self.do("GET", f"/articles-v1/_doc/{identity}")

    async def remove_indices(self) -> None:
        for target in INDICES:
            assert (await self.ask("DELETE", target)).status in {200, 404}

    async def remove_everything(self) -> None:
        await self.remove_indices()
        for target in TEMPLATES:
            assert (await self.ask("DELETE", target)).status in {200, 404}
        for role in ("indexer", "reader", "exporter"):
            await self.ask("DELETE", f"/_security/role/warta_{role}")
        await self.do("PUT", "/_cluster/settings", {"persistent": {"action.auto_create_index": None}})
