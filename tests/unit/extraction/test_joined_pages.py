"""An article of several pages is one text."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from warta_ingest.extraction import ExtractedPage, joined


def page(*lines: str, **facts: Any) -> ExtractedPage:
    body = "\n".join(lines)
    return replace(ExtractedPage(title="Harga beras", body=body, word_count=len(body.split())), **facts)


def test_texts_follow_each_other() -> None:
    whole = joined(page("Satu dua.", "Tiga.", next_pages=("b", "c")), [page("Empat lima."), page("Enam.")])
    assert (whole.body, whole.word_count) == ("Satu dua.\nTiga.\nEmpat lima.\nEnam.", 6)
    assert whole.next_pages == ()


def test_lines_that_stand_on_each_page_stand_once() -> None:
    whole = joined(page("Pembuka.", "Satu."), [page("PEMBUKA.", "Dua."), page("Pembuka.", "Tiga.")])
    assert whole.body == "Pembuka.\nSatu.\nDua.\nTiga."


def test_a_view_of_the_whole_replaces_its_first_page() -> None:
    whole = joined(page("Satu.", "Dua."), [page("Satu.", "Antara.", "Dua.", "Tiga.")])
    assert whole.body == "Satu.\nAntara.\nDua.\nTiga."


def test_a_refrain_inside_one_page_stays() -> None:
    assert joined(page("Satu."), [page("Ya.", "Dua.", "Ya.")]).body == "Satu.\nYa.\nDua.\nYa."


def test_facts_are_the_first_page_s_but_for_authors_it_lacks() -> None:
    whole = joined(page("Satu.", summary="Ringkas"), [page("Dua.", title="Lain", authors=("Ratna Dewi",))])
    assert (whole.title, whole.summary, whole.authors) == ("Harga beras", "Ringkas", ("Ratna Dewi",))


def test_a_page_alone_is_itself() -> None:
    alone = page("Satu.", authors=("Budi",))
    assert joined(alone, []) == alone
