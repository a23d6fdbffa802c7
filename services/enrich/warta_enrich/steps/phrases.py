"""A table of phrases, looked up longest first at a token: linear in the text, whatever the table's size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Generic, TypeVar

ValueT = TypeVar("ValueT")
PHRASE_WORDS_MAX = 16


class PhraseTable(Generic[ValueT]):
    """Phrases of folded tokens to values; a phrase may have several values, in the order they were given."""

    def __init__(self, entries: Iterable[tuple[Sequence[str], ValueT]]) -> None:
        values: dict[str, list[ValueT]] = {}
        lengths: dict[str, set[int]] = {}
        for tokens, value in entries:
            values.setdefault(" ".join(tokens), []).append(value)
            lengths.setdefault(tokens[0], set()).add(len(tokens))
        # Equal tuples of sizes are one object: most phrases start with a word of their own.
        shared: dict[tuple[int, ...], tuple[int, ...]] = {}
        self._values: Mapping[str, tuple[ValueT, ...]] = {key: tuple(found) for key, found in values.items()}
        self._lengths: Mapping[str, tuple[int, ...]] = {
            first: shared.setdefault(found, found)
            for first, sizes in lengths.items()
            if (found := tuple(sorted(sizes, reverse=True)))
        }

    def __len__(self) -> int:
        return len(self._values)

    @property
    def first_words(self) -> Set[str]:
        """The folded words that phrases start with."""
        return self._lengths.keys()

    def starts(self, word: str) -> bool:
        """Whether any phrase starts with this folded word."""
        return word in self._lengths

    def at(self, folded: Sequence[str], index: int) -> Iterator[tuple[int, tuple[ValueT, ...]]]:
        """(number of tokens, values) of the phrases that start at `index`, longest first."""
        values, left = self._values, len(folded) - index
        for size in self._lengths.get(folded[index], ()):
            if size <= left:
                found = values.get(folded[index] if size == 1 else " ".join(folded[index : index + size]))
                if found is not None:
                    yield size, found

    def longest(self, folded: Sequence[str], index: int) -> tuple[int, tuple[ValueT, ...]] | None:
        """The longest phrase that starts at `index`."""
        values, left = self._values, len(folded) - index
        for size in self._lengths.get(folded[index], ()):
            if size <= left:
                found = values.get(folded[index] if size == 1 else " ".join(folded[index : index + size]))
                if found is not None:
                    return size, found
        return None
