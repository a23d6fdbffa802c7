"""The alerts, by Prometheus' own tools: each fires, stays quiet and resolves; each has its runbook."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from alert_cases import CASES, Case

from fixtures_monitoring import program

ROOT = Path(__file__).parents[3]
RULES = ROOT / "deploy" / "prometheus" / "alerts.yml"
ALERTS: dict[str, dict[str, Any]] = {
    rule["alert"]: rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]
}


def headings(markdown: str) -> set[str]:
    """The anchors that a page's headings have."""
    found = re.findall(r"^#+ (.+)$", markdown, re.MULTILINE)
    return {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in found}


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_says_how_bad_it_is_and_what_to_do(name: str) -> None:
    rule = ALERTS[name]
    assert rule["labels"]["severity"] in {"page", "ticket"}
    page, _, anchor = rule["annotations"]["runbook"].partition("#")
    assert anchor == name.lower()
    text = (ROOT / page).read_text()
    assert anchor in headings(text)
    section = text.partition(f"### {name}\n")[2].partition("\n#")[0]
    assert re.search(r"`[^`]+`", section), "a section names commands or metrics to look at"


def test_every_alert_has_a_story_and_every_story_an_alert() -> None:
    assert {case.alert for case in CASES} == set(ALERTS)


@pytest.mark.parametrize(
    "checked", ["check rules deploy/prometheus/alerts.yml", "check config deploy/prometheus/prometheus.yml"]
)
def test_prometheus_takes_the_files(checked: str) -> None:
    done = subprocess.run(
        [program("promtool"), *checked.split()], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_alertmanager_takes_its_file() -> None:
    tool = program("amtool")
    done = subprocess.run(
        [tool, "check-config", "deploy/alertmanager/alertmanager.yml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.alert} {case.about}".strip())
def test_an_alert_fires_stays_quiet_and_resolves(case: Case, tmp_path: Path) -> None:
    shutil.copy(RULES, tmp_path / "alerts.yml")
    rule = ALERTS[case.alert]
    firing = {
        "exp_labels": rule["labels"] | case.labels,
        "exp_annotations": {"summary": case.summary, "runbook": rule["annotations"]["runbook"]},
    }
    asked = [(case.quiet, []), (case.fires, [firing]), (case.over, [])]
    test = {
        "rule_files": ["alerts.yml"],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [{"series": name, "values": values} for name, values in case.series.items()],
                "alert_rule_test": [
                    {"eval_time": f"{minute}m", "alertname": case.alert, "exp_alerts": expected}
                    for minute, expected in asked
                ],
            }
        ],
    }
    (tmp_path / "test.yml").write_text(yaml.safe_dump(test))
    done = subprocess.run(
        [program("promtool"), "test", "rules", "test.yml"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
