"""Conditional requests: a client that keeps validators gets each feed once."""

from email.utils import parsedate_to_datetime

import httpx
import pytest

from warta_local.newsroom.feeds import FEEDS, FeedSpec

WITH_VALIDATORS = [spec for spec in FEEDS if spec.validators]
WITHOUT = [spec for spec in FEEDS if not spec.validators]
LONG_AGO = "Sat, 01 Jan 2000 00:00:00 GMT"


def by_id(spec: FeedSpec) -> str:
    return spec.id


@pytest.mark.parametrize("spec", WITH_VALIDATORS, ids=by_id)
def test_each_validator_alone_gets_a_304(shared_site: httpx.Client, spec: FeedSpec) -> None:
    first = shared_site.get(spec.path)
    assert first.status_code == 200
    for name, value in {
        "If-None-Match": first.headers["etag"],
        "If-Modified-Since": first.headers["last-modified"],
    }.items():
        again = shared_site.get(spec.path, headers={name: value})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize(
    "headers",
    [
        {"If-None-Match": '"another"'},
        {"If-Modified-Since": LONG_AGO},
        {"If-Modified-Since": "gestern"},
        {"If-None-Match": '"another"', "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
    ],
    ids=["other tag", "long ago", "no date", "the tag decides"],
)
def test_stale_or_broken_validators_get_the_feed(shared_site: httpx.Client, headers: dict[str, str]) -> None:
    answer = shared_site.get("/feeds/kabar/rss.xml", headers=headers)
    assert answer.status_code == 200
    assert answer.content


def test_a_tag_in_a_list_counts_weak_or_strong(shared_site: httpx.Client) -> None:
    tag = shared_site.get("/feeds/kabar/rss.xml").headers["etag"].removeprefix("W/")
    assert (
        shared_site.get("/feeds/kabar/rss.xml", headers={"If-None-Match": f'"a", {tag}'}).status_code == 304
    )
    assert shared_site.get("/feeds/kabar/rss.xml", headers={"If-None-Match": "*"}).status_code == 304


@pytest.mark.parametrize("spec", WITHOUT, ids=by_id)
def test_feeds_without_validators_always_answer_in_full(shared_site: httpx.Client, spec: FeedSpec) -> None:
    first = shared_site.get(spec.path)
    assert "etag" not in first.headers and "last-modified" not in first.headers
    assert shared_site.get(spec.path, headers={"If-None-Match": "*"}).status_code == 200


def test_the_edit_gives_its_feed_new_validators_and_no_other(site: httpx.Client) -> None:
    before = {spec.id: site.get(spec.path).headers for spec in WITH_VALIDATORS}
    site.post("/newsroom/edit")
    answers = {
        spec.id: site.get(spec.path, headers={"If-None-Match": before[spec.id]["etag"]})
        for spec in WITH_VALIDATORS
    }
    assert {feed: answer.status_code for feed, answer in answers.items()} == {
        "kabar-rss": 304,
        "kabar-populer": 304,
        "post-atom": 200,
        "post-json": 304,
    }
    changed = [headers["post-atom"]["last-modified"] for headers in (before, _headers(answers))]
    assert parsedate_to_datetime(changed[0]) < parsedate_to_datetime(changed[1])


def _headers(answers: dict[str, httpx.Response]) -> dict[str, httpx.Headers]:
    return {feed: answer.headers for feed, answer in answers.items()}
