"""The trained weights as arrays, in one .npz without pickled objects."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from warta_enrich.rows import TableError
from warta_enrich.tagger.attributes import OFFSETS, PAIR_OFFSETS, PAIRS

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weights:
    """A linear-chain CRF: `attributes` to rows of `values` (offset, label), and `bias`.

    `pairs` are the attributes of two neighbours, with `pair_values` (PAIR_OFFSETS, label).
    `transitions[before, after]` between labels. Attributes that only stand at some offsets have zeros at the others.
    """

    labels: tuple[str, ...]
    attributes: Mapping[str, int]
    values: Floats
    pairs: tuple[str, ...]
    pair_values: Floats
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
    pairs = [name for name in names if name.startswith(PAIRS)]
    singles = [name for name in names if not name.startswith(PAIRS)]
    bias = np.zeros(len(labels), dtype=np.float32)
    for label in labels:
        bias[places[label]] = state.get(("bias", label), 0.0)
    between = np.zeros((len(labels), len(labels)), dtype=np.float32)
    for (before, after), weight in transitions.items():
        between[places[before], places[after]] = weight
    with path.open("wb") as file:
        np.savez_compressed(
            file,
            labels=np.array(labels),
            attributes=_text(singles),
            values=_table(state, singles, OFFSETS, places),
            pairs=_text(pairs),
            pair_values=_table(state, pairs, PAIR_OFFSETS, places),
            bias=bias,
            transitions=between,
        )


def _table(
    state: Mapping[tuple[str, str], float],
    names: Sequence[str],
    offsets: Sequence[int],
    places: Mapping[str, int],
) -> Floats:
    """(name, offset, label): the weights of these attributes."""
    rows = {
        f"{offset}:{name}": (row, at) for row, name in enumerate(names) for at, offset in enumerate(offsets)
    }
    values = np.zeros((len(names), len(offsets), len(places)), dtype=np.float32)
    for (key, label), weight in state.items():
        if key in rows:
            values[(*rows[key], places[label])] = weight
    return values


def _text(names: Sequence[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(names).encode(), dtype=np.uint8)


def load_weights(path: Path) -> Weights:
    """Read a file that `save_weights` wrote. Raises TableError when it is none."""
    try:
        with np.load(path, allow_pickle=False) as file:
            names = file["attributes"].tobytes().decode().split("\n")
            pairs = file["pairs"].tobytes().decode().split("\n") if len(file["pairs"]) else []
            weights = Weights(
                labels=tuple(file["labels"].tolist()),
                attributes={name: index for index, name in enumerate(names)},
                values=file["values"],
                pairs=tuple(pairs),
                pair_values=file["pair_values"],
                bias=file["bias"],
                transitions=file["transitions"],
            )
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise TableError(f"{path}: no weights of the tagger ({error})") from error
    if weights.values.shape != (len(names), len(OFFSETS), len(weights.labels)):
        raise TableError(f"{path}: {weights.values.shape} values for {len(names)} attributes")
    if weights.pair_values.shape != (len(pairs), len(PAIR_OFFSETS), len(weights.labels)):
        raise TableError(f"{path}: {weights.pair_values.shape} values for {len(pairs)} pairs")
    return weights
