"""What a signature tells, and whose copy a text is."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest

from near_copies import text
from warta_enrich.stories.agency import agency_of
from warta_enrich.stories.signature import BANDS, BINS, SHINGLES_MIN, signature

WORDS = text(random.Random(1), 300)


def test_the_same_words_have_the_same_signature_in_every_process() -> None:
    code = (
        "import random; from near_copies import text; from warta_enrich.stories.signature import signature; "
        "print(signature(text(random.Random(1), 300)))"
    )
    for seed in ("1", "2"):
        env = {"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)}
        told = subprocess.run(
            [sys.executable, "-c", code], env=env, capture_output=True, check=True, text=True
        )
        assert told.stdout.strip() == repr(signature(WORDS))


def test_a_signature_has_its_sizes() -> None:
    found = signature(WORDS)
    assert found
    assert (len(found.bands), len(found.sketch)) == (8 * BANDS, BINS)
    assert 290 < found.size <= 298


def test_punctuation_and_repetition_change_nothing() -> None:
    assert signature([part for word in WORDS for part in (word, ",")]) == signature(WORDS)
    assert signature(WORDS * 2).sketch.count(0) <= signature(WORDS).sketch.count(0)  # type: ignore[union-attr]


@pytest.mark.parametrize("words", [[], ["satu"], ["satu", "dua", "tiga"], ["a"] * 500, ["!"] * 500])
def test_too_few_words_have_none(words: list[str]) -> None:
    assert signature(words) is None
    assert signature([f"w{number}" for number in range(SHINGLES_MIN + 2)]) is not None


@pytest.mark.parametrize(
    ("body", "authors", "agency"),
    [
        ("JAKARTA (ANTARA) - Pemerintah menaikkan harga.", [], "ANTARA"),
        ("Jakarta, 3/8 (Antara) -- Pemerintah menaikkan harga.", [], "ANTARA"),
        ("LONDON, Aug 3 (Reuters) - Oil prices rose.", [], "Reuters"),
        ("Oil prices rose on Monday. (Reuters)", [], "Reuters"),
        ("Oil prices rose on Monday. (AFP/XYZ).", [], "AFP"),
        ("Harga minyak naik.\nSumber: Antara", [], "ANTARA"),
        ("Oil prices rose on Monday.", ["Associated Press"], "AP"),
        ("Reuters reported that oil prices rose.", ["Budi"], None),
        ("The editor of Antara (ANTARA), a news agency, spoke to staff.", [], None),
        ("Saham PT Antara naik. Harga (AP) tetap. Minyak turun lagi.", [], None),
        ("", [], None),
    ],
)
def test_an_agency_is_whose_copy_it_is(body: str, authors: list[str], agency: str | None) -> None:
    assert agency_of(body, authors) == agency
