"""How text becomes words.

`neutral` serves every language and keeps words as they stand: lower case, accents folded. Stems come from
Elasticsearch's own `indonesian` and `english` analyzers, each on the fields of its language only: a stemmer
run on the wrong language costs as much and finds nonsense.
"""

from __future__ import annotations

from typing import Any

NEUTRAL = "neutral"
STEMMERS = {"id": "indonesian", "en": "english"}
"""Language code (the first part of BCP-47) and the analyzer of its stems."""


def analysis() -> dict[str, Any]:
    """The `analysis` part of the index settings."""
    return {
        "analyzer": {
            NEUTRAL: {"type": "custom", "tokenizer": "standard", "filter": ["lowercase", "asciifolding"]},
        }
    }
