"""`evaluate.py` on small sets of our own: languages, topics, backends, and what is no such set."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from name_models import save_spacy
from training.evaluation.bootstrap import interval
from training.evaluation.topics import best_class
from warta_enrich.models import Models
from warta_shared.events import Topic

EVALUATE = Path(__file__).parents[3] / "services" / "enrich" / "training" / "evaluate.py"
ID = "Pemerintah akan menaikkan anggaran belanja negara untuk tahun depan karena penerimaan pajak membaik."
EN = "The government will raise the state budget for the next year because tax revenue has been improving."


def run(data: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(EVALUATE), "--data", str(data), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def figures(data: Path, *arguments: str | Path) -> Mapping[str, Any]:
    result = run(data, "--json", *arguments)
    assert result.returncode == 0, result.stderr
    return {f"{one['task']} {one['what']}": one for one in map(json.loads, result.stdout.splitlines())}


def written(path: Path, *objects: Mapping[str, str]) -> Path:
    path.write_text("\n".join(map(json.dumps, objects)) + "\n\n", encoding="utf-8")
    return path


def test_languages_at_each_length_and_texts_without_one(tmp_path: Path) -> None:
    (tmp_path / "language").mkdir()
    (tmp_path / "language" / "id.txt").write_text(f"{ID}\n{EN}\n", encoding="utf-8")
    (tmp_path / "language" / "und.txt").write_text("12.30 17.45 +2\n", encoding="utf-8")
    found = figures(tmp_path)
    assert (found["language id whole"]["value"], found["language id whole"]["cases"]) == (0.5, 2)
    assert found["language und headline"]["value"] == 1.0
    assert found["language und wrongly 200 characters"]["value"] == 0.0
    assert {one["file"] for one in found.values()} == {"language"}


def test_the_headline_is_the_title_where_there_is_one(tmp_path: Path) -> None:
    written(tmp_path / "a.language.jsonl", {"text": ID, "title": EN, "language": "en"})
    found = figures(tmp_path, "--only", "language")
    assert found["language en headline"]["value"] == 1.0
    assert found["language en 200 characters"]["value"] == 0.0


def test_topics_by_code_and_by_a_map_of_labels(tmp_path: Path) -> None:
    football = "The striker scored twice as the football club won the league match against its rival."
    budget = "The finance minister said inflation and the exchange rate weigh on the economy and investment."
    odd = "Nothing much of anything at all was said there."
    written(
        tmp_path / "a.topics.jsonl",
        {"text": football, "topic": "sport"},
        {"text": budget, "topic": "business", "title": "Inflation"},
        {"text": odd, "topic": "business"},
    )
    (tmp_path / "a.topics.map.json").write_text('{"sport": ["15000000"], "business": ["04000000"]}')
    found = figures(tmp_path)
    assert found["topics sport"]["value"] == 1.0
    assert found["topics business"]["value"] == pytest.approx(2 / 3)
    assert found["topics all classes"]["value"] == pytest.approx(5 / 6)
    assert found["topics no topic"]["value"] == pytest.approx(1 / 3)
    written(tmp_path / "a.topics.jsonl", {"text": football, "topic": "15000000"})
    (tmp_path / "a.topics.map.json").unlink()
    assert figures(tmp_path)["topics 15000000"]["value"] == 1.0


def test_a_deeper_class_goes_before_its_top_level(models: Models) -> None:
    classes = {"business": frozenset({"04000000"}), "economy": frozenset({"20000344"})}
    economy = Topic(code="20000344", name="economy", score=0.9)
    assert best_class([economy], classes, models) == "economy"
    assert best_class([economy], {"business": classes["business"]}, models) == "business"
    assert best_class([economy], {"sport": frozenset({"15000000"})}, models) is None


def test_a_backend_is_scored_alone_and_in_the_pipeline(tmp_path: Path) -> None:
    (tmp_path / "a.conll").write_text(
        "Kata\tO\nBudi\tB-PER\nSantoso\tI-PER\n,\tO\n\nOrang\tO\n\n", encoding="utf-8"
    )
    found = figures(tmp_path, "--backend", "spacy", "--model", save_spacy(tmp_path / "model"))
    assert found["entities backend PER"]["value"] == found["entities pipeline PER"]["value"] == 1.0
    assert run(tmp_path, "--backend", "spacy").returncode == 2


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.topics.jsonl", '{"text": "a", "topic": "99999999"}', "'99999999' is no Media Topic in use"),
        ("a.topics.jsonl", '\n{"text": "a"}', "a.topics.jsonl:2: expected"),
        ("a.language.jsonl", "text", "a.language.jsonl:1: no JSON"),
        ("a.language.jsonl", "[1]", "a.language.jsonl:1: expected"),
        ("a.language.jsonl", "\xff", "not UTF-8"),
    ],
)
def test_another_format_is_told_with_its_line(tmp_path: Path, name: str, content: str, message: str) -> None:
    (tmp_path / name).write_bytes(content.encode("latin-1"))
    result = run(tmp_path)
    assert result.returncode == 2
    assert message in result.stderr


def test_an_interval_holds_the_figure_and_narrows_with_more_cases() -> None:
    def share(counts: np.ndarray[Any, np.dtype[np.int64]]) -> float:
        return float(counts[0] / counts.sum())

    few, many = (interval(np.array([8 * times, 2 * times]), share) for times in (2, 200))
    assert few[0] < many[0] < 0.8 < many[1] < few[1]
    assert interval(np.array([8, 2]), share) == interval(np.array([8, 2]), share)
    assert interval(np.array([0, 0]), share) == (0.0, 0.0)
