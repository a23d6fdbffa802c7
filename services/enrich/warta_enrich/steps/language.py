"""Language by vote: pycld2, py3langid, telling words, and lingua between Indonesian and Malay.

One vote a method: summed likelihoods flip articles with quotes. Confidence is the share of the voters that
agree; pycld2's percentage is coverage and no probability. All detectors only read after loading, so one set
serves any number of threads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

import pycld2
from lingua import Language, LanguageDetector, LanguageDetectorBuilder

from warta_enrich.steps.byte_grams import ByteGrams, load_byte_grams
from warta_enrich.steps.language_sample import is_language, language_sample, words_of

UNDETERMINED = "und"
SECOND_SHARE_MIN = 25  # per cent of the sample's bytes
SECOND_BYTES_MIN = 300  # of the whole sample: below this pycld2's shares are noise
WORDS_MIN = 1.0
WORDS_LEAD = 1.25
LONE_PROBABILITY_MIN = 0.15  # py3langid alone, less sure than this: no language
PY3LANGID_SAMPLE, LINGUA_SAMPLE = 1_500, 1_000  # characters; more changes nothing and costs most
_CODES = {"un": UNDETERMINED, "zxx": UNDETERMINED, "jw": "jv", "iw": "he", "in": "id", "zh-Hant": "zh"}
_MALAYIC = frozenset({"id", "ms", "jv", "su", "min", "ace"})
_TWINS = frozenset({"id", "ms"})
_LOOK_ALIKE = (
    frozenset({"id", "ms", "min"}),
    frozenset({"hr", "sr", "bs"}),
    frozenset({"no", "nb", "nn", "da"}),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A language (BCP-47, `und` when it cannot be told), the share of votes for it, and a second language."""

    language: str
    confidence: float
    second: str | None = None


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """The detectors, loaded once; `telling_words` maps small words, and others that tell twins apart, to
    the languages that use them."""

    byte_grams: ByteGrams
    malay_or_indonesian: LanguageDetector
    telling_words: Mapping[str, tuple[str, ...]]


def load_language_model(telling_words: Mapping[str, tuple[str, ...]]) -> LanguageModel:
    """Takes about a second and 35 MB; lingua's models, 45 MB, are read when a text first asks for them."""
    pair = LanguageDetectorBuilder.from_languages(Language.INDONESIAN, Language.MALAY)
    return LanguageModel(
        byte_grams=load_byte_grams(),
        malay_or_indonesian=pair.build(),
        telling_words=telling_words,
    )


def detect_language(title: str, body: str, model: LanguageModel, hint: str | None = None) -> Verdict:
    """The language of title + body; `hint` (the feed's word) decides only where the text does not."""
    sample = language_sample(title, body)
    hinted = _CODES.get(hint, hint.split("-")[0]) if hint else UNDETERMINED
    if not is_language(sample):
        return Verdict(hinted, 0.0 if hinted != UNDETERMINED else 1.0)
    size, shares = _pycld2(sample)
    first, words = shares[0][0], _by_words(sample, model)
    if (
        first == words != UNDETERMINED
    ):  # no further vote would change it, and py3langid takes most of the time
        return Verdict(first, 1.0, _second(size, shares, first))
    votes = [first, _py3langid(sample, model, alone=first == words == UNDETERMINED), words]
    language, confidence = _decide(sample, votes, model, hinted)
    return Verdict(language, confidence, _second(size, shares, language))


def _pycld2(sample: str) -> tuple[int, list[tuple[str, int]]]:
    """Bytes read as language, and the languages with their shares of them in per cent."""
    try:
        _, size, details = pycld2.detect(sample, isPlainText=True)
    except pycld2.error:  # a character that it refuses: no vote
        return 0, [(UNDETERMINED, 0)]
    return size, [(_CODES.get(code, code), share) for _, code, share, _ in details]


def _py3langid(sample: str, model: LanguageModel, *, alone: bool) -> str:
    """Its likeliest language; a weak guess that no other voter could check is no vote."""
    code, probability = model.byte_grams.classify(sample[:PY3LANGID_SAMPLE])
    weak = alone and probability < LONE_PROBABILITY_MIN
    return UNDETERMINED if weak else _CODES.get(code, code)


def _by_words(sample: str, model: LanguageModel) -> str:
    """The language whose words lead clearly; a word shared by n languages counts 1/n for each."""
    known = model.telling_words
    uses = Counter(filter(None, map(known.get, words_of(sample.lower()))))
    scores: dict[str, float] = {UNDETERMINED: 0.0, "": 0.0}
    for languages, count in uses.items():
        for language in languages:
            scores[language] = scores.get(language, 0.0) + count / len(languages)
    (best, most), (_, runner_up) = sorted(scores.items(), key=itemgetter(1), reverse=True)[:2]
    clear = most >= WORDS_MIN and most >= WORDS_LEAD * runner_up
    return best if clear else UNDETERMINED


def _decide(sample: str, votes: list[str], model: LanguageModel, hint: str) -> tuple[str, float]:
    """The rule for the languages that the detectors confuse, else the majority."""
    first, other, words = votes
    if words == "min" and first in _MALAYIC | {UNDETERMINED}:
        return "min", 0.5  # neither detector knows Minangkabau
    if {first, other} & _TWINS and {first, other} <= _TWINS | {UNDETERMINED}:
        return _majority([words, _by_lingua(sample, model), first, other], hint)
    if first == other:
        return first, _share(first, votes)
    if first == "su" and other in _MALAYIC:
        return "su", _share("su", [first, words])  # py3langid does not know Sundanese
    if other == "jv":
        return ("su", 0.5) if words == "su" else ("jv", _share("jv", votes))
    return _majority(votes, hint)


def _by_lingua(sample: str, model: LanguageModel) -> str:
    likeliest = model.malay_or_indonesian.detect_language_of(sample[:LINGUA_SAMPLE])
    return likeliest.iso_code_639_1.name.lower() if likeliest else UNDETERMINED


def _share(language: str, votes: Sequence[str]) -> float:
    cast = [vote for vote in votes if vote != UNDETERMINED]
    return round(cast.count(language) / len(cast), 3) if cast else 1.0


def _majority(votes: Sequence[str], hint: str) -> tuple[str, float]:
    """Most votes; the hint breaks a tie, then the order of the voters."""
    counts = Counter(vote for vote in votes if vote != UNDETERMINED)
    most = max(counts.values())
    tied = [language for language, count in counts.items() if count == most]
    language = hint if hint in tied else tied[0]
    return language, _share(language, votes)


def _second(size: int, shares: Sequence[tuple[str, int]], language: str) -> str | None:
    """Another language with a quarter of the text, unless the detector merely wavers between twins."""
    if size < SECOND_BYTES_MIN:
        return None
    for other, share in shares:
        twins = any({other, language} <= group for group in _LOOK_ALIKE)
        if share >= SECOND_SHARE_MIN and other not in {language, UNDETERMINED} and not twins:
            return other
    return None
