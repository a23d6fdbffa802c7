"""The models, loaded once, and articles by their text alone."""

from __future__ import annotations

import pytest

from warta_enrich.models import Models, load_models


@pytest.fixture(scope="session")
def models() -> Models:
    return load_models()
