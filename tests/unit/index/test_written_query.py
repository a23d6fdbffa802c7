"""What a person writes into a search box: what of it is words, and what filters."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warta_index.query import Filters, Question, Shown, search_request
from warta_index.written_query import LENGTH_MAX, WORDS_MAX, QueryError, read_query

NOW = datetime(2025, 6, 10, 12, 0, tzinfo=UTC)


def day(number: int) -> datetime:
    return datetime(2025, 6, number, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", {}),
        ("  kredit   mikro ", {"text": "kredit mikro"}),
        ('"suku bunga" -pajak', {"text": '"suku bunga" -pajak'}),
        ("source:KABAR", {"sources": ("KABAR",)}),
        ("kredit source:KABAR mikro", {"text": "kredit mikro", "sources": ("KABAR",)}),
        ("source:A source:B topic:politics", {"sources": ("A", "B"), "topics": ("politics",)}),
        ('entity:"Bank Indonesia" naik', {"text": "naik", "entities": ("Bank Indonesia",)}),
        ("lang:id -lang:en", {"languages": ("id",), "unwanted": Filters(languages=("en",))}),
        ('-entity:"Bank Indonesia"', {"unwanted": Filters(entities=("Bank Indonesia",))}),
        ("since:2025-06-01 until:2025-06-02", {"since": day(1), "until": day(3)}),
        ("since:7d", {"since": datetime(2025, 6, 3, 12, tzinfo=UTC)}),
        ("since:2025-06-01 since:2025-06-05", {"since": day(5)}),
        ("status:withdrawn", {"shown": Shown.WITHDRAWN}),
        ('"source:KABAR"', {"text": '"source:KABAR"'}),
        ("pukul 10:30", {"text": "pukul 10:30"}),
        ("UU: cipta kerja", {"text": "UU: cipta kerja"}),
        ('"source:A" source:B', {"text": '"source:A"', "sources": ("B",)}),
        ('half "of a phrase source:A', {"text": 'half "of a phrase source:A'}),
        ("https://news.example/1?a=b", QueryError),
        ("souce:KABAR", QueryError),
        ("-since:7d", QueryError),
        ("since:tomorrow", QueryError),
        ("since:99999999d", QueryError),
        ("status:gone", QueryError),
        ("a" * (LENGTH_MAX + 1), QueryError),
        ("a " * WORDS_MAX, {"text": " ".join("a" * WORDS_MAX)}),
        ("a " * (WORDS_MAX + 1), QueryError),
        ("a|" * (WORDS_MAX + 1), QueryError),
        ("(" * (WORDS_MAX + 1), QueryError),
    ],
)
def test_words_and_filters(written: str, expected: Any) -> None:
    if expected is QueryError:
        with pytest.raises(QueryError):
            read_query(written, NOW)
    else:
        assert read_query(written, NOW) == Question(**expected)


def test_an_unknown_filter_is_told_from_a_word_and_what_there_is_is_named() -> None:
    with pytest.raises(QueryError, match=r"no filter souce: .*source:, topic:.* it is text"):
        read_query("souce:KABAR", NOW)


@given(st.text(max_size=200) | st.text(alphabet='ab:-" \tsource', max_size=60))
def test_any_text_is_a_query_or_says_why_not(written: str) -> None:
    try:
        question = read_query(written, NOW)
    except QueryError as error:
        assert str(error)
        return
    assert search_request(question)["query"]["bool"]["must"]


@given(st.text(alphabet="abc |+-*()~", max_size=40))
def test_without_filters_nothing_of_the_words_is_lost(written: str) -> None:
    assert read_query(written, NOW).text.split() == written.split()
