"""Topics: the IPTC codes with names in both languages, and the words that speak for a code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from warta_enrich.rows import read_rows, split_cell
from warta_enrich.steps.tokens import fold, phrase

TAXONOMY_FILE = "iptc_mediatopics_2023-10-24.json"
LEXICON_FILE = "topic_seed_lexicon_id_en.json"
TOP_WEIGHT = 1.0


def topic_rows(sources: Path, data: Path) -> Iterator[tuple[str, ...]]:
    """(code, top level, English name, Indonesian name) of every code in use."""
    translated = {
        row["code"]: row["name"] for row in read_rows(sources / "topic_names_id.tsv", ("code", "name"))
    }
    for entry in json.loads((data / TAXONOMY_FILE).read_text(encoding="utf-8")):
        if entry["retired"]:
            continue
        code, top = entry["qcode"].removeprefix("medtop:"), entry["path"][0].removeprefix("medtop:")
        yield code, top, entry["name_en"], entry.get("name_id") or translated.get(code, "")


def term_rows(sources: Path, data: Path) -> Iterator[tuple[str, ...]]:
    """(code, weight, terms): the seed lexicon and more words of the top levels, without those that were found to
    speak for other topics more often than for their own, then those of deeper codes.
    """
    small = _function_words(sources)
    lexicon: dict[str, str] = json.loads((data / LEXICON_FILE).read_text(encoding="utf-8"))
    more = {
        row["code"]: split_cell(row["terms"])
        for row in read_rows(sources / "top_level_terms.tsv", ("code", "terms"))
    }
    left_out = {
        row["code"]: set(split_cell(row["terms"]))
        for row in read_rows(sources / "topic_words_left_out.tsv", ("code", "terms"))
    }
    for code, words in lexicon.items():
        terms = [*words.split(), *more.get(code, [])]
        yield code, f"{TOP_WEIGHT:g}", _terms(terms, small | left_out.get(code, set()))
    for row in read_rows(sources / "topic_terms.tsv", ("code", "weight", "terms")):
        yield row["code"], row["weight"], _terms(split_cell(row["terms"]), small)


def _function_words(sources: Path) -> set[str]:
    """The small words of English: the WHO is no topic of every text with a relative clause."""
    rows = read_rows(sources / "function_words.tsv", ("language", "words"))
    return {word for row in rows if row["language"] == "en" for word in row["words"].split()}


def _terms(written: Iterable[str], small: set[str]) -> str:
    """Folded words separated by single spaces, as the topic step compares them, and the English plural of each."""
    terms = [" ".join(fold(word) for word in phrase(text) if re.match(r"\w", word)) for text in written]
    plurals = [f"{term}s" for term in terms if len(term) > 3 and term[-1] not in "sxyzh" and term.isascii()]
    return "|".join(term for term in dict.fromkeys([*terms, *plurals]) if term not in small)
