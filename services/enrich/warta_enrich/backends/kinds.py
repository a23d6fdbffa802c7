"""What a model's labels mean here: person, organisation, place, law, or nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal

from warta_enrich.backends.contract import BackendError
from warta_enrich.steps.tagged_names import LAW, ORGANISATION, PERSON, PLACE

Kind = Literal["person", "organisation", "place", "law", "none"]
KINDS: Mapping[Kind, str] = {"person": PERSON, "organisation": ORGANISATION, "place": PLACE, "law": LAW}

# CoNLL-2003 and IDNER (PER ORG LOC), OntoNotes 5 (PERSON ORG GPE LOC FAC LAW), NERGrit (also NOR, political
# organisations) and its three classes in IndoNLU (PERSON ORGANISATION PLACE), and words as one would ask GLiNER for.
# What else they mark (NORP, MISC, EVT, DATE, MONEY ..) is no name of these kinds, or found by rule.
DEFAULT_LABELS: Mapping[str, Kind] = {
    "person": "person",
    "per": "person",
    "organization": "organisation",
    "organisation": "organisation",
    "org": "organisation",
    "nor": "organisation",
    "location": "place",
    "loc": "place",
    "place": "place",
    "gpe": "place",
    "fac": "place",
    "law": "law",
}
ASKED_FOR = ("person", "organization", "location", "law")
"""What a model that takes any label is asked for where the operator names none."""


class LabelMap:
    """`told` are the operator's words for labels, which win over the defaults; upper and lower case are one."""

    def __init__(self, told: Mapping[str, Kind]) -> None:
        self._kinds = {**DEFAULT_LABELS, **{_plain(label): kind for label, kind in told.items()}}
        self.asked = tuple(label for label, kind in told.items() if kind != "none") or ASKED_FOR

    def kind(self, label: str) -> str | None:
        """The kind of name in the tagger's words; None for what is not wanted."""
        named = self._kinds.get(_plain(label), "none")
        return KINDS.get(named)

    def check(self, labels: Collection[str]) -> None:
        """Raises BackendError where none of a model's labels means anything."""
        if labels and not any(self.kind(label) for label in labels):
            raise BackendError(
                f"none of the model's labels is known: {', '.join(sorted(labels))[:300]}; say what they mean,"
                """ WARTA_NER_LABELS={"LABEL": "person"} (person, organisation, place, law or none)"""
            )


def _plain(label: str) -> str:
    """B-PER, I-PER and per are one label."""
    folded = label.casefold()
    return folded[2:] if folded[:2] in {"b-", "i-", "e-", "s-", "l-", "u-"} else folded
