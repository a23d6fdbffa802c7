"""Each marked example of docs/querying.md runs against the real index with the read-only key."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from fixtures_stack import Running
from waiting import eventually

TEXT = (Path(__file__).parents[2] / "docs" / "querying.md").read_text()
EXAMPLES = re.findall(r"<!-- tested -->\n```sh\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example_finds_something(running: Running, example: str) -> None:
    article = {
        "external_id": "documented",
        "title": "Kredit usaha kecil di Surabaya",
        "body": "Bank membiayai usaha kecil di Surabaya, Jawa Timur, dengan kredit Rp2 miliar.\nPemerintah mendukung.",
        "source": "KABAR",
        "published_at": "2099-01-01T00:00:00Z",
    }
    running.push(article).raise_for_status()
    variables = {
        "URL": running.variables["WARTA_ELASTICSEARCH_URL"],
        "KEY": Path(running.variables["WARTA_ELASTICSEARCH_API_KEY_FILE"]).read_text().strip(),
    }

    def found() -> bool:
        done = subprocess.run(
            ["bash", "-c", example],
            env={**running.environment(), **variables},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        answer = json.loads(done.stdout)
        return bool(answer["hits"]["total"]["value"])

    assert eventually(found)
