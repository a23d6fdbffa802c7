"""articles.raw -> enrich -> articles.enriched."""

from __future__ import annotations

from pydantic_settings import SettingsError

from warta_enrich.backends.contract import BackendError
from warta_enrich.handler import EnrichHandler
from warta_enrich.pipeline import STEPS, Models, load_models
from warta_enrich.rows import TableError
from warta_enrich.settings import EnrichSettings
from warta_enrich.stories.joining import Stories
from warta_shared.delivery.broker import connection, make_broker
from warta_shared.delivery.delivery import Delivery
from warta_shared.delivery.hop import ENRICH
from warta_shared.service import Service
from warta_shared.telemetry import metrics


def build_service(settings: EnrichSettings) -> Service:
    """The enrich service; loads the models, so it takes a second or two."""
    for step in ("tagger", *(step.name for step in STEPS)):
        metrics.STEPS_FAILED.labels(step)  # 0 from the start, so that the first is seen as an increase
    broker = make_broker(settings)
    stories = Stories(lambda: connection(broker), settings.story_window_days * 86_400)
    handler = EnrichHandler(_models(settings), stories)
    return Service("enrich", broker, [Delivery(broker, ENRICH, handler, settings)], settings)


def _models(settings: EnrichSettings) -> Models:
    """Tables and models of the settings; one that cannot be used is a wrong setting."""
    try:
        return load_models(settings.tables_dir, settings)
    except (TableError, BackendError) as error:
        raise SettingsError(str(error)) from error
