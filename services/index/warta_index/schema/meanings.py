"""What each field of a document means, for those who query: docs/querying.md and the document's JSON Schema say it.

Each mapped field has a meaning here, and nothing else has one (tests/unit/index/test_document_contract.py).
"""

from __future__ import annotations

from warta_index.schema.analysis import STEMMERS
from warta_index.schema.mappings import STEMMED_FIELDS

ENTITIES = ("people", "organisations", "places", "laws", "tickers", "amounts", "percentages", "dates")

_OF_ENTITIES = {
    "id": "stable id, where the entity is known: search by it rather than by the name",
    "name": "as people write it; of amounts, percentages and dates as it stands in the text",
    "count": "how often it is named",
    "mentions": "where it stands: half-open ranges of Unicode code points of `title` or `body`; not searchable",
}

MEANINGS: dict[str, str] = {
    "id": "of the article, for ever; the same as `_id`",
    "schema_version": "1",
    "revision": "counts the versions of the article, from 1",
    "observed_at": "when this version was seen, in ms since 1970; grows with each version",
    "first_seen_at": "when the article was seen first; never changes",
    "indexed_at": "when this document was written",
    "published_at": "when its publisher says that it came out",
    "published_source": "where `published_at` was found",
    "modified_at": "when its publisher says that it was changed",
    "status": "show what is `usable`; `withdrawn` articles stay, mostly without their text",
    "url": "where it was found; link to this",
    "canonical_url": "without what only tracks, as used to tell articles apart",
    "image_url": "the article's picture",
    "title": "words as they stand, without case and accents",
    "title.raw": "the whole title, for sorting and counting",
    "summary": "of the feed or page",
    "body": "paragraphs with line breaks between them, no markup",
    "language": "BCP-47; `und` where it cannot be told",
    "language_confidence": "0 to 1, how sure",
    "second_language": "where a good part of the text is in another",
    "word_count": "of the body",
    "content_hash": "changes with the content",
    "source.id": "the operator's short code for who published it",
    "source.name": "for people",
    "source.domain": "of its site",
    "source.country": "ISO 3166-1, two letters",
    "source.feed": "the feed that it came by",
    "authors": "names, as in the byline",
    "authors.text": "the same, searchable by words",
    "sections": "of its publisher: Ekonomi, Politik",
    "topics.code": "IPTC Media Topic, eight digits",
    "topics.name": "in English",
    "topics.score": "0 to 1, how sure",
    **{f"{kind}.{part}": meaning for part, meaning in _OF_ENTITIES.items() for kind in ENTITIES},
    "amounts.amount": "in whole units of the currency",
    "amounts.currency": "ISO 4217",
    "percentages.value": "5.2 means 5.2 %",
    "dates.date": "as exact as the text: 2025, 2025-06 or 2025-06-02",
    "story_id": "the same for near-copies of one story: the id of the one that was seen first",
    "story_source": "the source of that one",
    "agency": "the news agency whose copy it is, where its dateline, byline or end says so",
    "language_hint": "what the feed said, for `warta re-enrich`; not searchable",
    "topic_hints": "likewise",
    "enrichment.version": "of the code that found topics and entities",
    "enrichment.models": "and its models",
    "extensions": (
        "the pusher's own keys; `published_in_future` is true where an article claimed, when seen, to appear more "
        "than 15 minutes later"
    ),
    **{
        f"stems.{language}.{field}": "stemmed words, only of the article's own language; searchable, never shown"
        for language in STEMMERS
        for field in STEMMED_FIELDS
    },
}
