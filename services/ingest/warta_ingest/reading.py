"""What was fetched, read in a process that may be killed: feeds into entries, pages into articles."""

from __future__ import annotations

from warta_ingest.extraction import ExtractedPage, NoText, extract_page
from warta_ingest.feeds import ParsedFeed
from warta_ingest.feeds.parsing import NotAFeed, parse_feed
from warta_ingest.fetcher import Fetched
from warta_ingest.pages.found import FoundPage
from warta_ingest.pages.handler import Extract
from warta_ingest.pages.unreadable import UnreadablePage
from warta_ingest.parser_pool import ParserKilled, ParserPool
from warta_ingest.poll.poller import Parse
from warta_ingest.poll.unreadable import UnreadableFeed


def feed_reader(pool: ParserPool) -> Parse:
    """Fetched -> ParsedFeed; raises UnreadableFeed."""

    async def read(fetched: Fetched) -> ParsedFeed:
        try:
            return await pool.run(parse_feed, fetched.body, fetched.final_url, fetched.content_type)
        except (NotAFeed, ParserKilled) as error:
            raise UnreadableFeed(error.reason, error.detail) from error

    return read


def page_reader(pool: ParserPool) -> Extract:
    """Fetched page -> ExtractedPage; raises UnreadablePage. A killed parser may do better next time."""

    async def read(fetched: Fetched, found: FoundPage) -> ExtractedPage:
        try:
            return await pool.run(
                extract_page, fetched.body, fetched.final_url, fetched.content_type, found.source.country
            )
        except NoText as error:
            raise UnreadablePage(error.reason) from error
        except ParserKilled as error:
            raise UnreadablePage(error.reason, error.detail, retryable=True) from error

    return read
