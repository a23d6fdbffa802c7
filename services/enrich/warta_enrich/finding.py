"""What each step adds to a reading; the finding itself is done by the pure functions of `steps`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from warta_enrich.models import Models
from warta_enrich.reading import Reading
from warta_enrich.steps.acronyms import joined
from warta_enrich.steps.common_words import without_common_words
from warta_enrich.steps.dates import calendar_dates, find_dates
from warta_enrich.steps.evidence import Named, settle
from warta_enrich.steps.gazetteer import find_names
from warta_enrich.steps.language import detect_language
from warta_enrich.steps.laws import find_laws
from warta_enrich.steps.mentions import Find, entities
from warta_enrich.steps.money import amounts, find_money
from warta_enrich.steps.people import find_people
from warta_enrich.steps.percentages import find_percentages, percentages
from warta_enrich.steps.relative_dates import find_relative_dates, publication_day
from warta_enrich.steps.tagged_names import (
    LAW,
    ORGANISATION,
    PERSON,
    PLACE,
    Tagged,
    as_finds,
    reconcile,
    tagged_names,
    without_person_words,
    without_titles,
)
from warta_enrich.steps.tickers import find_tickers
from warta_enrich.steps.titled_names import Person
from warta_enrich.steps.tokens import Passage
from warta_enrich.steps.topics import find_topics
from warta_enrich.stories.agency import agency_of

_PERSON = "person"  # of the tables


def language(reading: Reading, models: Models) -> None:
    """The language, by vote."""
    article = reading.article
    reading.verdict = detect_language(article.title, article.body, models.language, article.language_hint)


def laws(reading: Reading, _models: Models) -> None:
    """Laws and regulations by their numbers and years, and those that a backend found by name."""
    numbered = [find for passage in reading.passages for find in find_laws(passage)]
    by_name = [[name for name in names if name.kind == LAW] for names in reading.names]
    reading.found_laws = [*numbered, *as_finds(tagged_names(reading.passages, by_name, numbered))]
    reading.laws = entities(reading.found_laws)


def tickers(reading: Reading, _models: Models) -> None:
    """Codes of listed companies, with evidence."""
    reading.found_tickers = [find for passage in reading.passages for find in find_tickers(passage)]


def names(reading: Reading, models: Models) -> None:
    """Names of the tables, settled by context, and those of the tagger beside them, people without their titles."""
    taken = [*reading.found_laws, *reading.found_tickers]
    tagged = without_titles(tagged_names(reading.passages, reading.names, taken), models.people)
    tagged = without_common_words(tagged, reading.passages, models.people)
    matches = [match for passage in reading.passages for match in find_names(passage, models.gazetteer)]
    country = reading.article.source.country
    known = settle(matches, models.gazetteer, _day(reading), reading.verdict.language, country)
    reading.known, reading.tagged = reconcile(known, without_person_words(tagged))
    reading.tickers = entities([*_known("ticker", reading.known), *reading.found_tickers])


def people(reading: Reading, models: Models) -> None:
    """People of the tables by name, all others by title and by the tagger; none inside another name."""
    ends: dict[str, dict[int, int]] = {passage.field: {} for passage in reading.passages}
    persons = [
        Person.at(*name.match[:3], name.entity) for name in reading.known if name.entity.kind == _PERSON
    ]
    others = [name.match[:3] for name in reading.known if name.entity.kind != _PERSON]
    others += [(one.passage, one.start, one.end) for one in reading.tagged if one.kind != PERSON]
    for passage, start, end in others:
        ends[passage.field].update(dict.fromkeys(range(start, end), end))
    persons += [Person.at(one.passage, one.start, one.end) for one in reading.tagged if one.kind == PERSON]
    texts = [(passage, ends[passage.field]) for passage in reading.passages]
    reading.people = entities(find_people(texts, models.people, persons))


def organisations(reading: Reading, _models: Models) -> None:
    """Organisations, each with the acronyms that the text gives it."""
    found = [*_known("organisation", reading.known), *_tagged(ORGANISATION, reading.tagged)]
    reading.organisations = entities(joined(found, reading.passages))


def places(reading: Reading, _models: Models) -> None:
    """Places."""
    reading.places = entities([*_known("place", reading.known), *_tagged(PLACE, reading.tagged)])


def topics(reading: Reading, models: Models) -> None:
    """IPTC Media Topics, from the feed's section and the words."""
    hints = reading.article.topic_hints
    reading.topics = find_topics(reading.passages, models.topics, reading.verdict.language, hints)


def money(reading: Reading, _models: Models) -> None:
    """Amounts with their currency."""
    language_of = reading.verdict.language
    reading.amounts = amounts(find for p in reading.passages for find in find_money(p, language_of))


def shares(reading: Reading, _models: Models) -> None:
    """Percentages."""
    language_of = reading.verdict.language
    found = (find for p in reading.passages for find in find_percentages(p, language_of))
    reading.percentages = percentages(found)


def dates(reading: Reading, _models: Models) -> None:
    """Dates that are whole by themselves, and those that the day of publication completes."""
    reading.dates = calendar_dates(find for p in reading.passages for find in _dates(p, reading))


def agency(reading: Reading, _models: Models) -> None:
    """The news agency whose copy it is."""
    reading.agency = agency_of(reading.article.body, reading.article.authors)


def _known(kind: str, named: Iterable[Named]) -> list[Find[str]]:
    """The settled names of one kind as finds, shown under the name of the table."""
    return [
        Find(
            name.match.passage.field,
            name.match.passage.starts[name.match.start],
            name.match.passage.ends[name.match.end - 1],
            name.entity.id,
            name.entity.name,
        )
        for name in named
        if name.entity.kind == kind
    ]


def _tagged(kind: str, tagged: Iterable[Tagged]) -> list[Find[str]]:
    return as_finds(one for one in tagged if one.kind == kind)


def _dates(passage: Passage, reading: Reading) -> Iterator[Find[str]]:
    taken = _ranges(passage, reading.found_laws)
    whole = list(find_dates(passage, taken))
    others = find_relative_dates(passage, _day(reading), [*taken, *_ranges(passage, whole)])
    yield from sorted([*whole, *others], key=lambda find: find.start)


def _day(reading: Reading) -> date:
    """The day of publication where the source is at home."""
    article = reading.article
    return publication_day(article.published_at or article.first_seen_at, article.source.country)


def _ranges(passage: Passage, finds: Sequence[Find[str]]) -> list[tuple[int, int]]:
    return [(find.start, find.end) for find in finds if find.field == passage.field]
