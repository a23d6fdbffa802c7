"""The canary: when there is one, and that each is a new revision of the same article."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import ValidationError

from drafts import NOON, settings
from warta_ingest.canary import canary_draft, canary_loops
from warta_shared.canary import SOURCE


def nowhere() -> None:
    raise AssertionError("nobody asks yet")


def test_there_is_none_where_nobody_wants_one() -> None:
    assert canary_loops(nowhere, settings(canary_seconds=0)) == []
    [loop] = canary_loops(nowhere, settings())
    assert (loop.name, loop.every) == ("canary", 300)


def test_it_comes_at_least_every_ten_minutes_or_its_alert_would_err() -> None:
    with pytest.raises(ValidationError):
        settings(canary_seconds=601)


def test_each_is_a_new_revision_of_one_article() -> None:
    first, second = canary_draft(NOON), canary_draft(NOON + timedelta(seconds=300))
    assert first.id == second.id
    assert first.content_hash != second.content_hash
    assert first.source.id == SOURCE
    assert second.published_at == NOON + timedelta(seconds=300)
