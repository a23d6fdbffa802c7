"""Which lines are the page's, and which the article's."""

from __future__ import annotations

import pytest

from warta_ingest.extraction.line_filter import article_lines, is_boilerplate


@pytest.mark.parametrize(
    "line",
    [
        "Baca juga: Harga Gula Naik Lagi Pekan Ini",
        "Baca Juga Harga Gula Naik Lagi Pekan Ini",
        "Simak Video 'Panen Raya di Karawang'",
        "Pilihan Editor: Siapa Penimbun Beras?",
        "ADVERTISEMENT",
        "SCROLL TO CONTINUE WITH CONTENT",
        "ADVERTISEMENT SCROLL TO CONTINUE WITH CONTENT",
        "Scroll ke bawah untuk melanjutkan membaca",
        "[Gambas:Video 20detik]",
        "[Gambas:Instagram]",
        "Halaman: 1 2 3 Selanjutnya",
        "2 dari 4 halaman",
        "Bersambung ke halaman selanjutnya...",
        "Penulis: Ratna Dewi | Editor: Budi Santoso",
        "(rds/bsn)",
        "Artikel ini telah tayang di Kabar.example dengan judul Harga Beras",
        "Simak berita pilihan kami langsung di ponselmu lewat WhatsApp Channel Kabar.",
        "* Follow Official WhatsApp Channel Kabar untuk mendapatkan berita terkini.",
        "Dapatkan berita up to date dari semua rubrik hanya dengan satu akun, daftar sekarang.",
        "Cek Berita dan Artikel yang lain di Google News dan WA Channel",
        "Kirimkan Apresiasi Spesialmu untuk mendukung jurnalisme kami.",
        "Dilarang keras mengambil konten untuk AI di situs ini tanpa izin tertulis.",
        "Copyright © Kabar 2025",
        "The contents of this website are copyright Kabar Media. All rights reserved.",
        "Sign up for our daily newsletter and never miss a story.",
        "Get the latest updates right in your inbox.",
        "Ratna Dewi may be reached at ratna@kabar.example. Follow her on Twitter @ratna.",
        "Baca: Harga Gula Naik Lagi",
        "Periksa kembali dan lengkapi data dirimu.",
        "Data dirimu akan digunakan untuk verifikasi akun ketika kamu membutuhkan bantuan.",
        "Login untuk memaksimalkan pengalaman mengakses Kabar",
        "Related stories",
        "Watch: floods in Semarang",
        "Updated 5 minutes ago",
    ],
)
def test_lines_of_the_page(line: str) -> None:
    assert is_boilerplate(line) or article_lines(line, "") == []


@pytest.mark.parametrize(
    "line",
    [
        "Baca juga surat terbuka itu, kata menteri. Isinya sudah dikirim ke presiden.",
        "Iklan rokok dilarang mulai tahun depan.",
        "Penulis buku itu menolak hadir.",
        "Halaman gedung itu penuh warga sejak pagi.",
        "Simak pernyataan lengkapnya, ujar juru bicara itu kepada wartawan di Jakarta.",
        "Related party loans rose by a third",
        "Watch the central bank in June",
        "Comments by the governor moved the rupiah.",
        "Ikuti aturan baru ini agar tidak didenda, kata polisi.",
        "Subscribe rates at the bourse doubled.",
        "OJK",
        "Jakarta",
        "(1) Setiap orang berhak atas informasi.",
    ],
)
def test_lines_of_the_article(line: str) -> None:
    assert article_lines(line, "") == [line]


def test_an_embedded_video_inside_a_paragraph_goes_alone() -> None:
    assert article_lines("Harga naik. [Gambas:Video 20detik] Warga mengeluh.", "") == [
        "Harga naik. Warga mengeluh."
    ]


def test_the_title_and_doubles_go() -> None:
    assert article_lines("Harga Beras Naik\nSatu.\nSatu.\nHarga beras naik\nDua.", "Harga beras naik") == [
        "Satu.", "Harga beras naik", "Dua."
    ]  # fmt: skip


def test_a_long_line_is_text() -> None:
    assert not is_boilerplate("Baca juga: " + "kata " * 500)
