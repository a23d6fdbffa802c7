"""Component templates and the index template: a new index named `articles-v*` comes out right by itself."""

from __future__ import annotations

from typing import Any

from warta_index.schema import names
from warta_index.schema.analysis import analysis
from warta_index.schema.mappings import mappings
from warta_index.settings import SchemaSettings

LONGEST_HIGHLIGHT = 2_100_000
"""UTF-16 units of the longest body (1,000,000 code points) and some: else a search that marks it fails."""

Json = dict[str, Any]


def index_settings(settings: SchemaSettings) -> Json:
    """Settings of an index of articles, without analysis."""
    return {
        "index": {
            "number_of_shards": str(settings.index_shards),
            "number_of_replicas": str(settings.index_replicas),
            "refresh_interval": settings.index_refresh_interval,
            "codec": settings.index_codec,
            "highlight": {"max_analyzed_offset": str(LONGEST_HIGHLIGHT)},
            "query": {"default_field": ["title", "summary", "body"]},
        }
    }


def component_templates(settings: SchemaSettings) -> dict[str, Json]:
    """Component templates by name, as Elasticsearch gives them back.

    Mappings bring the analysis that they name: Elasticsearch checks each component by itself.
    """
    return {
        names.SETTINGS_COMPONENT: {"template": {"settings": index_settings(settings)}},
        names.MAPPINGS_COMPONENT: {
            "template": {"settings": {"index": {"analysis": analysis()}}, "mappings": mappings()}
        },
    }


def index_template() -> Json:
    """The template that joins the components for every version of the index."""
    return {
        "index_patterns": [names.INDEX_PATTERN],
        "composed_of": [names.SETTINGS_COMPONENT, names.MAPPINGS_COMPONENT],
        "priority": 200,
    }
