"""The edited article: both versions are seen, feed and page change together, nothing else does."""

import httpx
import pytest

from warta_local.newsroom import expected_articles, running_newsroom

FEED = "/feeds/post/atom.xml"
FIRST, SECOND = (
    next(one for one in expected_articles(edited=edited) if one.slug == "cold-storage-ipo")
    for edited in (False, True)
)
PAGE = FIRST.canonical_path


def versions(site: httpx.Client) -> tuple[int, int]:
    """The version that the feed shows (one poll), and that of the page (one fetch)."""
    feed, page = site.get(FEED).text, site.get(PAGE).text
    assert (SECOND.title in feed) != (FIRST.title in feed)
    assert (SECOND.contains in page) != (FIRST.contains in page)
    return 1 + (SECOND.title in feed), 1 + (SECOND.contains in page)


def test_the_third_poll_shows_the_second_version_in_feed_and_page(site: httpx.Client) -> None:
    assert [versions(site) for _ in range(4)] == [(1, 1), (1, 1), (2, 2), (2, 2)]


def test_polls_alone_do_not_edit_what_nobody_fetched(site: httpx.Client) -> None:
    for _ in range(5):
        assert SECOND.title not in site.get(FEED).text
    assert FIRST.contains in site.get(PAGE).text
    assert versions(site) == (2, 2)


def test_polls_of_other_feeds_do_not_count(site: httpx.Client) -> None:
    site.get(PAGE)
    for _ in range(5):
        site.get("/feeds/post/feed.json")
    assert versions(site) == (1, 1)


def test_the_control_edits_at_once(site: httpx.Client) -> None:
    assert versions(site) == (1, 1)
    assert site.post("/newsroom/edit").json() == {"edited": ["cold-storage-ipo"]}
    assert versions(site) == (2, 2)


@pytest.mark.parametrize(("polls", "expected"), [(0, [(1, 1), (2, 2)]), (3, [(1, 1)] * 3 + [(2, 2)])])
def test_the_number_of_polls_is_a_parameter(polls: int, expected: list[tuple[int, int]]) -> None:
    with running_newsroom(edit_after_polls=polls) as url, httpx.Client(base_url=url) as site:
        assert [versions(site) for _ in expected] == expected


def test_the_entry_keeps_its_id_and_gets_a_new_time(site: httpx.Client) -> None:
    entry_id = "<id>tag:post.example,2026:cold-storage-ipo</id>"
    before = site.get(FEED).text
    site.post("/newsroom/edit")
    after = site.get(FEED).text
    assert before.count(entry_id) == after.count(entry_id) == 1
    assert "<updated>2026-11-20T11:05:00Z</updated>" not in before
    assert after.count("<updated>2026-11-20T11:05:00Z</updated>") == 2
    assert '"dateModified": "2026-11-20T11:05:00Z"' in site.get(PAGE).text
    assert '"datePublished": "2026-11-17T02:30:00Z"' in site.get(PAGE).text


def test_every_site_starts_unedited() -> None:
    for _ in range(2):
        with running_newsroom() as url:
            assert FIRST.contains in httpx.get(url + PAGE).text
            httpx.post(f"{url}/newsroom/edit")
            assert SECOND.contains in httpx.get(url + PAGE).text
