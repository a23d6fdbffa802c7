"""Small models that find names, and stand-ins with the exact shape of what the large libraries give."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

KNOWN = {"Budi Santoso": "PER", "Bank Indonesia": "ORG", "Jakarta": "LOC", "UU Cipta Kerja": "LAW"}
_SPANS = re.compile("|".join(map(re.escape, KNOWN)))
_WORDS = ["budi", "santoso", "bank", "indonesia", "jakarta", "di", "menaikkan", "bunga", ".", ","]
_LABELS = ["O", *(f"{position}-{kind}" for kind in ("PER", "ORG", "LOC") for position in "BI")]
_PLACES = 64  # of the tiny encoders: what a window may have


class StandInClassifier:
    """What `transformers.pipeline("token-classification", aggregation_strategy="first")` gives (5.16).

    Tokenizers of sentence pieces take the blank before a word into its first token.
    """

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def __call__(self, inputs: list[str], *, batch_size: int) -> list[list[Mapping[str, Any]]]:
        assert inputs, "the library refuses an empty list"
        self.asked.append(inputs)
        return [
            [
                {
                    "entity_group": KNOWN[match[0]],
                    "score": 0.99,
                    "word": match[0].lower(),
                    "start": match.start() - (text[match.start() - 1 : match.start()] == " "),
                    "end": match.end(),
                }
                for match in _SPANS.finditer(text)
            ]
            for text in inputs
        ]


class StandInGliner:
    """What `GLiNER.inference` gives (0.2.29): it reads `words_max` words of a text and drops the rest."""

    words_max = 20

    def inference(
        self, texts: list[str], labels: list[str], *, flat_ner: bool, threshold: float, batch_size: int
    ) -> list[list[Mapping[str, Any]]]:
        return [
            self._found(text, dict(zip(("PER", "ORG", "LOC", "LAW"), labels, strict=True))) for text in texts
        ]

    def _found(self, text: str, labels: Mapping[str, str]) -> list[Mapping[str, Any]]:
        words = list(re.finditer(r"\w+(?:[-_]\w+)*|\S", text))[: self.words_max]
        end = words[-1].end() if words else 0
        return [
            {
                "start": match.start(),
                "end": match.end(),
                "text": match[0],
                "label": labels[KNOWN[match[0]]],
                "score": 0.9,
            }
            for match in _SPANS.finditer(text, 0, end)
        ]


def save_spacy(folder: Path) -> Path:
    """A blank Indonesian pipeline with patterns for KNOWN, in OntoNotes' words."""
    nlp = import_module("spacy").blank("id")
    names = {"PER": "PERSON", "ORG": "ORG", "LOC": "GPE", "LAW": "LAW"}
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": names[kind], "pattern": name} for name, kind in KNOWN.items()])
    nlp.to_disk(folder)
    return folder


def save_trained_spacy(folder: Path) -> Path:
    """A pipeline whose `ner` has learnt KNOWN's people, organisations and places from a few sentences."""
    spacy: Any = import_module("spacy")
    examples: Any = import_module("spacy.training").Example
    nlp = spacy.blank("id")
    nlp.add_pipe("ner")
    told = [
        (
            text,
            {"entities": [(match.start(), match.end(), KNOWN[match[0]]) for match in _SPANS.finditer(text)]},
        )
        for text in (
            "Budi Santoso bekerja di Bank Indonesia .",
            "Bank Indonesia di Jakarta menaikkan suku bunga .",
            "Harga beras turun di Jakarta , kata Budi Santoso .",
            "Tidak ada apa pun di sini .",
        )
    ]
    learnt = [examples.from_dict(nlp.make_doc(text), marked) for text, marked in told]
    spacy.util.fix_random_seed(7)
    nlp.initialize(lambda: learnt)
    for _ in range(25):
        nlp.update(learnt)
    nlp.to_disk(folder)
    return folder


def save_transformers(folder: Path) -> Path:
    """A token classifier of one tiny layer with random weights."""
    transformers: Any = import_module("transformers")
    import_module("torch").manual_seed(1)
    config = _encoder(
        transformers,
        id2label=dict(enumerate(_LABELS)),
        label2id={label: index for index, label in enumerate(_LABELS)},
    )
    transformers.BertForTokenClassification(config).save_pretrained(folder)
    _tokenizer(transformers).save_pretrained(folder)
    return folder


def save_gliner(folder: Path) -> Path:
    """A GLiNER of one tiny layer with random weights, that reads 32 words at once."""
    transformers: Any = import_module("transformers")
    gliner: Any = import_module("gliner")
    import_module("torch").manual_seed(3)
    encoder = folder / "encoder"
    transformers.BertModel(_encoder(transformers, max_position_embeddings=256)).save_pretrained(encoder)
    _tokenizer(transformers).save_pretrained(encoder)
    config = gliner.GLiNERConfig(
        model_name=str(encoder), hidden_size=16, max_len=32, max_width=4, dropout=0.0, span_mode="markerV0"
    )
    gliner.GLiNER.from_config(config).save_pretrained(folder / "model")
    return folder / "model"


def _encoder(transformers: Any, **more: Any) -> Any:
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    return transformers.BertConfig(
        **{"vocab_size": len(_vocabulary()), "max_position_embeddings": _PLACES, **sizes, **more}
    )


def _tokenizer(transformers: Any) -> Any:
    tokenizers: Any = import_module("tokenizers")
    words = {word: index for index, word in enumerate(_vocabulary())}
    model = tokenizers.Tokenizer(tokenizers.models.WordPiece(words, unk_token="[UNK]"))
    model.normalizer = tokenizers.normalizers.BertNormalizer(lowercase=True)
    model.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    model.post_processor = tokenizers.processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    special = {"unk": "[UNK]", "pad": "[PAD]", "cls": "[CLS]", "sep": "[SEP]", "mask": "[MASK]"}
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=model, **{f"{name}_token": token for name, token in special.items()}
    )


def _vocabulary() -> Sequence[str]:
    return ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *_WORDS]
