"""articles.enriched -> index -> Elasticsearch."""

from __future__ import annotations

from warta_index.canary import CanaryWatch
from warta_index.connection import Connection
from warta_index.credentials import api_key
from warta_index.handler import IndexHandler
from warta_index.mirror import Mirror
from warta_index.settings import IndexSettings
from warta_index.writer import BulkLimits, BulkWriter
from warta_shared.delivery.broker import make_broker
from warta_shared.delivery.delivery import Delivery
from warta_shared.delivery.hop import INDEX
from warta_shared.service import Service


def build_service(settings: IndexSettings) -> Service:
    """The index service. Two readers: while one batch waits for Elasticsearch, the next is on its way."""
    connection = Connection(settings, api_key(settings))
    writer = BulkWriter(connection, BulkLimits.of(settings), mirror=Mirror(connection))
    canary = CanaryWatch(connection)
    broker = make_broker(settings)
    delivery = Delivery(broker, INDEX, IndexHandler(writer, canary), settings)
    service = Service("index", broker, [delivery], settings, readers=2, resources=[connection, canary])

    async def elasticsearch() -> str:
        return f"{writer.trouble.reason}: {writer.trouble.detail}" if writer.trouble else ""

    service.health.add_condition("elasticsearch", elasticsearch)
    return service
