"""articles.enriched -> document -> writer -> Elasticsearch, its set-up, and search over what it holds."""
