"""Topics: the IPTC codes with names in both languages, and the words that speak for a code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
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
    """(code, weight, terms): the seed lexicon of the top levels, then the deeper codes of the curated table."""
    lexicon: dict[str, str] = json.loads((data / LEXICON_FILE).read_text(encoding="utf-8"))
    for code, words in lexicon.items():
        yield code, f"{TOP_WEIGHT:g}", "|".join(dict.fromkeys(_term(word) for word in words.split()))
    for row in read_rows(sources / "topic_terms.tsv", ("code", "weight", "terms")):
        yield row["code"], row["weight"], "|".join(dict.fromkeys(map(_term, split_cell(row["terms"]))))


def _term(written: str) -> str:
    """Folded words separated by single spaces, as the topic step compares them."""
    return " ".join(fold(word) for word in phrase(written) if re.match(r"\w", word))
