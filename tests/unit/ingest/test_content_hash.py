"""What makes a revision, and what does not."""

from __future__ import annotations

import time

import pytest

from warta_ingest.sameness import content_hash

TITLE = "Inflasi Agustus 2,1 persen"
BODY = "Jakarta - Inflasi turun menjadi 2,1 persen.\nHarga beras naik, kata BPS."

SAME = [
    "Jakarta - Inflasi turun menjadi  2,1\u00a0persen.\n\n Harga beras naik, kata BPS. ",
    "Updated 5 minutes ago\n" + BODY,
    "Diperbarui 7 menit lalu\n" + BODY,
    "Diperbarui 7 menit yang lalu | Dibaca 1.204 kali\n" + BODY,
    BODY + "\n12 comments",
    BODY + "\nDilihat: 1,2 rb kali",
    BODY + "\n3.400 views • 12 shares",
    BODY + "\nLast updated: 20 August 2026, 7:30 am",
    BODY + "\nTerakhir diperbarui: Kamis, 20 Agustus 2026 07.30 WIB",
    BODY + "\nPublished on 2026-08-20T07:30:00Z",
    BODY + " (Updated 3 hours ago)",
    "baru saja\n" + BODY,
    BODY.replace("-", "–"),
    BODY.replace("beras", "be\u00adras"),
]
CHANGED = [
    BODY.replace("2,1", "2,2"),
    BODY.replace("Jakarta", "JAKARTA"),
    BODY + "\nHarga cabai turun.",
    BODY + "\nGempa terjadi 5 menit lalu di Palu.",
    BODY.splitlines()[0],
    BODY + "\n12 korban",
    "",
]


@pytest.mark.parametrize("body", SAME)
def test_no_revision(body: str) -> None:
    assert content_hash(TITLE, body) == content_hash(TITLE, BODY)


@pytest.mark.parametrize("body", CHANGED)
def test_a_revision(body: str) -> None:
    assert content_hash(TITLE, body) != content_hash(TITLE, BODY)


def test_the_headline_counts_and_is_no_part_of_the_body() -> None:
    assert content_hash("Inflasi naik", BODY) != content_hash(TITLE, BODY)
    assert content_hash("a b", "c") != content_hash("a", "b c")
    assert content_hash(f"{TITLE} (Updated 5 minutes ago)", BODY) == content_hash(TITLE, BODY)


def test_the_hash_is_for_ever() -> None:
    assert content_hash(TITLE, BODY) == "142f45219f8c748cb81ee6b0468bfe98"


@pytest.mark.parametrize(
    "line", ["Updated " + "1" * 140 + "!", "Updated " + "1 " * 70 + "!", "1," * 75 + "k", "baru saja 1 " * 12]
)
def test_no_line_stalls_it(line: str) -> None:
    started = time.process_time()
    content_hash(line, "\n".join([line] * 2_000))
    assert time.process_time() - started < 2
