"""All that the registry knows of one id, in one record: the article that was published under it, the page it names.

Most often they are the same address. Where a page names another one as its own, the article has that one's id, and
the page's record says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from warta_ingest.registry.page_record import PageRecord
from warta_shared.delivery.markers import Place, place
from warta_shared.registry.known import ARTICLE, NAME, PAGE, VERSION, Known
from warta_shared.registry.packing import Reader, Writer


@dataclass(frozen=True, slots=True)
class Record:
    """Of one id; None for what is not known."""

    article: Known | None = None
    page: PageRecord | None = None

    def packed(self, own_id: str) -> bytes:
        """As Redis holds it."""
        to = Writer()
        holds = ARTICLE * (self.article is not None) | PAGE * (self.page is not None)
        to.number(VERSION << 4 | holds, 1)
        if self.article:
            self.article.write(to)
        if self.page:
            self.page.write(to, own_id)
        return to.done()

    @classmethod
    def unpacked(cls, packed: bytes, own_id: str) -> Record:
        """Read it; an empty record for b'' and for what no release of Warta has written."""
        given = Reader(packed)
        try:
            holds = given.number(1)
            if holds >> 4 != VERSION:
                return cls()
            article = Known.read(given) if holds & ARTICLE else None
            page = PageRecord.read(given, own_id) if holds & PAGE else None
        except ValueError:
            return cls()
        return cls(article, page)


def record_place(identity: str, partitions: int) -> Place:
    """Where the record of an id lies."""
    return place(NAME, identity, partitions)
