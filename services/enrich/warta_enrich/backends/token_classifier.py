"""transformers (4.40 and newer): a token classifier from a folder, as `save_pretrained` writes it.

The tokenizer must be a fast one (`tokenizer.json`): only those know which characters a token stands for. Texts longer
than the model are read in windows that overlap by a quarter; the library joins what it finds in them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Protocol

from warta_enrich.backends.contract import BackendError, Document, ModelChoice, TextSpan

_AT_ONCE = 8  # windows
_LIMIT = 512  # tokens of a window, where the model does not say
_SPECIAL = 2  # positions that models of RoBERTa's kind count but cannot use


class Classifier(Protocol):
    """`TokenClassificationPipeline` with aggregation, as far as it is used.

    For a list of texts one list each of {"entity_group": "PER", "score": .., "word": .., "start": 0, "end": 4};
    start and end are code points.
    """

    def __call__(self, inputs: list[str], *, batch_size: int) -> list[list[Mapping[str, Any]]]:
        """Classify texts."""


class TransformersBackend:
    """`labels` are those of the model's configuration, B- and I- included."""

    def __init__(self, classify: Classifier, labels: Sequence[str]) -> None:
        self._classify = classify
        self.labels = tuple(label for label in labels if label != "O")

    def annotate(self, documents: Sequence[Document]) -> list[list[TextSpan]]:
        """The groups of tokens that the model names in each document."""
        read = self._classify([document.text for document in documents], batch_size=_AT_ONCE)
        return [[TextSpan(one["start"], one["end"], one["entity_group"]) for one in found] for found in read]


def load(choice: ModelChoice) -> TransformersBackend:
    """Read model and tokenizer of a folder; nothing is looked up elsewhere, no code of the model's is run."""
    library: Any = import_module("transformers")
    folder = str(choice.folder.resolve())
    told = {"local_files_only": True, "trust_remote_code": False}
    model = library.AutoModelForTokenClassification.from_pretrained(folder, **told)
    tokenizer = library.AutoTokenizer.from_pretrained(folder, use_fast=True, **told)
    if not tokenizer.is_fast:
        raise BackendError(f"{folder}: the tokenizer is no fast one (tokenizer.json), which knows no offsets")
    limit = _limit(model.config, tokenizer.model_max_length)
    tokenizer.model_max_length = limit
    classify = library.pipeline(
        "token-classification",
        model=model,
        tokenizer=tokenizer,
        aggregation_strategy="first",
        stride=limit // 4,
    )
    return TransformersBackend(classify, list(model.config.id2label.values()))


def _limit(config: Any, of_tokenizer: int) -> int:
    """Tokens of a window, the special ones included."""
    positions = getattr(config, "max_position_embeddings", None) or _LIMIT + _SPECIAL
    return max(8, min(of_tokenizer, positions - _SPECIAL))
