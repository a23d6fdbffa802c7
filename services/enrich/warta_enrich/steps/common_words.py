"""Capitals that make no name: headlines, lists and kinds of things. The text itself tells them, since it writes the
same words in lower case elsewhere, or an acronym in the plural (MSME, of which there are many MSMEs).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set

from warta_enrich.steps.person_words import PersonWords
from warta_enrich.steps.tagged_names import ORGANISATION, PERSON, Tagged
from warta_enrich.steps.tokens import Passage

_NO_ORGANISATIONS = frozenset(
    {"idr", "usd", "eur", "sgd", "myr", "cny", "jpy", "gdp", "pdb", "ihsg", "jci", "apbn", "apbd"}
    | {"ppn", "pph", "bbm", "umkm", "msme", "ceo", "cfo", "wib", "wita", "wit", "gmt", "utc", "pmi"}
    | {"ipo", "esg", "ai"}
)  # currencies, figures, taxes and the like, which a tagger takes for one
_JOINING = frozenset({"and", "dan", "of", "for", "the", "untuk", "serta", "atau", "or", "&"})


def without_common_words(
    tagged: Sequence[Tagged], passages: Iterable[Passage], words: PersonWords
) -> list[Tagged]:
    """The tagger's names without those that are common words of the text."""
    if not tagged:
        return []
    written = {word for passage in passages for word in passage.words}
    return [one for one in tagged if not _is_common(one, written, words)]


def _is_common(one: Tagged, written: Set[str], words: PersonWords) -> bool:
    """An organisation of nothing but common words; a person of a headline with any of them. Places are let be: the
    words of many are common ones (Pulau Seribu).
    """
    said = list(_words(one))
    if one.kind == ORGANISATION:
        return bool(said) and all(
            word.casefold() in _NO_ORGANISATIONS or _is_common_word(word, written) for word in said
        )
    headline = one.passage.in_headline(one.start)
    unlisted = (word for word in said if word.casefold() not in words.names)
    return one.kind == PERSON and headline and any(_is_common_word(word, written) for word in unlisted)


def _is_common_word(word: str, written: Set[str]) -> bool:
    """In lower case elsewhere, or an acronym in the plural."""
    return (word != word.casefold() and word.casefold() in written) or (
        word.isupper() and f"{word}s" in written
    )


def _words(one: Tagged) -> Iterator[str]:
    for word in one.passage.words[one.start : one.end]:
        if word[0].isalpha() and word.casefold() not in _JOINING:
            yield word
