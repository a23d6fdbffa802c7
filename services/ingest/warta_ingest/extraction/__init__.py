"""From a page to the text and facts of an article: pure functions for a process that may be killed.

decode -> json_ld, meta -> facts (instants, authors) and line_filter -> extract
"""

from warta_ingest.extraction.extract import extract_page
from warta_ingest.extraction.page import ExtractedPage, NoText

__all__ = ["ExtractedPage", "NoText", "extract_page"]
