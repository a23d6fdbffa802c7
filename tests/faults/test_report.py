"""The report: what is counted, and how a trial that failed is run again."""

from __future__ import annotations

import json
from pathlib import Path

from faults.oracle import Verdict
from faults.report import progress, run_again, write_report
from faults.trials.trial import Result

FINE = Result("Redis killed", "redis-killed", 17, "redis 7.0", accepted=100, recovery=2.0, memory=300_000_000)
BAD = Result(
    "Redis killed",
    "redis-killed",
    18,
    "redis 7.0",
    accepted=50,
    recovery=4.0,
    verdict=Verdict(lost=[3, 4], stale=[5]),
    problem="not clean: lost [3, 4]",
)


def test_a_row_sums_its_trials(tmp_path: Path) -> None:
    text = write_report(tmp_path / "report.json", [FINE, BAD], {"Redis without disk space": "no root"})
    row = "| Redis killed | 2 | 1 | 150 | 2 | 0 | 1 | 0 | 0 | 3.0 / 4.0 / 4.0 | 300 | redis 7.0 |"
    assert row in text.splitlines()
    assert "skipped: Redis without disk space: no root" in text
    told = json.loads((tmp_path / "report.json").read_text())
    assert told["rows"][0]["seeds"] == [17, 18]
    assert [one["again"] for one in told["failed"]] == [run_again(BAD)]
    assert (tmp_path / "report.md").read_text().strip() == text


def test_a_trial_that_failed_names_the_command_that_runs_it_again() -> None:
    assert run_again(BAD) == "make faults TRIALS=1 SEED=18 ROWS=redis-killed"
    assert "FAILED not clean: lost [3, 4]" in progress(2, 2, BAD)
    assert ": ok |" in progress(1, 2, FINE)
