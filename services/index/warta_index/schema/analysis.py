"""How text becomes words.

`neutral` serves every language and keeps words as they stand: lower case, accents folded. Stems come from
Elasticsearch's own `english` analyzer and, for Indonesian, from rules of our own, each on the fields of its language
only: a stemmer run on the wrong language costs as much and finds nonsense.
"""

from __future__ import annotations

from typing import Any

from warta_index.schema import indonesian

NEUTRAL = "neutral"
INDONESIAN = "indonesian_stems"
STEMMERS = {"id": INDONESIAN, "en": "english"}
"""Language code (the first part of BCP-47) and the analyzer of its stems."""


def analysis() -> dict[str, Any]:
    """The `analysis` part of the index settings."""
    filters = indonesian.filters()
    return {
        "analyzer": {
            NEUTRAL: {"type": "custom", "tokenizer": "standard", "filter": ["lowercase", "asciifolding"]},
            INDONESIAN: {"type": "custom", "tokenizer": "standard", "filter": ["lowercase", *filters]},
        },
        "filter": filters,
    }
