"""The filters that the local server brings along do what Elasticsearch's documentation says of those in its images."""

from __future__ import annotations

from typing import Any

import pytest
from real_articles import Articles
from word_families import families, stems, vocabulary

Filter = dict[str, Any]


async def analyzed(articles: Articles, token_filter: Filter, text: str) -> list[str]:
    request = {"tokenizer": "standard", "filter": [token_filter], "text": text}
    answer = await articles.do("POST", "/_analyze", request)
    return [token["token"] for token in answer["tokens"]]


@pytest.mark.parametrize(
    ("options", "text", "tokens"),
    [
        (
            {"pattern": "(dog)", "replacement": "watch$1"},
            "foxes jump a lazy dog",
            "foxes jump a lazy watchdog",
        ),
        ({"pattern": "a", "replacement": "o"}, "banana", "bonono"),
        ({"pattern": "a", "replacement": "o", "all": "false"}, "banana", "bonana"),
        ({"pattern": "a"}, "banana", "bnn"),
        ({"pattern": "^(?:(b)|(c))a(?:n|t)", "replacement": "$1$2"}, "banana cat", "bana c"),
    ],
)
async def test_pattern_replace(articles: Articles, options: Filter, text: str, tokens: str) -> None:
    assert await analyzed(articles, {"type": "pattern_replace", **options}, text) == tokens.split()


async def test_the_stemmer_is_the_one_within_the_analyzer(articles: Articles) -> None:
    """Lucene's own analyzer is lower case, stop words and this stemmer."""
    chain = [
        "lowercase",
        {"type": "stop", "stopwords": "_indonesian_"},
        {"type": "stemmer", "language": "indonesian"},
    ]
    words = vocabulary(families())
    whole = await stems(articles, {"analyzer": "indonesian"}, words)
    assert await stems(articles, {"tokenizer": "standard", "filter": chain}, words) == whole


async def test_the_light_stemmer_takes_particles_and_possessives_alone(articles: Articles) -> None:
    """Of Lucene's TestIndonesianStemmer: bukukah, bukunya; the prefix of dibukukannya stays."""
    light = {"type": "stemmer", "language": "light_indonesian"}
    assert await analyzed(articles, light, "bukukah bukunya dibukukannya") == ["buku", "buku", "dibukukan"]


@pytest.mark.parametrize(
    "token_filter",
    [
        {"type": "pattern_replace", "pattern": "("},
        {"type": "stemmer", "language": "klingon"},
    ],
)
async def test_what_is_wrong_is_refused(articles: Articles, token_filter: Filter) -> None:
    reply = await articles.ask(
        "POST", "/_analyze", {"tokenizer": "standard", "filter": [token_filter], "text": "word"}
    )
    assert reply.status in {400, 500}
