"""The n-grams that are kept of py3langid's model tell what py3langid tells, to the last bit."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from warta_enrich.models import Models

SCRIPTS = [
    "Kata orang di kampung",
    "padha gotong royong",
    "désa keur ngomean",
    "the road ß ﬁ",
    "市は道路を",
    "قالت",
]
ANY_TEXT = st.lists(st.sampled_from(SCRIPTS) | st.text(max_size=20), max_size=12).map(" ".join)


@pytest.fixture(scope="module")
def oracle() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT, st.booleans())
def test_languages_are_those_of_py3langid(
    oracle: LanguageIdentifier, models: Models, text: str, capitals: bool
) -> None:
    text = text.upper() if capitals else text
    assert models.language.byte_grams.classify(text) == oracle.classify(text)
