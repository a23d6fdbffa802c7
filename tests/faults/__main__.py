"""Any number of trials over all rows of the fault matrix: `make faults TRIALS=100 SEED=1`."""

from __future__ import annotations

import argparse
import os
import random
import tempfile
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path

from faults.report import progress, run_again, write_report
from faults.rig.ground import Ground
from faults.rig.rig import Rig
from faults.trials.rows import PLACES, ROWS
from faults.trials.trial import Result, Row, run_trial

REPORT = Path("faults-report.json")


def main() -> int:
    """The exit code: 1 when a trial failed."""
    asked = _arguments()
    if asked.outage:
        os.environ["FAULTS_OUTAGE"] = str(asked.outage)
    rows, skipped = _rows(asked.rows)
    schedule = _schedule(rows, asked.trials, asked.seed)
    results: list[Result] = []
    with (
        tempfile.TemporaryDirectory(prefix="warta-faults-") as folder,
        Ground(Path(folder), cold=asked.cold) as ground,
    ):
        for result in _run(ground, schedule, Path(folder)):
            results.append(result)
            print(progress(len(results), len(schedule), result), flush=True)
            if result.problem:
                print(f"  again: {run_again(result)}", flush=True)
            write_report(asked.report, results, skipped)
    print(write_report(asked.report, results, skipped))
    return int(any(result.problem for result in results))


def _run(ground: Ground, schedule: Sequence[tuple[Row, int]], folder: Path) -> Iterator[Result]:
    """One rig for all trials of one place; a new one after a trial that failed, and so may have broken it."""
    rig: Rig | None = None
    place = ""
    try:
        for row, seed in schedule:
            if rig is None or row.place != place:
                if rig:
                    rig.__exit__(None, None, None)
                rig, place = Rig(ground, PLACES[row.place](ground)).__enter__(), row.place
            ledger = folder / "ledgers" / str(seed)
            ledger.mkdir(parents=True)
            result = run_trial(rig, row, seed, ledger)
            yield result
            if result.problem:
                rig.__exit__(None, None, None)
                rig = None
    finally:
        if rig:
            rig.__exit__(None, None, None)


def _schedule(rows: Sequence[Row], trials: int, seed: int) -> list[tuple[Row, int]]:
    """All rows in turn, round by round; within a round by place, since a place takes its time to set up.

    A single trial has the seed itself.
    """
    chance, order = random.Random(seed), list(PLACES)
    in_order = sorted(rows, key=lambda row: order.index(row.place))
    chosen = islice(cycle(in_order), trials)
    return [(row, seed if trials == 1 else chance.randrange(1_000_000_000)) for row in chosen]


def _rows(names: str) -> tuple[list[Row], dict[str, str]]:
    wanted = [name.strip() for name in names.split(",") if name.strip()] if names else list(ROWS)
    for unknown in set(wanted) - ROWS.keys():
        raise SystemExit(f"no row {unknown!r}; there are:\n  " + "\n  ".join(ROWS))
    reasons = {name: ROWS[name].needs() for name in wanted}
    return [ROWS[name] for name in wanted if not reasons[name]], {n: why for n, why in reasons.items() if why}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--trials", type=int, default=len(ROWS))
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--rows", default="", help="names, separated by commas")
    parser.add_argument("--cold", action="store_true", help="start services from scratch, as in production")
    parser.add_argument("--outage", type=float, help="seconds that a server is away in the rows of that name")
    parser.add_argument("--report", type=Path, default=REPORT)
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
