"""Ask for articles with Elasticsearch's own client: `python articles_elasticsearch.py newest KABAR`.

Needs `elasticsearch>=8.19,<9`, which also speaks to 9.x; `URL` is Elasticsearch's address and `KEY` the read-only
API key.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from typing import Any

from elasticsearch import Elasticsearch

client = Elasticsearch(os.environ["URL"], api_key=os.environ["KEY"])
USABLE = {"term": {"status": "usable"}}


def newest(source: str, size: int = 5) -> list[dict[str, Any]]:
    """The newest articles of a source."""
    found = client.search(
        index="articles",
        size=size,
        query={"bool": {"filter": [{"term": {"source.id": source}}, USABLE]}},
        sort=[{"published_at": "desc"}, {"id": "asc"}],
    )
    return [hit["_source"] for hit in found["hits"]["hits"]]


def with_words(words: str, language: str) -> list[dict[str, Any]]:
    """Articles with all these words or others of their families (`id` or `en`), and the places where they stand."""
    fields = ["title^3", "body", f"stems.{language}.title^1.5", f"stems.{language}.body"]
    words_query = {
        "multi_match": {"query": words, "fields": fields, "type": "cross_fields", "operator": "and"}
    }
    found = client.search(
        index="articles",
        query={"bool": {"must": words_query, "filter": USABLE}},
        highlight={"fields": {"body": {"matched_fields": [f"stems.{language}.body"]}}},
    )
    return [
        hit["_source"] | {"marked": hit.get("highlight", {}).get("body", [])} for hit in found["hits"]["hits"]
    ]


def about(kind: str, entity: str) -> list[dict[str, Any]]:
    """Articles that name an entity, by its id: about("places", "place:id-3578")."""
    found = client.search(
        index="articles",
        size=100,
        query={"bool": {"filter": [{"term": {f"{kind}.id": entity}}, USABLE]}},
        sort=[{"published_at": "desc"}, {"id": "asc"}],
    )
    return [hit["_source"] for hit in found["hits"]["hits"]]


def topics(days: int = 7) -> dict[str, int]:
    """How many articles of the last days each topic has."""
    lately = {"range": {"published_at": {"gte": f"now-{days}d", "lte": "now"}}}
    found = client.search(
        index="articles",
        size=0,
        query={"bool": {"filter": [lately, USABLE]}},
        aggs={"topics": {"terms": {"field": "topics.name", "size": 20}}},
    )
    return {bucket["key"]: bucket["doc_count"] for bucket in found["aggregations"]["topics"]["buckets"]}


def stories(words: str) -> list[dict[str, Any]]:
    """One article a story, with the sources of its near-copies."""
    copies = {"name": "copies", "size": 100, "_source": ["source.id"], "sort": [{"first_seen_at": "asc"}]}
    found = client.search(
        index="articles",
        query={"bool": {"must": {"match": {"body": words}}, "filter": USABLE}},
        collapse={"field": "story_id", "inner_hits": copies},
    )
    return [
        hit["_source"]
        | {"sources": [one["_source"]["source"]["id"] for one in hit["inner_hits"]["copies"]["hits"]["hits"]]}
        for hit in found["hits"]["hits"]
    ]


def every(source: str, size: int = 1_000) -> Iterator[dict[str, Any]]:
    """All articles of a source, as they were when this began."""
    pit = client.open_point_in_time(index="articles", keep_alive="2m")["id"]
    after = ""
    while True:
        found = client.search(
            size=size,
            pit={"id": pit, "keep_alive": "2m"},
            query={"term": {"source.id": source}},
            sort=[{"id": "asc"}],
            search_after=[after],
        )
        hits, pit = found["hits"]["hits"], found["pit_id"]
        if not hits:
            break
        yield from (hit["_source"] for hit in hits)
        after = hits[-1]["sort"][0]
    client.close_point_in_time(id=pit)


def changed(seen: int = -1, size: int = 1_000) -> dict[str, Any]:
    """What was written since `seen`, and what to ask with the next time; nothing in flight is skipped (one shard)."""
    stats = client.indices.stats(index="articles", metric="docs", level="shards")
    ((index, found),) = stats["indices"].items()  # another uuid: the index was made anew, and numbers anew
    done = next(
        copy["seq_no"]["global_checkpoint"] for copy in found["shards"]["0"] if copy["routing"]["primary"]
    )
    client.indices.refresh(index=index)
    between = {"range": {"_seq_no": {"gt": seen, "lte": done}}}
    answer = client.search(
        index="articles", size=size, query=between, sort=[{"_seq_no": "asc"}], seq_no_primary_term=True
    )
    hits = answer["hits"]["hits"]
    return {
        "articles": [hit["_source"] for hit in hits],
        "seen": hits[-1]["_seq_no"] if len(hits) == size else done,
        "index": found["uuid"],
    }


QUESTIONS = {one.__name__: one for one in (newest, with_words, about, topics, stories, every, changed)}

if __name__ == "__main__":
    name, *options = sys.argv[1:]
    answer = QUESTIONS[name](*(int(option) if option.isdigit() else option for option in options))
    print(json.dumps(answer if isinstance(answer, dict | list) else list(answer)))
