"""Which article is this, and is it news? Canonical URLs, ids that last, and content hashes."""

from warta_ingest.sameness.canonical import BadUrlError, canonical_url, choose_canonical
from warta_ingest.sameness.content_hash import content_hash
from warta_ingest.sameness.ids import article_id, external_article_id

__all__ = [
    "BadUrlError",
    "article_id",
    "canonical_url",
    "choose_canonical",
    "content_hash",
    "external_article_id",
]
