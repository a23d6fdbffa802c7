"""An article on its way through the steps: each of them reads what those before it found, and adds its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from warta_enrich.steps.evidence import Named
from warta_enrich.steps.language import UNDETERMINED, Verdict
from warta_enrich.steps.mentions import Find
from warta_enrich.steps.tagged_names import Tagged
from warta_enrich.steps.tokens import Passage, read_passage
from warta_enrich.tagger.labels import Span
from warta_shared.events import Article, EnrichedArticle, RawArticle
from warta_shared.events.article import Enrichment
from warta_shared.events.mentions import Amounts, CalendarDates, Entities, Percentages, Topics

UNTOLD = Verdict(UNDETERMINED, 0.0)


class StepFailed(Exception):
    """A step broke on an article: it would again, since steps are pure."""

    def __init__(self, step: str, cause: Exception) -> None:
        super().__init__(f"{step}: {type(cause).__name__}: {cause}"[:500])
        self.step = step


@dataclass(slots=True)
class Reading:
    """`passages`: title and body as tokens; `names`: what the tagger found in each; `failed`: why it goes no further.

    `known` and `tagged` are names of the tables and names of the tagger, with no token in two of them.
    """

    article: RawArticle
    passages: tuple[Passage, Passage]
    names: Sequence[Sequence[Span]] = ((), ())
    failed: StepFailed | None = None
    verdict: Verdict = UNTOLD
    found_laws: list[Find[str]] = field(default_factory=list)
    found_tickers: list[Find[str]] = field(default_factory=list)
    known: list[Named] = field(default_factory=list)
    tagged: list[Tagged] = field(default_factory=list)
    topics: Topics = ()
    people: Entities = ()
    organisations: Entities = ()
    places: Entities = ()
    laws: Entities = ()
    tickers: Entities = ()
    amounts: Amounts = ()
    percentages: Percentages = ()
    dates: CalendarDates = ()
    agency: str | None = None

    def enriched(self, made_by: Enrichment) -> EnrichedArticle:
        """The event: every field of the raw article as it was, and what the steps found."""
        return EnrichedArticle(
            **{name: getattr(self.article, name) for name in Article.model_fields},
            language=self.verdict.language,
            language_confidence=self.verdict.confidence,
            second_language=self.verdict.second,
            **{name: getattr(self, name) for name in _FOUND},
            enrichment=made_by,
        )


_FOUND = (
    "topics", "people", "organisations", "places", "laws", "tickers", "amounts", "percentages", "dates", "agency",
)  # fmt: skip


def read_passages(article: RawArticle) -> tuple[Passage, Passage]:
    """Title and body as tokens."""
    return read_passage("title", article.title), read_passage("body", article.body)
