"""A quick selection of the fault matrix: one trial of each row. `make faults` runs all rows, any number of times.

`FAULTS_SEED=17 make test TESTS=tests/faults` runs the same schedules again.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from faults.report import run_again
from faults.rig.ground import Ground
from faults.rig.rig import Rig
from faults.trials.rows import PLACES, ROWS
from faults.trials.trial import run_trial
from warta_local.elasticsearch import ElasticsearchServer

SELECTED = (
    "kill-anyone-four-times",
    "kill-index-after-bulk",
    "zombie-index",
    "pushes-reordered-and-repeated",
    "redis-killed",
    "redis-replies-lost",
    "elasticsearch-429-for-items",
    "elasticsearch-mapping-conflict",
    "elasticsearch-away",
    "poison-messages",
)


@pytest.fixture(scope="module")
def rig(elasticsearch_server: ElasticsearchServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """The whole system on one Redis; nothing of it is left in Elasticsearch for other tests."""
    with Ground(tmp_path_factory.mktemp("ground"), elasticsearch_server) as ground:
        ground.ask("DELETE", "/articles-v1")
        ground.set_up()
        with Rig(ground, PLACES["one"](ground)) as rig:
            yield rig
        ground.ask("DELETE", "/articles-v1")


@pytest.mark.timeout(400)
@pytest.mark.parametrize("slug", SELECTED)
def test_nothing_is_lost_and_nothing_comes_twice(rig: Rig, slug: str, tmp_path: Path) -> None:
    seed = int(os.environ.get("FAULTS_SEED") or random.SystemRandom().randrange(1_000_000_000))
    result = run_trial(rig, ROWS[slug], seed, tmp_path)
    print(f"accepted {result.accepted}, pushes {result.pushes}, recovery {result.recovery:.1f} s")
    assert not result.problem, f"{result.problem}\n{run_again(result)}"
    assert result.verdict.clean


def test_every_row_has_a_place_and_a_name_of_its_own() -> None:
    assert {row.place for row in ROWS.values()} == set(PLACES)
    assert len({row.name for row in ROWS.values()}) == len(ROWS)
    assert set(SELECTED) <= set(ROWS)
