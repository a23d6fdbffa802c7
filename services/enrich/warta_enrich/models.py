"""Everything that enrichment reads, loaded once: detectors and tables; so that threads may share it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from itertools import chain
from pathlib import Path

from warta_enrich.backends.checksum import model_slug
from warta_enrich.backends.contract import NameFinder
from warta_enrich.backends.loading import load_names, model_folder
from warta_enrich.rows import Row, TableError, read_rows
from warta_enrich.settings import BUILT_IN, NameSettings
from warta_enrich.steps.gazetteer import CUE_COLUMNS, ENTITY_COLUMNS, Gazetteer, build_gazetteer
from warta_enrich.steps.language import LanguageModel, load_language_model
from warta_enrich.steps.person_words import PERSON_COLUMNS, PersonWords, build_person_words
from warta_enrich.steps.topics import TERM_COLUMNS, TOPIC_COLUMNS, TopicLexicon, build_topics
from warta_enrich.tagger.knowledge import LANGUAGE_COLUMNS, Knowledge, load_knowledge
from warta_enrich.tagger.tagger import WEIGHTS_FILE, Tagger, load_tagger
from warta_shared.events.article import Enrichment

SHIPPED = Path(__file__).parent / "tables"
LEARNT_FROM = ("organisations", "places")  # tables that the tagger was trained with
ENTITY_TABLES = ("regencies", *LEARNT_FROM, "officials")  # of a shared alias the first whose rules hold
EXTRA_ENTITIES, EXTRA_TERMS = "entities.tsv", "topic_terms.tsv"
_PACKAGES = ("pycld2", "py3langid", "lingua-language-detector")


@dataclass(frozen=True, slots=True)
class Models:
    """What the steps need; `made_by` says in each event which code and data made it.

    `tagger` finds names by context: the built-in one, or the operator's backend.
    """

    language: LanguageModel
    gazetteer: Gazetteer
    tagger: NameFinder
    people: PersonWords
    topics: TopicLexicon
    made_by: Enrichment


def load_models(tables_dir: Path | None = None, names: NameSettings | None = None) -> Models:
    """Load detectors and shipped tables, and the operator's rows in `tables_dir`, which win over the shipped.

    `tables_dir` may hold `entities.tsv` (id, kind, name, home, aliases) and `topic_terms.tsv` (code, weight, terms).
    `names` chooses what finds names by context, without them the tagger that comes with Warta.
    Raises TableError with file, line and what is expected when a row cannot be used, BackendError for `names`.
    """
    tagger, tagger_slugs = _tagger(names)
    extra = _extra_tables(tables_dir)
    entities = chain(_extra(extra, EXTRA_ENTITIES, ENTITY_COLUMNS), *map(_entities, ENTITY_TABLES))
    terms = chain(
        _extra(extra, EXTRA_TERMS, TERM_COLUMNS), read_rows(SHIPPED / "topic_terms.tsv", TERM_COLUMNS)
    )
    gazetteer = build_gazetteer(entities, read_rows(SHIPPED / "cues.tsv", CUE_COLUMNS))
    topics = build_topics(read_rows(SHIPPED / "topics.tsv", TOPIC_COLUMNS), terms)
    return Models(
        language=load_language_model(_telling_words()),
        gazetteer=gazetteer,
        tagger=tagger,
        people=build_person_words(list(read_rows(SHIPPED / "person_words.tsv", PERSON_COLUMNS))),
        topics=topics,
        made_by=Enrichment(version=version("warta-enrich"), models=(*_slugs(extra), *tagger_slugs)),
    )


def load_tagger_of(folder: Path) -> Tagger:
    """The tagger of a folder with compiled tables and weights. Raises TableError when they cannot be used."""
    return load_tagger(folder, load_shipped_knowledge(folder))


def load_shipped_knowledge(folder: Path) -> Knowledge:
    """What the tagger was trained with, from the compiled tables of a folder: operators' rows change nothing in it."""
    rows = (row for name in LEARNT_FROM for row in _entities(name, folder))
    return load_knowledge(folder, rows)


def _tagger(names: NameSettings | None) -> tuple[NameFinder, tuple[str, ...]]:
    """What finds names by context, and what events say of it."""
    if names is None or (names.ner_backend == BUILT_IN and names.ner_model is None):
        return load_tagger_of(SHIPPED), (f"tagger-{_checksum(*_tagger_files())}",)
    if names.ner_backend == BUILT_IN:
        folder = model_folder(names)
        return load_tagger_of(folder), (model_slug(BUILT_IN, folder),)
    backend, slug = load_names(names)
    return backend, (slug,)


def _tagger_files() -> list[Path]:
    return [*sorted(SHIPPED.glob("tagger_*.tsv")), SHIPPED / WEIGHTS_FILE]


def _entities(name: str, folder: Path = SHIPPED) -> Iterator[Row]:
    return read_rows(folder / f"{name}.tsv", ENTITY_COLUMNS)


def _extra_tables(folder: Path | None) -> dict[str, Path]:
    """The operator's tables by name; a table with another name is a mistake that must not pass unseen."""
    if folder is None:
        return {}
    if not folder.is_dir():
        raise TableError(f"{folder} is no folder")
    tables = {path.name: path for path in sorted(folder.glob("*.tsv"))}
    if unknown := tables.keys() - {EXTRA_ENTITIES, EXTRA_TERMS}:
        raise TableError(
            f"{folder}: {', '.join(sorted(unknown))}; known are {EXTRA_ENTITIES} and {EXTRA_TERMS}"
        )
    return tables


def _extra(tables: dict[str, Path], name: str, columns: tuple[str, ...]) -> Iterable[Row]:
    return read_rows(tables[name], columns) if name in tables else ()


def _telling_words() -> dict[str, tuple[str, ...]]:
    """Each small word, and each other word by which twins are told apart, with the languages that use it."""
    languages: dict[str, tuple[str, ...]] = {}
    for table in ("function_words.tsv", "telling_words.tsv"):
        for row in read_rows(SHIPPED / table, LANGUAGE_COLUMNS):
            for word in row["words"].split():
                languages[word] = tuple(dict.fromkeys((*languages.get(word, ()), row["language"])))
    return languages


def _slugs(extra: dict[str, Path]) -> Iterator[str]:
    """Name and version of each detector, name and checksum of each table; the tagger's have one with its weights."""
    for package in _PACKAGES:
        yield f"{package}-{version(package)}"
    yield from _checksums("", sorted(set(SHIPPED.glob("*.tsv")) - set(_tagger_files())))
    yield from _checksums("extra-", extra.values())


def _checksums(prefix: str, paths: Iterable[Path]) -> Iterator[str]:
    for path in paths:
        yield f"{prefix}{path.stem}-{_checksum(path)}"


def _checksum(*paths: Path) -> str:
    """Of the files one after the other."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]
