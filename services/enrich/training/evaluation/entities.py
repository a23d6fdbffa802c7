"""Entities: strict span F1 of the tagger alone and of the whole pipeline, on sentences in CoNLL form."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate
from pathlib import Path

from training.evaluation.figure import Figure
from training.evaluation.marked_texts import NO_TITLE, article_of
from training.span_scores import Score, span_scores, tagger_scores
from training.tagged_sentences import TaggedSentence, in_tokens, read_conll
from warta_enrich.backends.contract import NameFinder
from warta_enrich.models import SHIPPED, Models
from warta_enrich.pipeline import enrich
from warta_enrich.steps.tokens import read_passage
from warta_enrich.tagger.labels import KINDS, Span
from warta_enrich.tagger.tagger import Tagger
from warta_shared.events import EnrichedArticle
from warta_shared.events.mentions import Mention

MANIFEST_FILE = "TAGGER.json"
_FIELDS = (("people", "PER"), ("organisations", "ORG"), ("places", "LOC"))


def entity_figures(data: Path, models: Models) -> Iterator[Figure]:
    """Figures of every *.conll of a folder."""
    learnt = _learnt()
    for path in sorted(data.glob("*.conll")):
        sentences = read_conll(path)
        built_in = isinstance(models.tagger, Tagger)
        seen = built_in and hashlib.sha256(path.read_bytes()).hexdigest() in learnt
        for what, scores in (
            ("tagger" if built_in else "backend", _alone(models.tagger, sentences)),
            ("pipeline", pipeline_scores(models, sentences)),
        ):
            yield from (_figure(path.name, f"{what} {score.kind}", score, seen=seen) for score in scores)


def _alone(finder: NameFinder, sentences: list[TaggedSentence]) -> list[Score]:
    """Scores of what finds names by context, without tables and rules."""
    if isinstance(finder, Tagger):
        return tagger_scores(finder, sentences)
    passages = [read_passage("body", " ".join(_tokens(one))) for one in sentences]
    pairs = []
    for one, passage, names in zip(sentences, passages, finder.names(passages), strict=True):
        starts = _starts(_tokens(one))
        ranges = [
            (passage.starts[name.start], passage.ends[name.end - 1], name.kind)
            for name in names
            if name.kind in KINDS
        ]
        pairs.append((_by_token(starts, ranges), in_tokens(one.names, one.owners)))
    return span_scores(pairs)


def pipeline_scores(models: Models, sentences: list[TaggedSentence]) -> list[Score]:
    """Scores of what the pipeline reports of each sentence, read as the body of an article."""
    return span_scores([(_found(one, models), in_tokens(one.names, one.owners)) for one in sentences])


def _found(sentence: TaggedSentence, models: Models) -> set[Span]:
    """The mentions of people, organisations and places, by the tokens of the file that they touch."""
    tokens = _tokens(sentence)
    article = enrich(article_of(NO_TITLE, " ".join(tokens)), models)
    ranges = [
        (mention.start, mention.end, kind) for field, kind in _FIELDS for mention in _mentions(article, field)
    ]
    return _by_token(_starts(tokens), ranges)


def _starts(tokens: list[str]) -> list[int]:
    """Where each token begins in the text of the sentence, and where one more would."""
    return [0, *accumulate(len(token) + 1 for token in tokens)]


def _by_token(starts: list[int], ranges: Iterable[tuple[int, int, str]]) -> set[Span]:
    """Ranges of characters by the tokens that they touch."""
    return {
        Span(bisect_right(starts, start) - 1, bisect_right(starts, end - 1), kind)
        for start, end, kind in ranges
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


def _learnt() -> set[str]:
    """Checksums of the files that the shipped model learnt from."""
    manifest = json.loads((SHIPPED / MANIFEST_FILE).read_text(encoding="utf-8"))
    return {digest for corpus in manifest["corpora"].values() for digest in corpus["sha256"].values()}


def _figure(file: str, what: str, score: Score, *, seen: bool) -> Figure:
    return Figure("entities", file, what, "F1", score.names, score.f1, score.low, score.high, seen)
