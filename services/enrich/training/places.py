"""Places: countries, provinces, regencies and cities of Indonesia, regions, cities of the world."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from training.text_statistics import ordinary_phrases, person_words
from warta_enrich.rows import read_rows, split_cell

REGENCY_FILE = "gaz_wilayah_prov_kab_kec.tsv"
COUNTRY_COLUMNS = ("id", "name", "aliases", "demonyms", "ambiguous")
PROVINCE_COLUMNS = ("code", "iso", "name", "aliases", "ambiguous")
CITY_COLUMNS = ("country", "name", "aliases", "ambiguous")
REGION_COLUMNS = ("id", "name", "home", "aliases", "ambiguous")
_SHORT = 4  # letters: shorter bare names are words or parts of other names more often than places

EntityRow = tuple[str, str, str, str, str]


def place_rows(sources: Path, data: Path) -> Iterator[EntityRow]:
    """All places, the more prominent first: the first row that claims an alias wins it."""
    yield from _countries(sources)
    provinces = list(_provinces(sources))
    yield from provinces
    yield from _regions(sources)
    yield from _regencies(
        sources, data, {name for row in provinces for name in (row[2], *split_cell(row[4]))}
    )
    yield from _cities(sources)


def _countries(sources: Path) -> Iterator[EntityRow]:
    for row in read_rows(sources / "countries.tsv", COUNTRY_COLUMNS):
        code = row["id"].removeprefix("country:")
        yield row["id"], "place", row["name"], code, _aliases(row["aliases"], row["ambiguous"])
        if row["demonyms"]:
            yield row["id"], "demonym", row["name"], code, row["demonyms"]


def _provinces(sources: Path) -> Iterator[EntityRow]:
    for row in read_rows(sources / "provinces.tsv", PROVINCE_COLUMNS):
        place = f"place:id-{row['iso'].lower()}"
        yield place, "place", row["name"], "ID", _aliases(row["aliases"], row["ambiguous"])


def _regions(sources: Path) -> Iterator[EntityRow]:
    for row in read_rows(sources / "regions.tsv", REGION_COLUMNS):
        yield row["id"], "place", row["name"], row["home"], _aliases(row["aliases"], row["ambiguous"])


def _cities(sources: Path) -> Iterator[EntityRow]:
    for row in read_rows(sources / "world_cities.tsv", CITY_COLUMNS):
        place = f"place:{row['country'].lower()}-{_slug(row['name'])}"
        yield place, "place", row["name"], row["country"], _aliases(row["aliases"], row["ambiguous"])


def _regencies(sources: Path, data: Path, provinces: set[str]) -> Iterator[EntityRow]:
    """The 514 regencies and cities; ids carry the Kemendagri code, a bare name belongs to the city if there is one."""
    official = _read_regencies(data)
    bare = {code: _bare(name) for code, name in official}
    cities = _city_names(official)
    doubtful = _doubtful(sources, data, set(bare.values()))
    extra = {
        row["code"]: row["aliases"] for row in read_rows(sources / "place_aliases.tsv", ("code", "aliases"))
    }
    for code, name in official:
        short, city = bare[code], name.startswith("Kota ")
        aliases = _written(name, short, city=city)
        if short not in provinces and (city or short not in cities):
            aliases.append(f"{short}={doubtful[short]}" if short in doubtful else short)
        shown = short if city and short not in provinces else name
        aliases += split_cell(extra.get(code, ""))
        yield _place_id(code), "place", shown, "ID", "|".join(dict.fromkeys(aliases))


def regency_rows(data: Path) -> Iterator[EntityRow]:
    """The regencies that share their name with a city: who governs a regency is a regent (Bupati Bogor)."""
    official = _read_regencies(data)
    cities = _city_names(official)
    for code, name in official:
        if not name.startswith("Kota ") and _bare(name) in cities:
            yield _place_id(code), "place", name, "ID", f"{_bare(name)}=regent"


def _place_id(code: str) -> str:
    return f"place:id-{code.replace('.', '')}"


def _city_names(official: Iterable[tuple[str, str]]) -> set[str]:
    return {_bare(name) for _, name in official if name.startswith("Kota ")}


def _read_regencies(data: Path) -> list[tuple[str, str]]:
    lines = (data / REGENCY_FILE).read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line)
    return [(code, " ".join(name.split())) for code, name in rows if code.count(".") == 1]


def _bare(name: str) -> str:
    return re.sub(r"^(?:Kabupaten|Kota)(?: Administrasi)? ", "", name)


def _written(name: str, short: str, *, city: bool) -> list[str]:
    if city:
        return [name, f"Kota {short}", f"Kotamadya {short}", f"{short} City", f"City of {short}"]
    return [
        name,
        f"Kabupaten {short}",
        f"Kab. {short}",
        f"Kab {short}",
        f"{short} Regency",
        f"{short} regency",
    ]


def _doubtful(sources: Path, data: Path, names: set[str]) -> dict[str, str]:
    """The evidence that a bare name needs because it is also an ordinary word or part of person names."""
    folded = {name: name.casefold() for name in names}
    words = ordinary_phrases(data, folded.values())
    people = person_words(data)
    rules = {row["name"]: row["rule"] for row in read_rows(sources / "place_words.tsv", ("name", "rule"))}
    for name, lower in folded.items():
        if lower in people or len(name) <= _SHORT or (lower in words and " " in name):
            rules[name] = "place"
        elif lower in words:
            rules.setdefault(name, "inside")
    return rules


def _aliases(plain: str, ambiguous: str) -> str:
    """One cell: a rule given for an alias replaces its plain form."""
    ruled = split_cell(ambiguous)
    bound = {alias.partition("=")[0] for alias in ruled}
    return "|".join([alias for alias in split_cell(plain) if alias not in bound] + ruled)


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
