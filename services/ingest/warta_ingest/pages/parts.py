"""An article that its site cut into several pages, made whole."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from warta_ingest.extraction import ExtractedPage, joined
from warta_ingest.fetcher import FetchError
from warta_ingest.pages.unreadable import UnreadablePage
from warta_ingest.politeness import Forbidden, HostBusy


async def made_whole(
    first: ExtractedPage, read: Callable[[str], Awaitable[ExtractedPage]], seconds: float
) -> tuple[ExtractedPage, str]:
    """The article with the text of its other pages, and what is missing of them ('' for nothing).

    `read` fetches and reads one page. What is not there within `seconds` is left out: the next change of the
    feed's entry brings the article again.
    """
    wanted, others = first.next_pages, list[ExtractedPage]()
    if not wanted:
        return first, ""
    problem = "time ran out"
    try:
        async with asyncio.timeout(seconds):
            for url in wanted:
                others.append(await read(url))
    except TimeoutError:
        pass
    except (FetchError, UnreadablePage, Forbidden) as error:
        problem = error.reason
    except HostBusy:
        problem = "host-busy"
    missing = len(wanted) - len(others)
    return joined(
        first, others
    ), f"{missing} of {len(wanted) + 1} pages missing: {problem}" if missing else ""
