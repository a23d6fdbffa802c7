"""What ingest can be told, and what contradicts itself."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from drafts import settings
from warta_ingest.settings import IngestSettings


def test_the_defaults_hold_together() -> None:
    IngestSettings()


def test_networks_are_a_list() -> None:
    assert settings(allow_networks=" 10.0.0.0/8, newsroom ,,").allowed_networks == ("10.0.0.0/8", "newsroom")


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"page_min_idle": 75.0}, "page_min_idle"),
        ({"page_budget": 9.0}, "fetch_deadline must lie below page_budget"),
        ({"poll_lease": 9.0}, "fetch_deadline must lie below poll_lease"),
        ({"push_bytes_in_flight": 16_000_000}, "push_bytes_in_flight"),
        ({"page_tries": 0}, "page_tries"),
        ({"push_keys": "wire:warta_secret"}, "push keys, line 1: it must be name:sha256"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(given: dict[str, Any], named: str) -> None:
    with pytest.raises(ValidationError, match=named) as refused:
        settings(**given)
    assert "warta_secret" not in str(refused.value)


def test_keys_are_not_shown() -> None:
    assert "0" * 64 not in repr(settings(push_keys=f"wire:{'0' * 64}"))
