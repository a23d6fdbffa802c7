"""Every name that Warta uses in Elasticsearch. Apps read `articles`; the indexer writes `articles-write`."""

READ_ALIAS = "articles"
WRITE_ALIAS = "articles-write"
FIRST_INDEX = "articles-v1"
INDEX_PATTERN = "articles-v*"
ALL_PATTERN = "articles*"

TEMPLATE = "warta-articles"
SETTINGS_COMPONENT = "warta-articles-settings"
MAPPINGS_COMPONENT = "warta-articles-mappings"
