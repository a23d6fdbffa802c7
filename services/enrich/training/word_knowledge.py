"""Compile what the tagger knows of words and names from lists and from tagged open text."""

from __future__ import annotations

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from training.text_statistics import FAKER_FILE, sentences
from warta_enrich.steps.tokens import fold, phrase

PERSON_FILE = "gaz_dbpedia_person.txt.gz"
ORGANISATION_FILE = "gaz_dbpedia_organization.txt.gz"
CITY_FILE = "gaz_cities_geonames.txt"
COUNTRY_FILE = "gaz_countries_cldr_id_en.txt"
PLACE_FILE = "gaz_places_own_cc0.txt"
OWN_ORGANISATION_FILE = "gaz_orgs_own_cc0.txt"
REGION_FILE = "gaz_wilayah_prov_kab_kec.tsv"
_SEEN_MIN = 2  # a word seen once in the tagged text says nothing of how it is used
_STEPS = 4  # bins of the share of proper nouns

Attributes = Mapping[str, list[str]]


def word_rows(data: Path) -> Iterator[tuple[str, str]]:
    """(attributes, words) of free sources: first and last names, share of proper nouns in the tagged text."""
    found: dict[str, list[str]] = defaultdict(list)
    lists = json.loads((data / FAKER_FILE).read_text(encoding="utf-8"))
    for attribute, keys in (("first", ("fn", "efn")), ("last", ("ln", "eln"))):
        words = {fold(word) for key in keys for name in lists.get(key, ()) for word in phrase(name)}
        for word in words:
            found[word].append(attribute)
    for word, share in _proper_noun_shares(data).items():
        found[word].append(f"q{share}")
    yield from _grouped(found)


def dbpedia_word_rows(data: Path) -> Iterator[tuple[str, str]]:
    """(attributes, words): how often a word is the first and the last of a person's name."""
    names = [words for words in map(phrase, _lines(data / PERSON_FILE)) if len(words) > 1]
    found: dict[str, list[str]] = defaultdict(list)
    for attribute, place in (("df", 0), ("dl", -1)):
        for word, count in Counter(fold(words[place]) for words in names).items():
            found[word].append(f"{attribute}{_size(count)}")
    yield from _grouped({word: attributes for word, attributes in found.items() if word[0].isalpha()})


def name_rows(data: Path) -> Iterator[tuple[str, str]]:
    """(kind, names) of free sources: cities of the world, countries, regions of Indonesia, own lists."""
    regions = (line.split("\t")[1] for line in _lines(data / REGION_FILE))
    places = [*_lines(data / CITY_FILE), *_lines(data / COUNTRY_FILE), *_lines(data / PLACE_FILE), *regions]
    yield "LOC", _cell(places)
    yield "ORG", _cell(_lines(data / OWN_ORGANISATION_FILE))


def dbpedia_name_rows(data: Path) -> Iterator[tuple[str, str]]:
    """(kind, names) of organisations."""
    yield "ORG", _cell(_lines(data / ORGANISATION_FILE))


def _proper_noun_shares(data: Path) -> dict[str, int]:
    seen: Counter[str] = Counter()
    proper: Counter[str] = Counter()
    for sentence in sentences(data):
        for token, tag in sentence:
            for word in map(fold, phrase(token)):
                seen[word] += 1
                proper[word] += tag == "NNP"
    return {
        word: min(_STEPS, (_STEPS + 1) * proper[word] // count)
        for word, count in seen.items()
        if count >= _SEEN_MIN and word[0].isalpha()
    }


def _size(count: int) -> int:
    return 1 if count < 2 else 2 if count < 6 else 3


def _lines(path: Path) -> Iterator[str]:
    """Lines of a list, without those whose letters were lost (a `?` stands for them)."""
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return (name for line in text.decode().splitlines() if (name := line.strip()) and "?" not in name)


def _grouped(found: Attributes) -> Iterator[tuple[str, str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for word, attributes in found.items():
        groups[" ".join(attributes)].append(word)
    for written, words in sorted(groups.items()):
        yield written, " ".join(sorted(words))


def _cell(names: Iterable[str]) -> str:
    return "|".join(sorted({name.strip() for name in names if "|" not in name and phrase(name)}))
