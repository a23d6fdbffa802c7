"""From a page to the text and facts of an article: pure, for a process that may be killed.

tree -> json_ld, meta, visible, day -> facts (instants, authors, titles)
     -> blocks (furniture) -> main_text -> line_filter -> body
     -> next_pages                                              -> extract -> joined
"""

from warta_ingest.extraction.extract import extract_page
from warta_ingest.extraction.joined import joined
from warta_ingest.extraction.page import ExtractedPage, NoText
from warta_ingest.extraction.stated_address import stated_address

__all__ = ["ExtractedPage", "NoText", "extract_page", "joined", "stated_address"]
