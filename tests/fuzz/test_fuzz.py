"""Some hundred broken inputs for each parser of strangers' bytes, and every finding of earlier, longer runs."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzz.mutation import mutated
from fuzz.targets import TARGETS

EXAMPLES = 300
FOUND = sorted(path for path in Path(__file__).with_name("found").iterdir() if path.suffix != ".md")


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32))
def test_whatever_is_sent_ends_in_an_answer(name: str, seed: int) -> None:
    target = TARGETS[name]
    target.check(mutated(random.Random(seed), target.corpus, target.words))


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_well_formed_is_read(name: str) -> None:
    for text in TARGETS[name].corpus:
        TARGETS[name].check(text)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
def test_what_was_found_once_does_not_come_back(path: Path) -> None:
    TARGETS[path.name.partition("-")[0]].check(path.read_bytes())
