"""What was fetched into what it says: the parsers of strangers' bytes, run in processes that can be killed."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from warta_ingest.extraction import ExtractedPage, NoText, extract_page
from warta_ingest.feeds import ParsedFeed
from warta_ingest.feeds.parsing import NotAFeed, parse_feed
from warta_ingest.fetcher import Fetched
from warta_ingest.pages.found import FoundPage
from warta_ingest.pages.handler import Extract
from warta_ingest.pages.unreadable import UnreadablePage
from warta_ingest.parser_pool import ParserKilled, ParserPool
from warta_ingest.poll.fetching import Parse
from warta_ingest.poll.unreadable import UnreadableFeed
from warta_ingest.poll.whole_articles import Texts
from warta_ingest.text.paragraphs import paragraphs_of

log = logging.getLogger(__name__)


def feed_reader(pool: ParserPool) -> Parse:
    """Reads feeds; every failure is an UnreadableFeed, so that the feed backs off and says why."""

    async def read(fetched: Fetched, country: str | None) -> ParsedFeed:
        try:
            return await pool.run(parse_feed, fetched.body, fetched.final_url, fetched.content_type, country)
        except (NotAFeed, ParserKilled) as error:
            raise UnreadableFeed(error.reason, error.detail) from error
        except Exception as error:  # a fault of the parser, and one that the next poll meets again
            log.exception("parser-failed", extra={"url": fetched.url})
            raise UnreadableFeed("parser-failed", type(error).__name__) from error

    return read


def text_reader(pool: ParserPool) -> Texts:
    """Reads the markup that entries carry; what kills the parser makes the feed an unreadable one."""

    async def read(fragments: Sequence[str]) -> list[str]:
        try:
            return await pool.run(paragraphs_of, fragments)
        except ParserKilled as error:
            raise UnreadableFeed(error.reason, error.detail) from error

    return read


def page_reader(pool: ParserPool) -> Extract:
    """Reads pages; times without a zone are in that of the source's country."""

    async def read(fetched: Fetched, found: FoundPage) -> ExtractedPage:
        country = found.source.country
        try:
            return await pool.run(
                extract_page, fetched.body, fetched.final_url, fetched.content_type, country
            )
        except NoText as error:
            raise UnreadablePage(error.reason, str(error)) from error
        except ParserKilled as error:
            raise UnreadablePage(error.reason, error.detail, retryable=True) from error

    return read
