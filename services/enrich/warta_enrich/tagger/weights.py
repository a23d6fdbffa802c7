"""The trained weights as arrays, in one .npz without pickled objects."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from warta_enrich.rows import TableError
from warta_enrich.tagger.attributes import OFFSETS

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weights:
    """A linear-chain CRF: `attributes` to rows of `values` (offset, label); one row more, for the bias, is last.

    `transitions[before, after]` between labels. Attributes that only stand at some offsets have zeros at the others.
    """

    labels: tuple[str, ...]
    attributes: Mapping[str, int]
    values: Floats
    bias: Floats
    transitions: Floats

    def summed(self, names: Iterable[str]) -> Floats:
        """(offset, label): what attributes weigh together; those that training did not keep weigh nothing."""
        rows = [row for name in names if (row := self.attributes.get(name, -1)) >= 0]
        total: Floats = self.values[rows].sum(axis=0)
        return total


def save_weights(
    path: Path,
    labels: tuple[str, ...],
    state: Mapping[tuple[str, str], float],
    transitions: Mapping[tuple[str, str], float],
) -> None:
    """Write what training found: weights of (attribute with offset, label) and of (label, label).

    The same weights give the same bytes.
    """
    places = {label: index for index, label in enumerate(labels)}
    names = sorted({key.partition(":")[2] for key, _ in state if ":" in key})
    rows = {name: index for index, name in enumerate(names)}
    values = np.zeros((len(names), len(OFFSETS), len(labels)), dtype=np.float32)
    bias = np.zeros(len(labels), dtype=np.float32)
    for (key, label), weight in state.items():
        offset, colon, name = key.partition(":")
        if colon:
            values[rows[name], OFFSETS.index(int(offset)), places[label]] = weight
        else:
            bias[places[label]] = weight
    between = np.zeros((len(labels), len(labels)), dtype=np.float32)
    for (before, after), weight in transitions.items():
        between[places[before], places[after]] = weight
    text = np.frombuffer("\n".join(names).encode(), dtype=np.uint8)
    with path.open("wb") as file:
        np.savez_compressed(
            file, labels=np.array(labels), attributes=text, values=values, bias=bias, transitions=between
        )


def load_weights(path: Path) -> Weights:
    """Read a file that `save_weights` wrote. Raises TableError when it is none."""
    try:
        with np.load(path, allow_pickle=False) as file:
            names = file["attributes"].tobytes().decode().split("\n")
            weights = Weights(
                labels=tuple(file["labels"].tolist()),
                attributes={name: index for index, name in enumerate(names)},
                values=file["values"],
                bias=file["bias"],
                transitions=file["transitions"],
            )
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise TableError(f"{path}: no weights of the tagger ({error})") from error
    if weights.values.shape != (len(names), len(OFFSETS), len(weights.labels)):
        raise TableError(f"{path}: {weights.values.shape} values for {len(names)} attributes")
    return weights
