"""Two JSON trees compared, as sentences that a person can act on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SHOWN = 120
ABSENT = object()


def differences(wanted: Any, found: Any, *, extra: bool = True, path: str = "") -> list[str]:
    """Where `found` is not as `wanted`; `extra`: whether keys that nobody wanted count."""
    if not isinstance(wanted, Mapping) or not isinstance(found, Mapping):
        return [] if wanted == found else [f"{path}: wanted {_show(wanted)}, found {_show(found)}"]
    keys = list(wanted) + [key for key in found if extra and key not in wanted]
    return [
        sentence
        for key in keys
        for sentence in differences(
            wanted.get(key, ABSENT), found.get(key, ABSENT), extra=extra, path=f"{path}.{key}".lstrip(".")
        )
    ]


def _show(value: Any) -> str:
    text = "nothing" if value is ABSENT else str(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."
