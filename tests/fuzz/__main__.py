"""Fuzz each target for so many seconds: `make fuzz SECONDS=600`. A finding becomes a file under tests/fuzz/found."""

from __future__ import annotations

import argparse
import multiprocessing
import random

from fuzz.session import fuzz
from fuzz.targets import TARGETS


def main() -> int:
    """The exit code: 1 when something was found."""
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--targets", default=",".join(TARGETS))
    asked = parser.parse_args()
    findings = 0
    for name in asked.targets.split(","):
        # A process for each: what one target fills is not counted for the next.
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            findings += pool.apply(fuzz, (name, asked.seconds, asked.seed))
    return int(findings > 0)


if __name__ == "__main__":
    raise SystemExit(main())
