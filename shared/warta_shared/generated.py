"""Files of the repository that are made from the code: written, or with `--check` only compared."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path


def drifted(wanted: Mapping[Path, str]) -> list[Path]:
    """The files that do not say what they should."""
    return [
        path
        for path, text in wanted.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]


def generate(module: str, wanted: Mapping[Path, str], arguments: Sequence[str]) -> int:
    """The command `python -m <module> [--check]`: 0 written or in agreement, 1 drift, 2 usage."""
    if list(arguments) not in ([], ["--check"]):
        print(f"usage: python -m {module} [--check]", file=sys.stderr)
        return 2
    found = drifted(wanted)
    for path in found:
        if arguments:
            print(f"{path} is out of date: run `python -m {module}`", file=sys.stderr)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[path], encoding="utf-8")
    return 1 if arguments and found else 0
