"""Train a linear-chain CRF with CRFsuite (Okazaki 2007) through python-crfsuite, an extra for training only."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pycrfsuite

from training.tagged_sentences import TaggedSentence
from warta_enrich.tagger.attributes import sentence_attributes
from warta_enrich.tagger.knowledge import Knowledge
from warta_enrich.tagger.labels import bioes
from warta_enrich.tagger.weights import save_weights

PARAMETERS: Mapping[str, float] = {"c1": 0.05, "c2": 0.3, "max_iterations": 100}


@dataclass(slots=True)
class Trainer:
    """Collects sentences, then trains by L-BFGS, which is deterministic: the same sentences give the same weights."""

    known: Knowledge
    parameters: Mapping[str, float] = field(default_factory=lambda: PARAMETERS)
    _crf: pycrfsuite.Trainer = field(default_factory=lambda: pycrfsuite.Trainer(verbose=False))

    def add(self, sentence: TaggedSentence, times: int = 1) -> None:
        """Learn from a sentence as often as `times` says."""
        items = pycrfsuite.ItemSequence(sentence_attributes(sentence.words, self.known))
        labels = bioes(sentence.names, len(sentence.words))
        for _ in range(times):
            self._crf.append(items, labels)

    def train(self, path: Path) -> None:
        """Write a CRFsuite model."""
        self._crf.select("lbfgs")
        self._crf.set_params(dict(self.parameters))
        self._crf.train(str(path))


def export(model: Path, path: Path) -> None:
    """Write the weights of a CRFsuite model in the form that the tagger reads."""
    tagger = pycrfsuite.Tagger()
    tagger.open(str(model))
    info = tagger.info()
    labels = tuple(sorted(info.labels, key=lambda label: int(info.labels[label])))
    save_weights(path, labels, info.state_features, info.transitions)


def train_and_export(trainer: Trainer, path: Path) -> None:
    """Train into a temporary model and write its weights to `path`."""
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "model.crfsuite"
        trainer.train(model)
        export(model, path)
