"""The enrichment of articles, in reading order: language -> entities -> topics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from warta_enrich.models import Models, load_models
from warta_enrich.steps.acronyms import joined
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
    ORGANISATION,
    PERSON,
    PLACE,
    Tagged,
    as_finds,
    reconcile,
    tagged_names,
    without_title,
)
from warta_enrich.steps.tickers import find_tickers
from warta_enrich.steps.titled_names import Person
from warta_enrich.steps.tokens import Passage, read_passage
from warta_enrich.steps.topics import find_topics
from warta_enrich.stories.agency import agency_of
from warta_enrich.tagger.labels import Span
from warta_shared.events import Article, EnrichedArticle, RawArticle
from warta_shared.events.article import Enrichment

__all__ = ["Models", "enrich", "enrich_read", "load_models", "read_passages"]


def enrich(article: RawArticle, models: Models) -> EnrichedArticle:
    """The article with what its text says added; pure, no I/O, and any text passes.

    Every field of the raw article is carried over unchanged. The entity and topic steps read the title and the
    first TEXT_MAX characters of the body, the tagger its first TOKENS_MAX tokens, the language step the first
    3,000 characters; lists are cut to the event's caps.
    """
    passages = read_passages(article)
    return enrich_read(article, passages, models.tagger.names(passages), models)


def read_passages(article: RawArticle) -> tuple[Passage, Passage]:
    """Title and body as tokens."""
    return read_passage("title", article.title), read_passage("body", article.body)


def enrich_read(
    article: RawArticle, passages: Sequence[Passage], names: Sequence[Sequence[Span]], models: Models
) -> EnrichedArticle:
    """As `enrich`, for an article whose passages the tagger has read already, with many others at once."""
    verdict = detect_language(article.title, article.body, models.language, article.language_hint)
    laws = [find for passage in passages for find in find_laws(passage)]
    tickers = [find for passage in passages for find in find_tickers(passage)]
    tagged = tagged_names(passages, names, [*laws, *tickers])
    known, tagged = reconcile(_named(passages, models, verdict.language, article.source.country), tagged)
    organisations = [*_known("organisation", known), *_tagged(ORGANISATION, tagged)]
    return EnrichedArticle(
        **{field: getattr(article, field) for field in Article.model_fields},
        language=verdict.language,
        language_confidence=verdict.confidence,
        second_language=verdict.second,
        topics=find_topics(passages, models.topics, verdict.language, article.topic_hints),
        people=entities(_people(passages, known, tagged, models)),
        organisations=entities(joined(organisations, passages)),
        places=entities([*_known("place", known), *_tagged(PLACE, tagged)]),
        laws=entities(laws),
        tickers=entities([*_known("ticker", known), *tickers]),
        amounts=amounts(f for p in passages for f in find_money(p, verdict.language)),
        percentages=percentages(f for p in passages for f in find_percentages(p, verdict.language)),
        agency=agency_of(article.body, article.authors),
        dates=calendar_dates(f for p in passages for f in _dates(p, laws, _published(article))),
        enrichment=Enrichment(version=models.version, models=models.slugs),
    )


def _named(passages: Sequence[Passage], models: Models, language: str, country: str | None) -> list[Named]:
    matches = [match for passage in passages for match in find_names(passage, models.gazetteer)]
    return settle(matches, models.gazetteer, language, country)


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


def _people(
    passages: Sequence[Passage], named: Sequence[Named], tagged: Sequence[Tagged], models: Models
) -> list[Find[str]]:
    """People of the tables by name, all others by title and by the tagger; none inside another name."""
    ends: dict[str, dict[int, int]] = {passage.field: {} for passage in passages}
    others = [(name.match.passage, name.match.start, name.match.end) for name in named]
    others += [(one.passage, one.start, one.end) for one in tagged if one.kind != PERSON]
    for passage, start, end in others:
        ends[passage.field].update(dict.fromkeys(range(start, end), end))
    people = [without_title(one, models.people) for one in tagged if one.kind == PERSON]
    persons = [_person(one) for one in people if one is not None]
    return [
        *_known("person", named),
        *find_people([(passage, ends[passage.field]) for passage in passages], models.people, persons),
    ]


def _person(one: Tagged) -> Person:
    return Person(one.passage, one.start, one.end, one.passage.words[one.start : one.end])


def _published(article: RawArticle) -> date:
    """The day that words like yesterday are reckoned from."""
    return publication_day(article.published_at or article.first_seen_at, article.source.country)


def _dates(passage: Passage, laws: Sequence[Find[str]], published: date) -> Iterator[Find[str]]:
    """Dates that are whole by themselves, and those that the day of publication completes."""
    taken = _ranges(passage, laws)
    whole = list(find_dates(passage, taken))
    others = find_relative_dates(passage, published, [*taken, *_ranges(passage, whole)])
    yield from sorted([*whole, *others], key=lambda find: find.start)


def _ranges(passage: Passage, finds: Iterable[Find[str]]) -> list[tuple[int, int]]:
    return [(find.start, find.end) for find in finds if find.field == passage.field]
