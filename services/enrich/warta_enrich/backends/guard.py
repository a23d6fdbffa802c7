"""Whatever the text and whatever the model: bounded clean documents in, spans that stand in the text out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from warta_enrich.backends.contract import Backend, BackendError, Document, TextSpan

# What no model was trained on and some libraries refuse; each becomes one space, so that offsets stay.
_REFUSED = dict.fromkeys(
    (*(code for code in range(0x20) if code not in {0x09, 0x0A}), *range(0x7F, 0xA0), *range(0xD800, 0xE000)),
    " ",
)


class Guard:
    """A backend behind its guard: the first `characters_max` characters of a text count."""

    def __init__(self, backend: Backend, characters_max: int) -> None:
        self._backend = backend
        self._characters_max = characters_max
        self.labels = backend.labels

    def annotate(self, documents: Sequence[Document]) -> list[list[TextSpan]]:
        """One list a document, in order: spans in reading order, none over another, none with blank ends.

        Texts without a letter or digit are not shown to the model. Raises BackendError for another number of lists.
        """
        texts = [document.text[: self._characters_max].translate(_REFUSED) for document in documents]
        asked = [index for index, text in enumerate(texts) if any(map(str.isalnum, text))]
        found: list[list[TextSpan]] = [[] for _ in texts]
        if not asked:
            return found
        lists = self._backend.annotate([Document(texts[index]) for index in asked])
        if len(lists) != len(asked):
            raise BackendError(f"the model gave {len(lists)} lists for {len(asked)} texts")
        for index, spans in zip(asked, lists, strict=True):
            found[index] = list(_kept(spans, texts[index]))
        return found


def _kept(spans: Iterable[TextSpan], text: str) -> Iterable[TextSpan]:
    """The spans that stand in the text; of two that overlap the one that begins first, then the longer."""
    end = 0
    stripped = [_stripped(span, text) for span in spans if 0 <= span.start < span.end <= len(text)]
    for span in sorted(stripped, key=lambda span: (span.start, -span.end)):
        if end <= span.start < span.end:
            end = span.end
            yield span


def _stripped(span: TextSpan, text: str) -> TextSpan:
    """Without the blanks that models of word pieces take into a name."""
    written = text[span.start : span.end]
    start = span.start + len(written) - len(written.lstrip())
    return span._replace(start=start, end=start + len(written.strip()))
