"""Indonesian laws and regulations by number (UU No. 11 Tahun 2020, Law No. 11 of 2020) and bills (RUU ...)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from warta_enrich.steps.mentions import Find
from warta_enrich.steps.numbers import Number
from warta_enrich.steps.tokens import Passage

NUMBERS_MAX = 1_000  # numbers of a passage that could be a law's and are looked at
_LEFT = 110  # characters before a number in which its kind of law must stand
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_BEFORE_YEAR = re.compile(
    r"(?:(?<![A-Za-z])(?P<no>Nomor|Number|No)\.?[ ]{0,2})?(?<![\w.,/])(?P<number>[0-9]{1,4}(?:/[A-Z][\w.-]{1,30})?)"
    r"(?:/|[ ]{1,2}(?:Tahun|tahun|of|Year|year)[ ]{1,2})$"
)
_JOINTS = (
    "/",
    "ahun",
    "of",
    "ear",
)  # what a year stands behind; a quick look spares most of them the pattern
_JOINT = 7
_BETWEEN = 60  # characters before a year in which the law's number must stand


class Kind(NamedTuple):
    """A kind of law: its id part, the short name it is shown under, and how it is written before the number."""

    slug: str
    label: str
    pattern: re.Pattern[str]


def _kind(slug: str, label: str, written: str) -> Kind:
    tail = r"(?:[ ]\([A-Za-z/ ]{2,20}\))?(?:[ ](?:RI|Republik Indonesia))?[ ,]{0,2}$"
    return Kind(slug, label, re.compile(rf"(?<![A-Za-z])(?:{written}){tail}"))


_WORDS = r"[A-Z][A-Za-z/-]{1,30}(?:,?[ ](?:(?:dan|and)[ ])?[A-Z][A-Za-z/-]{1,30}){0,6}"
_KINDS = (
    _kind("perppu", "Perppu", r"Perppu|Perpu|[Pp]eraturan [Pp]emerintah [Pp]engganti [Uu]ndang-[Uu]ndang"
          r"|[Gg]overnment [Rr]egulation in [Ll]ieu of [Ll]aw"),
    _kind("uu", "UU", r"UU|[Uu]ndang-[Uu]ndang|Law"),
    _kind("pp", "PP", r"PP|[Pp]eraturan [Pp]emerintah|[Gg]overnment [Rr]egulation"),
    _kind("perpres", "Perpres", r"Perpres|[Pp]eraturan [Pp]residen|[Pp]residential [Rr]egulation"),
    _kind("keppres", "Keppres", r"Keppres|[Kk]eputusan [Pp]residen|[Pp]residential [Dd]ecree"),
    _kind("inpres", "Inpres", r"Inpres|[Ii]nstruksi [Pp]residen|[Pp]residential [Ii]nstruction"),
    _kind("pmk", "PMK", r"PMK|Permenkeu|[Pp]eraturan [Mm]enteri [Kk]euangan|(?:Finance Minist(?:er|ry)|Minister of"
          r" Finance) [Rr]egulation"),
    _kind("pojk", "POJK", r"POJK|[Pp]eraturan (?:OJK|Otoritas Jasa Keuangan)|OJK [Rr]egulation"),
    _kind("pbi", "PBI", r"PBI|[Pp]eraturan Bank Indonesia|Bank Indonesia [Rr]egulation"),
    _kind("pkpu", "PKPU", r"PKPU|[Pp]eraturan KPU"),
    _kind("putusan-mk", "Putusan MK", r"[Pp]utusan (?:MK|Mahkamah Konstitusi)|Constitutional Court [Rr]uling"),
)  # fmt: skip
_MINISTERIAL = re.compile(
    rf"(?<![A-Za-z])(?:(?P<short>Permen[a-z]{{3,12}}|Kepmen[a-z]{{3,12}}"
    rf"|(?:Permen|Kepmen)(?:[ -][A-Z][A-Za-z]{{1,12}}){{1,2}})"
    rf"|[Pp]eraturan Menteri (?P<of>{_WORDS})|Minister of (?P<minister>{_WORDS}) [Rr]egulation"
    rf"|(?P<ministry>{_WORDS}) Minist(?:er|ry) [Rr]egulation)(?:[ ]\([A-Za-z/ ]{{2,20}}\))?(?:[ ]RI)?[ ,]{{0,2}}$"
)
_MINISTRIES = {
    "perdagangan": "permendag", "trade": "permendag", "perindustrian": "permenperin", "industry": "permenperin",
    "dalam-negeri": "permendagri", "home-affairs": "permendagri", "kesehatan": "permenkes", "health": "permenkes",
    "ketenagakerjaan": "permenaker", "manpower": "permenaker", "perhubungan": "permenhub",
    "transportation": "permenhub", "pertanian": "permentan", "agriculture": "permentan", "esdm": "permen-esdm",
    "energi-dan-sumber-daya-mineral": "permen-esdm", "energy-and-mineral-resources": "permen-esdm",
    "agama": "permenag", "religious-affairs": "permenag", "bumn": "permen-bumn",
}  # fmt: skip
_REGIONAL = re.compile(
    rf"(?<![A-Za-z])(?:Perda|Pergub|Perbup|Perwali|Perwalkot|Qanun|Peraturan (?:Daerah|Gubernur|Bupati|Wali ?[Kk]ota)"
    rf"|Regional Regulation)(?:[ ]\(Perda\))?(?:[ ]{_WORDS})?[ ,]{{0,2}}$"
)
_BILL = re.compile(
    r"\b(?:RUU|Rancangan Undang-[Uu]ndang(?:[ ]\(RUU\))?)(?:[ ](?:tentang|soal))?"
    r"((?:[ ](?:(?:dan|atas)[ ])?[A-Z][\w-]{0,30}){1,8})"
)
_BILL_ACRONYM = re.compile(r"\bRUU([ ][A-Z]{2,10})\b")


def find_laws(passage: Passage) -> Iterator[Find[str]]:
    """Numbered laws, keyed `law:id-uu-2020-11`; regional ones by name, since their numbers repeat."""
    text = passage.text
    years = (number for number in passage.numbers if _YEAR.fullmatch(number.digits))
    for year in islice(years, NUMBERS_MAX):
        if not text[max(0, year.start - _JOINT) : year.start].rstrip(" ").endswith(_JOINTS):
            continue
        before = _BEFORE_YEAR.search(text, max(0, year.start - _BETWEEN), year.start)
        if before and (found := _numbered(text, before, year)):
            start, key, name = found
            yield Find(passage.field, start, year.end, key, name)
    if "RUU" not in text and "Rancangan Undang" not in text:
        return
    bills = _BILL_ACRONYM if passage.title_case or passage.all_caps else _BILL
    for match in bills.finditer(text):
        name = f"RUU {' '.join(match[1].split())}"
        yield Find(passage.field, match.start(), match.end(), f"law:id-{_slug(name)}"[:128], name)


def _numbered(text: str, match: re.Match[str], ends: Number) -> tuple[int, str, str] | None:
    """(start, key, name) of the law whose kind stands before this number."""
    number, year, left = match["number"], ends.digits, max(0, match.start() - _LEFT)
    for kind in _KINDS:
        if (written := kind.pattern.search(text, left, match.start())) and (
            match["no"] or written[0].strip() != "Law"
        ):
            return written.start(), _key(kind.slug, year, number), f"{kind.label} No. {number} Tahun {year}"
    if written := _MINISTERIAL.search(text, left, match.start()):
        slug, label = _ministerial(written)
        return written.start(), _key(slug, year, number), f"{label} No. {number} Tahun {year}"
    if written := _REGIONAL.search(text, left, match.start()):
        name = " ".join(text[written.start() : ends.end].split())
        return written.start(), name.casefold(), name
    return None


def _ministerial(written: re.Match[str]) -> tuple[str, str]:
    """(slug, label) of a ministerial regulation, one for all ways to write it where the ministry is known."""
    if short := written["short"]:
        slug = _slug(short)
        return slug, short
    ministry = written["of"] or written["minister"] or written["ministry"]
    known = _MINISTRIES.get(_slug(ministry))
    if known:
        return known, known.replace(
            "permen-", "Permen "
        ).capitalize() if "-" not in known else f"Permen {known[7:].upper()}"
    return f"permen-{_slug(ministry)}", f"Peraturan Menteri {ministry}"


def _key(slug: str, year: str, number: str) -> str:
    return f"law:id-{slug}-{year}-{_slug(number)}"[:128]


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
