"""Every name that Warta uses in Elasticsearch. Apps read `articles`; the indexer writes `articles-write`.

The canary is written and compared like any article, but `articles` does not show it: no reader asked for it.

While one index takes the place of another (`warta reindex`), the indexer writes to `articles-mirror` as well.
"""

from warta_shared.canary import SOURCE as CANARY_SOURCE

READ_ALIAS = "articles"
READ_FILTER = {"bool": {"must_not": [{"term": {"source.id": {"value": CANARY_SOURCE}}}]}}
WRITE_ALIAS = "articles-write"
MIRROR_ALIAS = "articles-mirror"
INDEX_PREFIX = "articles-v"
FIRST_INDEX = f"{INDEX_PREFIX}1"
INDEX_PATTERN = f"{INDEX_PREFIX}*"
ALL_PATTERN = "articles*"

TEMPLATE = "warta-articles"
SETTINGS_COMPONENT = "warta-articles-settings"
MAPPINGS_COMPONENT = "warta-articles-mappings"
