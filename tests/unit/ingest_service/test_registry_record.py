"""The registry's record: written and read back, small, and never trusted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warta_ingest.registry.address import packed_address, unpacked_address
from warta_ingest.registry.page_record import (
    DETAIL_MAX,
    FEEDS_KEPT,
    FETCHES_KEPT,
    OUTCOMES,
    REASONS,
    Fetch,
    PageRecord,
)
from warta_ingest.registry.record import Record
from warta_ingest.sameness import article_id
from warta_shared.registry.known import Known, known_article, with_article

NOON_MS = 1_748_865_600_000
URL = "https://finance.kabar.example/berita-ekonomi-bisnis/d-7654321/rupiah-menguat-ke-level-rp-15-800-per-dolar-as"
ID, OTHER_ID = article_id(URL), article_id("https://kabar.example/b")
KNOWN = Known(1, NOON_MS, NOON_MS, "ab" * 8, "cd" * 4, NOON_MS // 3_600_000, 0, "KABAR")
NOON = NOON_MS // 1000
PAGE = PageRecord(fetches=(Fetch(NOON, "done", "published"),), article=ID).at(URL).named("ekonomi", b"1234")

counts = st.integers(min_value=0, max_value=999_999_999)
instants = st.integers(min_value=0, max_value=253_402_300_799_999)
marks = st.binary(min_size=4, max_size=4)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=DETAIL_MAX)
articles = st.builds(
    Known,
    revision=counts,
    observed_at=instants,
    first_seen_at=instants,
    content_hash=st.from_regex(r"[0-9a-f]{16}", fullmatch=True),
    facts_hash=st.from_regex(r"[0-9a-f]{8}", fullmatch=True),
    hour=counts,
    revisions_in_hour=counts,
    source=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}", fullmatch=True),
    withdrawn=st.booleans(),
    lost=st.booleans(),
)
fetches = st.builds(
    Fetch,
    at=st.integers(min_value=0, max_value=2**32 - 1),
    outcome=st.sampled_from(OUTCOMES),
    reason=st.sampled_from([*REASONS, "parser-memory", "a-reason-of-tomorrow"]),
)
pages = st.builds(
    PageRecord,
    address=texts.map(lambda path: packed_address(f"https://kabar.example/{path}")),
    feeds=st.dictionaries(marks, marks, max_size=FEEDS_KEPT),
    fetches=st.lists(fetches, max_size=FETCHES_KEPT).map(tuple),
    detail=texts,
    article=st.sampled_from(["", ID, OTHER_ID]),
)
records = st.builds(Record, article=st.none() | articles, page=st.none() | pages)


@given(records)
def test_what_is_written_is_read_back(record: Record) -> None:
    assert Record.unpacked(record.packed(ID), ID) == record


def test_an_article_in_its_first_version_takes_few_bytes() -> None:
    assert len(Record(KNOWN).packed(ID)) == 26
    assert len(Record(KNOWN, PAGE).packed(ID)) <= 42 + len(packed_address(URL))
    assert len(URL) == 108


@given(records, st.integers(min_value=0, max_value=600))
def test_what_is_cut_off_is_nothing_or_all(record: Record, length: int) -> None:
    packed = record.packed(ID)
    read = Record.unpacked(packed[:length], ID)
    if length >= len(packed):
        assert read == record
    elif read != Record():  # cut within what stands last: the words for people
        assert read == replace(record, page=replace(record.page, detail=read.page.detail))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_without_an_error(packed: bytes) -> None:
    assert isinstance(Record.unpacked(packed, ID), Record)


@pytest.mark.parametrize("foreign", [b"", b"garbage", b"\xff\xfe", b"9" * 5_000, b"7.1748865600000.1"])
def test_what_no_release_has_written_is_nothing(foreign: bytes) -> None:
    assert Record.unpacked(foreign, ID) == Record()


@given(texts, st.sampled_from(["https://kabar.example/", "http://kabar.example/", "https://http.example/"]))
def test_addresses_are_packed_and_read_again(path: str, site: str) -> None:
    assert unpacked_address(packed_address(site + path)) == site + path


def test_an_address_takes_two_thirds_and_none_takes_nothing() -> None:
    assert len(packed_address(URL)) <= 0.69 * len(URL)
    assert (packed_address(""), unpacked_address(b"")) == (b"", "")


@given(st.binary(max_size=60))
def test_what_is_no_packed_address_is_told(packed: bytes) -> None:
    try:
        assert isinstance(unpacked_address(packed), str)
    except ValueError:
        return


def test_each_feed_has_its_own_say() -> None:
    page = PAGE.named("politik", b"5678").named("ekonomi", b"9999")
    assert (page.said_by("ekonomi"), page.said_by("politik"), page.said_by("x")) == (b"9999", b"5678", None)
    assert page.unnamed("ekonomi").said_by("ekonomi") is None


def test_of_very_many_feeds_the_last_are_remembered() -> None:
    page = PAGE
    for number in range(FEEDS_KEPT + 20):
        page = page.named(f"feed-{number}", b"said")
    assert len(page.feeds) == FEEDS_KEPT
    assert page.said_by("ekonomi") is None and page.said_by("feed-119") == b"said"


def test_the_last_tries_are_kept_and_a_failure_that_repeats_once() -> None:
    page = replace(PAGE, fetches=())
    for number in range(20):
        page = page.fetched(Fetch(NOON + number, "retry", "http-503"), "busy", "")
    assert page.fetches == (Fetch(NOON + 19, "retry", "http-503"),)
    for number in range(20):
        page = page.fetched(Fetch(NOON + number, "done", "unchanged"), "", ID)
    assert len(page.fetches) == FETCHES_KEPT and page.detail == ""


@given(before=st.none() | articles, page=st.none() | pages, known=articles)
def test_an_article_takes_the_place_of_another_beside_the_same_page(
    before: Known | None, page: PageRecord | None, known: Known
) -> None:
    changed = with_article(Record(before, page).packed(ID), known)
    assert Record.unpacked(changed, ID) == Record(known, page)


@given(packed=st.binary(max_size=80), known=articles)
def test_an_article_is_known_whatever_lay_there_before(packed: bytes, known: Known) -> None:
    assert known_article(with_article(packed, known)) == known
