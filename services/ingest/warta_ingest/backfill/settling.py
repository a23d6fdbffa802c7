"""Items into articles, or pages to fetch: one word for each, and why where it became nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from pydantic import ValidationError

from warta_ingest.backfill.item import Address, Article, Copy, Item, Refused
from warta_ingest.backfill.origin import Origins
from warta_ingest.draft import Draft
from warta_ingest.extraction import NoText, stated_address
from warta_ingest.feeds import Feed, FeedEntry
from warta_ingest.fetcher import Fetched
from warta_ingest.pages.draft import page_draft
from warta_ingest.pages.found import found_page
from warta_ingest.pages.handler import Extract
from warta_ingest.pages.unreadable import UnreadablePage
from warta_ingest.parser_pool import ParserKilled, ParserPool
from warta_ingest.poll.discovered import DiscoveredPages
from warta_ingest.push.results import explained, pushed_draft
from warta_ingest.registry import accounts
from warta_ingest.registry.fate import STORED, Fate
from warta_ingest.registry.publisher import ArticlePublisher

# Pages that the ingest service will fetch, or has fetched.
ON_ITS_WAY, KNOWN = "on-its-way", "known"
FINE = frozenset({*STORED, ON_ITS_WAY, KNOWN})
_PAGE_WORDS = {accounts.NEW: ON_ITS_WAY, accounts.CHANGED: ON_ITS_WAY, accounts.REPEATED: KNOWN}


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of an item: `word` is a fate, ON_ITS_WAY, KNOWN or the reason why it was refused."""

    word: str
    detail: str = ""

    @property
    def fine(self) -> bool:
        """Whether its article is stored, or will be fetched."""
        return self.word in FINE


@dataclass(frozen=True, slots=True)
class Settling:
    """`clock` gives ms since 1970; `extract` raises UnreadablePage."""

    publisher: ArticlePublisher
    discovered: DiscoveredPages
    extract: Extract
    pool: ParserPool
    origins: Origins
    clock: Callable[[], int]

    async def settle(self, items: Sequence[Item]) -> list[Settled]:
        """One a item, in order; raises what the publisher raises, and then may be repeated."""
        drafts = await asyncio.gather(*(self._draft(item) for item in items))
        published = await self.publisher.publish([draft for draft in drafts if isinstance(draft, Draft)])
        results = iter(published)
        words = iter(await self._addresses([draft for draft in drafts if isinstance(draft, Address)]))
        told = []
        for draft in drafts:
            match draft:
                case Draft():
                    result = next(results)
                    told.append(Settled(result.fate.value, result.detail))
                case Address():
                    told.append(next(words))
                case Settled():
                    told.append(draft)
        return told

    async def _draft(self, item: Item) -> Draft | Address | Settled:
        match item.content:
            case Article(fields):
                return self._article(fields)
            case Copy() as copy:
                return await self._copy(copy)
            case Address() as address:
                return address
            case Refused(reason, detail):
                return Settled(reason, detail)

    def _article(self, fields: object) -> Draft | Settled:
        given = {"source": self.origins.source} if self.origins.source else {}
        try:
            return pushed_draft(given | fields if isinstance(fields, dict) else fields)
        except ValidationError as error:
            return Settled(Fate.INVALID.value, "; ".join(explained(error)))

    async def _copy(self, copy: Copy) -> Draft | Settled:
        try:
            url = copy.url or await self.pool.run(stated_address, copy.body, copy.content_type)
            if not url:
                return Settled("no-address", "the page does not say where it came from; name its site")
            found = found_page(
                self.origins.of(url, copy.source, copy.feed, copy.country), _entry(url), self.clock()
            )
            headers = {"content-type": copy.content_type} if copy.content_type else {}
            page = await self.extract(Fetched(url, url, (), 200, headers, copy.body), found)
            return page_draft(found, url, page)
        except (UnreadablePage, ParserKilled) as error:
            return Settled(error.reason, error.detail)
        except NoText as error:
            return Settled(error.reason, str(error))
        except ValueError as error:
            return Settled("bad-url", str(error).partition("\n")[0][:200])

    async def _addresses(self, addresses: Sequence[Address]) -> list[Settled]:
        """By the feeds that they could have come from, each asked once."""
        told: dict[int, Settled] = {}
        groups: dict[tuple[str, str, str | None], tuple[Feed, list[int]]] = {}
        for place, address in enumerate(addresses):
            try:
                feed = self.origins.of(address.url)
            except ValueError as error:
                told[place] = Settled("bad-url", str(error).partition("\n")[0][:200])
                continue
            groups.setdefault((feed.id, feed.source, feed.country), (feed, []))[1].append(place)
        for feed, places in groups.values():
            entries = [_entry(addresses[place].url) for place in places]
            words = await self.discovered.words(feed, entries)
            told |= {
                place: Settled(_PAGE_WORDS.get(word, word)) for place, word in zip(places, words, strict=True)
            }
        return [told[place] for place in range(len(addresses))]


_entry = partial(FeedEntry, id=None, title="")
