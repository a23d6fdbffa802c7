"""A small news site for demonstrations and tests: invented articles, real feeds, known right results.

articles/*.md -> article -> state -> pages, feeds (rss, atom, json_feed, sitemap) -> site -> server
                                  `-> expected: what ingesting them must end in
"""

from warta_local.newsroom.article import Outcome
from warta_local.newsroom.expected import ExpectedArticle, expected_articles
from warta_local.newsroom.feeds_file import feeds_yaml
from warta_local.newsroom.server import running_newsroom
from warta_local.newsroom.site import create_site

__all__ = [
    "ExpectedArticle",
    "Outcome",
    "create_site",
    "expected_articles",
    "feeds_yaml",
    "running_newsroom",
]
