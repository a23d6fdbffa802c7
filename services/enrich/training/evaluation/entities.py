"""Entities: strict span F1 of the tagger alone and of the whole pipeline, on sentences in CoNLL form."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from training.evaluation.figure import Figure
from training.span_scores import Score, span_scores, tagger_scores
from training.tagged_sentences import TaggedSentence, in_tokens, read_conll
from warta_enrich.models import SHIPPED, Models
from warta_enrich.pipeline import enrich
from warta_enrich.tagger.labels import Span
from warta_shared.events import EnrichedArticle, RawArticle
from warta_shared.events.article import Source
from warta_shared.events.mentions import Mention

MANIFEST_FILE = "TAGGER.json"
_SEEN_AT = datetime(2025, 6, 2, tzinfo=UTC)
_FIELDS = (("people", "PER"), ("organisations", "ORG"), ("places", "LOC"))


def entity_figures(data: Path, models: Models) -> Iterator[Figure]:
    """Figures of every *.conll of a folder."""
    learnt = _learnt()
    for path in sorted(data.glob("*.conll")):
        sentences = read_conll(path)
        seen = hashlib.sha256(path.read_bytes()).hexdigest() in learnt
        for what, scores in (
            ("tagger", tagger_scores(models.tagger, sentences)),
            ("pipeline", pipeline_scores(models, sentences)),
        ):
            yield from (_figure(path.name, f"{what} {score.kind}", score, seen=seen) for score in scores)


def pipeline_scores(models: Models, sentences: list[TaggedSentence]) -> list[Score]:
    """Scores of what the pipeline reports of each sentence, read as the body of an article."""
    return span_scores([(_found(one, models), in_tokens(one.names, one.owners)) for one in sentences])


def _found(sentence: TaggedSentence, models: Models) -> set[Span]:
    """The mentions of people, organisations and places, by the tokens of the file that they touch."""
    tokens = _tokens(sentence)
    starts = [0]
    for token in tokens:
        starts.append(starts[-1] + len(token) + 1)
    article = enrich(_article(" ".join(tokens)), models)
    return {
        Span(bisect_right(starts, mention.start) - 1, bisect_right(starts, mention.end - 1), kind)
        for field, kind in _FIELDS
        for mention in _mentions(article, field)
    }


def _tokens(sentence: TaggedSentence) -> list[str]:
    tokens = [""] * (sentence.owners[-1] + 1)
    for word, owner in zip(sentence.words, sentence.owners, strict=True):
        tokens[owner] += word
    return tokens


def _mentions(article: EnrichedArticle, field: str) -> Iterator[Mention]:
    """Where the entities of a kind stand in the body."""
    for entity in getattr(article, field):
        yield from (mention for mention in entity.mentions if mention.field == "body")


def _article(body: str) -> RawArticle:
    return RawArticle(
        id="a" * 26,
        observed_at=1,
        first_seen_at=_SEEN_AT,
        title="-",
        body=body,
        source=Source(id="EVALUATE"),
        word_count=len(body.split()),
        content_hash="0" * 32,
    )


def _learnt() -> set[str]:
    """Checksums of the files that the shipped model learnt from."""
    manifest = json.loads((SHIPPED / MANIFEST_FILE).read_text(encoding="utf-8"))
    return {digest for corpus in manifest["corpora"].values() for digest in corpus["sha256"].values()}


def _figure(file: str, what: str, score: Score, *, seen: bool) -> Figure:
    return Figure("entities", file, what, "F1", score.names, score.f1, score.low, score.high, seen)
