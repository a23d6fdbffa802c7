"""A feed's entry as a page to fetch, and when the feed says something new about it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from drafts import NOON, entry, feed
from warta_ingest.pages.found import FoundPage, fingerprint, found_page
from warta_ingest.sameness import BadUrlError, article_id
from warta_shared.events import Entry, decode_event

LINK = "https://kabar.example/ekonomi/cabai"


def page(**given: Any) -> FoundPage:
    return found_page(feed(), entry(**given), 7)


def test_the_page_carries_what_the_entry_and_its_feed_say() -> None:
    declared = feed(name="Kabar", language="id", sections={"Ekonomi": "04000000", "Pasar": "20000385"})
    categories = ("EKONOMI", "Pasar", "Lain", "ekonomi")
    found = found_page(declared, entry(authors=("Siti", ""), categories=categories), 7)
    assert (found.id, found.url, found.found_at) == (article_id(LINK), LINK, 7)
    assert found.source.model_dump(exclude_none=True) == {
        "id": "KABAR",
        "name": "Kabar",
        "country": "ID",
        "feed": "kabar",
    }
    assert (found.language, found.title, found.published) == ("id", "Harga cabai naik", NOON)
    assert (found.authors, found.sections) == (("Siti",), categories)
    assert found.topics == ("04000000", "20000385")


def test_it_travels_as_an_event() -> None:
    found = page()
    assert decode_event(Entry(found.id, found.model_dump_json().encode()), FoundPage) == found


def test_tracking_in_the_link_makes_no_other_page() -> None:
    assert page(link=f"{LINK}?utm_source=rss#komentar").id == page().id


@pytest.mark.parametrize(
    "link", [None, "", "mailto:a@b.example", "ekonomi/cabai", "https://a..b/", "javascript:alert(1)"]
)
def test_a_link_that_leads_to_no_page_is_refused(link: str | None) -> None:
    with pytest.raises(BadUrlError):
        page(link=link)


def test_what_is_too_long_is_cut_and_long_lists_too() -> None:
    found = page(title="t" * 2_000, summary="s" * 20_000, authors=("n" * 400,) * 60, categories=("c",) * 60)
    assert (len(found.title), len(found.summary)) == (1_000, 10_000)
    assert (len(found.authors), len(found.authors[0]), len(found.sections)) == (50, 300, 50)


def test_what_no_event_can_carry_is_refused() -> None:
    with pytest.raises(ValidationError):
        page(title="NUL \x00")


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Harga cabai turun"},
        {"summary": "Pedagang menurunkan harga."},
        {"published": NOON + timedelta(seconds=1)},
        {"updated": NOON},
        {"link": f"{LINK}-2"},
    ],
)
def test_news_about_a_page_changes_its_fingerprint(change: dict[str, Any]) -> None:
    assert fingerprint(page(**change)) != fingerprint(page())


@pytest.mark.parametrize(
    "change",
    [
        {"id": "tag:google.com,2013:googlealerts/feed:4242"},
        {"link": f"{LINK}?utm_campaign=alert&ct=ga"},
        {"authors": ("Siti",)},
        {"categories": ("Ekonomi",)},
        {"image_url": "https://kabar.example/2.jpg"},
    ],
)
def test_what_changes_at_each_fetch_does_not(change: dict[str, Any]) -> None:
    """Google Alerts gives its entries new ids and links at each fetch."""
    assert fingerprint(
        page(**change | {"link": change.get("link", LINK).replace("&ct=ga", "")})
    ) == fingerprint(page())


def test_the_fingerprint_is_the_same_in_every_process_and_release() -> None:
    assert fingerprint(page()) == FINGERPRINT


FINGERPRINT = bytes.fromhex("a023f343")
