"""Names that the tagger found beside those of the tables: one span, one type.

What wins where two of them overlap, in this order:
1. a law or a ticker, which stands by its number or code;
2. the longer name, where the tagger sees an organisation, a person or another place around a place or a person
   (Universitas Negeri Surabaya, Bandara Soekarno-Hatta Jakarta, Edhy Prabowo);
3. a known name, since its entity is certain;
4. the tagger's name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace

from warta_enrich.steps.dates import MONTHS
from warta_enrich.steps.evidence import Named
from warta_enrich.steps.mentions import Find, name_key
from warta_enrich.steps.person_words import PersonWords
from warta_enrich.steps.relative_dates import WEEKDAYS
from warta_enrich.steps.titled_names import after_office, behind_rank
from warta_enrich.steps.tokens import Field, Passage, fold
from warta_enrich.tagger.labels import Span

PERSON, ORGANISATION, PLACE = "PER", "ORG", "LOC"
LAW = "LAW"  # of backends; the tagger knows none
_GIVEN = frozenset({"ratu", "raja", "pangeran", "sultan", "king", "queen", "major", "chief", "general"})
_OFFICE_OF = frozenset({"of", "for"})  # Minister for Micro, Small and Medium Enterprises
_BEFORE_DAYS = frozenset({"on", "pada", "hari"})  # Great Hall of the People on Saturday
_PARTICLES = frozenset(
    {"al", "el", "bin", "binti", "van", "von", "de", "da", "di", "der", "den", "la", "le", "ibn"}
)
_KINDS_OF_PLACE = frozenset(
    {"kota", "kabupaten", "provinsi", "pulau", "negara", "republik", "daerah", "wilayah", "kawasan", "bumi"}
    | {"the", "city", "regency", "province", "republic", "island", "district", "state"}
)  # Provinsi Jawa Timur is Jawa Timur
_LEGAL_FORMS = frozenset({"persero", "tbk", "perseroda", "perumda", "inc", "ltd", "corp", "llc"})
_SAYING = frozenset(
    {"said", "says", "told", "added", "kata", "ujar", "tutur", "ucap", "ungkap", "tegas"}
    | {"mengatakan", "menyatakan", "menyebut", "menilai", "menegaskan", "menambahkan"}
)  # by these a name has ended
_OFFICES_OF_STATE = frozenset(
    {"presiden", "wapres", "menteri", "pm", "menlu", "menhan", "raja", "ratu", "kanselir", "dubes", "kaisar"}
)  # not every title: the captain Jordan Henderson is called so
_INITIAL = 2  # letters
_INNER = frozenset({"place", "demonym", "person"})


@dataclass(frozen=True, slots=True)
class Tagged:
    """A name that the tagger found: tokens start to end (exclusive) of a passage."""

    passage: Passage
    start: int
    end: int
    kind: str

    @property
    def range(self) -> tuple[int, int]:
        """The half-open range of code points in the field."""
        return self.passage.starts[self.start], self.passage.ends[self.end - 1]

    @property
    def name(self) -> str:
        """The name as written, with single spaces."""
        start, end = self.range
        return " ".join(self.passage.text[start:end].split())


def tagged_names(
    passages: Sequence[Passage], names: Sequence[Sequence[Span]], taken: Iterable[Find[str]]
) -> list[Tagged]:
    """The tagger's names as they stand in the passages, without those that overlap `taken` (laws, tickers)."""
    places: dict[Field, set[int]] = {"title": set(), "body": set()}
    codes = set()
    for find in taken:
        places[find.field].update(range(find.start, find.end))
        codes.add((find.field, find.start))
    found = [
        Tagged(passage, _start(passage, span), _end(passage, span), span.kind)
        for passage, spans in zip(passages, names, strict=True)
        for span in spans
        if not _is_date(passage, span)
        and (span.kind == PERSON or _SAYING.isdisjoint(passage.words[span.start : span.end]))
        and any(
            passage.words[index][0].isalnum() and passage.folded[index] not in _LEGAL_FORMS
            for index in range(span.start, span.end)
        )
    ]
    return [
        one
        for one in found
        if places[one.passage.field].isdisjoint(range(*one.range)) and not _is_exchange_of_code(one, codes)
    ]


def _is_date(passage: Passage, span: Span) -> bool:
    """Jan 8, which looks like a name to the tagger."""
    return passage.folded[span.start] in MONTHS and passage.words[span.end - 1].isdigit()


def _is_exchange_of_code(one: Tagged, codes: Set[tuple[Field, int]]) -> bool:
    """IDX in (IDX: BBCA) is a part of the code."""
    passage, after = one.passage, one.end + 1
    return (
        after < len(passage)
        and passage.words[one.end] == ":"
        and (passage.field, passage.starts[after]) in codes
    )


def _start(passage: Passage, span: Span) -> int:
    """Without a quotation mark before it; a person's without small words either (said Budi Santoso)."""
    start = span.start
    while start < span.end - 1 and (
        not passage.words[start][0].isalnum()
        or (span.kind == PERSON and passage.words[start].islower() and passage.words[start] not in _PARTICLES)
    ):
        start += 1
    return start


def _end(passage: Passage, span: Span) -> int:
    """A name that introduces its acronym ends with the bracket: Komisi Informasi (KI); a person's before one."""
    words = passage.words[span.start : span.end]
    if len(words) > 2 and words[-2] in _BEFORE_DAYS and passage.folded[span.end - 1] in WEEKDAYS:
        return span.end - 2
    if "(" not in words[1:]:
        return span.end
    opening = words.index("(", 1)
    if span.kind == PERSON:
        return span.start + opening
    return span.start + words.index(")", opening) + 1 if ")" in words[opening:] else span.end


def without_person_words(tagged: Sequence[Tagged]) -> list[Tagged]:
    """Without single words that the tagger calls a place or an organisation and that are part of a person's name
    elsewhere in the text: it is the person (Helvi, of Helvi Moraza).
    """
    people = {
        word
        for one in tagged
        if one.kind == PERSON and one.end - one.start > 1
        for word in one.passage.words[one.start : one.end]
        if word[0].isupper() and len(word) > _INITIAL
    }
    return [
        one
        for one in tagged
        if one.kind == PERSON or one.end - one.start > 1 or one.passage.words[one.start] not in people
    ]


def reconcile(named: Sequence[Named], tagged: Sequence[Tagged]) -> tuple[list[Named], list[Tagged]]:
    """(known names, the tagger's names) without overlaps; see the order above."""
    at: dict[Field, dict[int, Named]] = {"title": {}, "body": {}}
    for known in named:
        match = known.match
        at[match.passage.field].update(dict.fromkeys(range(match.start, match.end), known))
    kept: list[Tagged] = []
    lost: set[int] = set()
    for found in tagged:
        here = at[found.passage.field]
        one = _without_realm(found, here.get(found.start))
        inside = {id(here[index]): here[index] for index in range(one.start, one.end) if index in here}
        if all(_longer(one, known) for known in inside.values()):
            lost |= inside.keys()
            kept.append(one)
    return [known for known in named if id(known) not in lost], kept


def _without_realm(one: Tagged, known: Named | None) -> Tagged:
    """A person without the place that the office before it is of: Presiden Ukraina Zelensky."""
    if (
        known is None
        or one.kind != PERSON
        or known.entity.kind != "place"
        or known.match.end >= one.end
        or one.passage.folded[max(0, one.start - 1)] not in _OFFICES_OF_STATE
    ):
        return one
    return replace(one, start=known.match.end)


def _longer(one: Tagged, known: Named) -> bool:
    """An organisation or a person around a place or a person, or a place with a longer name of its own."""
    match = known.match
    around = one.start <= match.start and match.end <= one.end
    if not around or known.entity.kind not in _INNER:
        return False
    words = one.passage.words
    more = [*words[one.start : match.start], *words[match.end : one.end]]
    if one.kind == PLACE:
        return any(word[0].isupper() and fold(word) not in _KINDS_OF_PLACE for word in more)
    return bool(more)


def without_titles(tagged: Iterable[Tagged], words: PersonWords) -> list[Tagged]:
    """The names, people without titles and offices; where nothing but an office is left there is no name."""
    stripped = (_without_title(one, words) if one.kind == PERSON else one for one in tagged)
    return [one for one in stripped if one]


def _without_title(one: Tagged, words: PersonWords) -> Tagged | None:
    """A person's name without the title or office it begins with; None where nothing but an office is left."""
    if _names_an_office(one, words):
        return None
    one = replace(one, start=behind_rank(one.passage, one.start, one.end))
    found = words.titles.longest(one.passage.folded, one.start)
    if not found or one.passage.folded[one.start] in _GIVEN:
        return one
    after = after_office(one.passage, one.start + found[0], {}, words)
    if after is None or after >= one.end or one.passage.folded[after - 1] in _OFFICE_OF:
        return None
    return replace(one, start=after)


def _names_an_office(one: Tagged, words: PersonWords) -> bool:
    """What a title says it is for: Deputy Minister for [Micro], Small and Medium Enterprises."""
    folded, before = one.passage.folded, one.start - 2
    return before >= 0 and folded[before + 1] in _OFFICE_OF and words.titles.starts(folded[before])


def as_finds(tagged: Iterable[Tagged]) -> list[Find[str]]:
    """Names without an id: the same folded name is the same entity."""
    return [Find(one.passage.field, *one.range, name_key(one.name), one.name) for one in tagged]
