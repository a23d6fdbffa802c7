"""Organisations: the curated table, and ministries with every way to write them in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from warta_enrich.rows import Row, read_rows, split_cell

ORGANISATION_COLUMNS = ("id", "name", "home", "aliases", "ambiguous")
MINISTRY_COLUMNS = ("id", "subject_en", "subject_id", "acronyms", "minister")

# Names that other countries have too: they count only where the article is about their country.
_SHARED = re.compile(
    r"^(?:Ministry|Coordinating Ministry|House of|Constitutional Court|Judicial Commission|National Police"
    r"|Press Council|Attorney|Cabinet Secretariat"
    r"|Financial Services Authority|Competition Commission|Audit Board|State Secretariat"
    r"|State Palace|National (?:Research|Food|Economic|Civil|Cyber|Narcotics|Nutrition)|State (?:Intelligence|Civil)"
    r"|Supreme Audit|Anti-|General Elections? Commission|Elections? Supervisory|Directorate General|Customs)"
    r"|Ministry$|^Kementerian|^Mahkamah|^Kejaksaan Agung$|^Sekretariat|^Dewan Perwakilan Rakyat$"
)


def organisation_rows(sources: Path) -> Iterator[tuple[str, ...]]:
    """(id, kind, name, home, aliases) of all organisations."""
    for row in read_rows(sources / "ministries.tsv", MINISTRY_COLUMNS):
        name, aliases = _ministry(row)
        yield row["id"], "organisation", name, "ID", "|".join(dict.fromkeys(aliases))
    for row in read_rows(sources / "organisations.tsv", ORGANISATION_COLUMNS):
        plain = [_with_rule(alias, row["home"]) for alias in split_cell(row["aliases"])]
        aliases = [*plain, *split_cell(row["ambiguous"])]
        yield row["id"], "organisation", row["name"], row["home"], "|".join(dict.fromkeys(aliases))


def portfolios(sources: Path) -> Iterator[str]:
    """What a minister may be minister of, in both languages."""
    for row in read_rows(sources / "ministries.tsv", MINISTRY_COLUMNS):
        yield from split_cell(row["subject_en"].partition(";")[2])
        for subject in split_cell(row["subject_id"]):
            yield subject.removeprefix("Koordinator ").removeprefix("Bidang ")


def minister_titles(sources: Path) -> Iterator[str]:
    """The short titles of ministers: Mendag, Menko Perekonomian."""
    for row in read_rows(sources / "ministries.tsv", MINISTRY_COLUMNS):
        yield from split_cell(row["minister"])


def _ministry(row: Row) -> tuple[str, list[str]]:
    name, _, subjects = row["subject_en"].partition(";")
    lead = "Coordinating Ministry for" if name.startswith("Coordinating") else "Ministry of"
    aliases = [f"{name}=home"]
    for subject in split_cell(subjects):
        short = subject.removeprefix("the ")
        aliases += [f"{lead} {subject}=home", f"Ministry for {subject}=home", f"{short} Ministry=home"]
    aliases += [f"Kementerian {subject}=home" for subject in split_cell(row["subject_id"])]
    aliases += [_with_rule(alias, "ID") for alias in split_cell(row["acronyms"])]
    return name, aliases


def _with_rule(alias: str, home: str) -> str:
    """Short acronyms and names that exist in many countries need the article to be about this one."""
    if home and ((len(alias) <= 3 and alias.isupper()) or _SHARED.search(alias)):
        return f"{alias}=home"
    return alias
