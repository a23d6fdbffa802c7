"""The enrichment of one article, in reading order: language -> entities -> topics."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from warta_enrich.models import Models, load_models
from warta_enrich.steps.dates import calendar_dates, find_dates
from warta_enrich.steps.evidence import Named, settle
from warta_enrich.steps.gazetteer import find_names
from warta_enrich.steps.language import detect_language
from warta_enrich.steps.laws import find_laws
from warta_enrich.steps.mentions import Find, entities
from warta_enrich.steps.money import amounts, find_money
from warta_enrich.steps.people import find_people
from warta_enrich.steps.percentages import find_percentages, percentages
from warta_enrich.steps.tickers import find_tickers
from warta_enrich.steps.tokens import Passage, read_passage
from warta_enrich.steps.topics import find_topics
from warta_shared.events import Article, EnrichedArticle, RawArticle
from warta_shared.events.article import Enrichment

__all__ = ["Models", "enrich", "load_models"]


def enrich(article: RawArticle, models: Models) -> EnrichedArticle:
    """The article with what its text says added; pure, no I/O, and any text passes.

    Every field of the raw article is carried over unchanged. The entity and topic steps read the title and the
    first TEXT_MAX characters of the body, the language step the first 3,000; lists are cut to the event's caps.
    """
    verdict = detect_language(article.title, article.body, models.language, article.language_hint)
    passages = (read_passage("title", article.title), read_passage("body", article.body))
    named = _named(passages, models, verdict.language, article.source.country)
    laws = [find for passage in passages for find in find_laws(passage)]
    return EnrichedArticle(
        **{field: getattr(article, field) for field in Article.model_fields},
        language=verdict.language,
        language_confidence=verdict.confidence,
        second_language=verdict.second,
        topics=find_topics(passages, models.topics, verdict.language, article.topic_hints),
        people=entities(_people(passages, named, models)),
        organisations=entities(_known("organisation", named)),
        places=entities(_known("place", named)),
        laws=entities(laws),
        tickers=entities([*_known("ticker", named), *(f for p in passages for f in find_tickers(p))]),
        amounts=amounts(f for p in passages for f in find_money(p, verdict.language)),
        percentages=percentages(f for p in passages for f in find_percentages(p, verdict.language)),
        dates=calendar_dates(f for p in passages for f in find_dates(p, _ranges(p, laws))),
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


def _people(passages: Sequence[Passage], named: Sequence[Named], models: Models) -> list[Find[str]]:
    """People of the tables by name, all others by title."""
    ends: dict[str, dict[int, int]] = {passage.field: {} for passage in passages}
    for match in (name.match for name in named):
        ends[match.passage.field].update(dict.fromkeys(range(match.start, match.end), match.end))
    by_title = find_people([(passage, ends[passage.field]) for passage in passages], models.people)
    return [*_known("person", named), *by_title]


def _ranges(passage: Passage, finds: Iterable[Find[str]]) -> list[tuple[int, int]]:
    return [(find.start, find.end) for find in finds if find.field == passage.field]
