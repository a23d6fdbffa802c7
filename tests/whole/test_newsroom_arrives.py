"""The bundled newsroom, polled and fetched: every article ends as its expectation says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from fixtures_stack import Running
from waiting import eventually
from warta_local.newsroom import ExpectedArticle, Outcome, expected_articles, feeds_yaml, running_newsroom

EXPECTED = expected_articles(edited=True)
PUBLISHED = [article for article in EXPECTED if article.outcome is Outcome.PUBLISHED]


@pytest.fixture(scope="module")
def site(running: Running) -> Iterator[str]:
    with running_newsroom() as url:
        running.feeds_file.write_text(feeds_yaml(url, (1, 4)))
        yield url
        running.feeds_file.write_text("feeds: []\n")


@pytest.fixture(scope="module")
def documents(running: Running, site: str) -> dict[str, dict[str, Any]]:
    """Documents by canonical URL, once all are there and the edit has arrived."""

    def arrived() -> list[dict[str, Any]]:
        found = running.documents({"prefix": {"canonical_url": site}})
        complete = len(found) >= len(PUBLISHED) and any(document["revision"] == 2 for document in found)
        return found if complete else []

    return {document["canonical_url"]: document for document in eventually(arrived, 60)}


@pytest.mark.parametrize("expected", PUBLISHED, ids=lambda article: article.slug)
def test_an_article_is_whole_and_right(
    documents: dict[str, dict[str, Any]], site: str, expected: ExpectedArticle
) -> None:
    document = documents[site + expected.canonical_path]
    assert document["title"] == expected.title
    assert document["language"] == expected.language
    assert expected.contains in document["body"]
    for phrase in expected.excludes:
        assert phrase not in document["body"]
    assert document["source"]["id"] in expected.sources
    assert document["revision"] == expected.revision
    published = (
        expected.published.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        if expected.published
        else None
    )
    assert (document["published_at"], document["published_source"]) == (published, expected.published_source)


def test_there_is_one_document_for_each_article(documents: dict[str, dict[str, Any]]) -> None:
    assert len(documents) == len(PUBLISHED)
