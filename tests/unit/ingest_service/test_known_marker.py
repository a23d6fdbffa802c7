"""The registry's record: written and read back, and never trusted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warta_ingest.registry.known import Known

HASHES = f"{'ab' * 16}.{'cd' * 4}"
MARKER = f"7.1748865600000.1748865500000.485796.2.{HASHES}.GALERT"
KNOWN = Known(7, 1_748_865_600_000, 1_748_865_500_000, "ab" * 16, "cd" * 4, 485_796, 2, "GALERT")


def test_the_record_is_a_short_text() -> None:
    assert KNOWN.marker() == MARKER
    assert Known.from_marker(MARKER) == KNOWN
    assert len(MARKER) < 100


def test_a_withdrawn_article_is_told_by_one_character() -> None:
    withdrawn = replace(KNOWN, withdrawn=True)
    assert withdrawn.marker() == MARKER.replace(".GALERT", "!GALERT")
    assert Known.from_marker(withdrawn.marker()) == withdrawn


counts = st.integers(min_value=0, max_value=999_999_999)
instants = st.integers(min_value=0, max_value=253_402_300_799_999)


known_articles = st.builds(
    Known,
    revision=counts,
    observed_at=instants,
    first_seen_at=instants,
    content_hash=st.from_regex(r"[0-9a-f]{32}", fullmatch=True),
    facts_hash=st.from_regex(r"[0-9a-f]{8}", fullmatch=True),
    hour=counts,
    revisions_in_hour=counts,
    source=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}", fullmatch=True),
    withdrawn=st.booleans(),
)


@given(known_articles)
def test_what_is_written_is_read_back(known: Known) -> None:
    assert Known.from_marker(known.marker()) == known


@pytest.mark.parametrize(
    "marker",
    [
        "",
        "7",
        MARKER.removesuffix("GALERT"),
        MARKER.removesuffix(".GALERT"),
        MARKER + "\n",
        MARKER.replace("7.", "-7.", 1),
        MARKER.replace("7.", "².", 1),
        MARKER.replace("7.", "٧.", 1),
        MARKER.replace("7.", "7" * 5_000 + ".", 1),
        MARKER.replace("1748865600000", "999999999999999"),
        MARKER.replace("ab", "AB"),
        MARKER.replace("ab" * 16, ""),
        "\x00" * 100,
    ],
)
def test_what_no_release_has_written_is_nothing(marker: str) -> None:
    assert Known.from_marker(marker) is None


@given(st.text(alphabet="0123456789.abcdef-²x!", max_size=120))
def test_any_text_is_read_without_an_error(marker: str) -> None:
    known = Known.from_marker(marker)
    assert known is None or known.marker().split(".")[5:] == marker.split(".")[5:]
