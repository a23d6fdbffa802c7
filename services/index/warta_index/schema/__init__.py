"""What Elasticsearch is told about articles: names, settings, analysis, mappings, templates."""

from warta_index.schema.names import FIRST_INDEX, READ_ALIAS, READ_FILTER, WRITE_ALIAS

__all__ = ["FIRST_INDEX", "READ_ALIAS", "READ_FILTER", "WRITE_ALIAS"]
