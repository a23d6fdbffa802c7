"""Lines that stand between paragraphs and belong to the page, not to the article."""

from __future__ import annotations

import re

_READ_ALSO = (
    r"(?:baca (?:juga|selengkapnya|selanjutnya|pula)|lihat juga|simak (?:juga|pula|video|selengkapnya)|tonton juga"
    r"|artikel terkait|berita terkait|pilihan editor|read (?:also|more)|see also|also read|related(?: articles?)?)"
)
_BUTTON = (
    r"(?:advertisement|advertorial|iklan|scroll to (?:continue|resume) (?:with )?(?:content|reading)"
    r"|scroll untuk lanjut membaca|lanjutkan membaca di bawah(?: iklan)?|leave a comment|tulis komentar"
    r"|share this article|bagikan(?: artikel)?(?: ini)?|salin tautan|copy link|subscribe|berlangganan|sign up|log ?in"
    r"|halaman (?:selanjutnya|berikutnya|sebelumnya)|next page|previous page|selanjutnya|tampilkan semua|show all"
    r"|\[?halaman:?(?:\s\d+)*(?:\s(?:dari|of)\s\d+)?(?:\s(?:selanjutnya|berikutnya|all|semua))*\]?)"
)
_NOT_TEXT = re.compile(
    rf"{_READ_ALSO}\s*(?:[:\-–\"'“‘].*|[^.!?]{{0,160}})"
    rf"|{_BUTTON}(?:[\s.:!,|]+{_BUTTON})*[.:!]?"
    r"|(?:penulis|editor|reporter|pewarta|fotografer)\s?:.{1,80}"
    r"|(?:last )?(?:updated|diperbarui|diupdate):?\s.{1,40}\b(?:ago|lalu)\.?"
    r"|artikel ini (?:telah|sudah) (?:tayang|terbit|dimuat) (?:sebelumnya )?di .{1,300}"
    r"|(?:simak|dapatkan) (?:breaking news|update berita).{1,400}"
    r"|(?:ikuti|follow) (?:kami|saluran|us|whatsapp|berita).{1,200}(?:google news|whatsapp|channel|telegram).{0,120}",
    re.IGNORECASE,
)
_EMBEDDED = re.compile(r"\s*\[?gambas:[^\]\n]{0,100}\](?:\s|$)", re.IGNORECASE)


def article_lines(text: str, title: str) -> list[str]:
    """The lines of the article: no boilerplate, no repetition of the title at the top, no line twice in a row."""
    wanted = " ".join(title.casefold().split())
    lines: list[str] = []
    for raw in text.split("\n"):
        line = " ".join(_EMBEDDED.sub(" ", raw).split())
        if not line or _NOT_TEXT.fullmatch(line) or (lines and line == lines[-1]):
            continue
        if not lines and line.casefold() == wanted:
            continue
        lines.append(line)
    return lines
