"""Lines that stand between paragraphs and belong to the page, not to the article."""

from __future__ import annotations

import re

_NOT_TEXT = re.compile(
    r"(?:baca (?:juga|selengkapnya|selanjutnya)|lihat juga|simak juga|artikel terkait|read (?:also|more)|see also"
    r"|related(?: articles?)?|also read|tonton juga)\s*[:\-–].*"
    r"|(?:advertisement|advertorial|iklan|scroll to (?:continue|resume) (?:with )?(?:content|reading)"
    r"|scroll untuk lanjut membaca|lanjutkan membaca di bawah(?: iklan)?|leave a comment|tulis komentar"
    r"|share this article|bagikan(?: artikel)?|salin tautan|copy link|subscribe|berlangganan)[.:!]?"
    r"|\[?gambas:[^\]]*\]?"
    r"|(?:last )?(?:updated|diperbarui|diupdate):?\s.{1,40}\b(?:ago|lalu)\.?",
    re.IGNORECASE,
)


def article_lines(text: str, title: str) -> list[str]:
    """The lines of the article: no boilerplate, no repetition of the title at the top, no line twice in a row."""
    wanted = title.casefold().strip()
    lines: list[str] = []
    for raw in text.split("\n"):
        line = " ".join(raw.split())
        if not line or _NOT_TEXT.fullmatch(line) or (lines and line == lines[-1]):
            continue
        if not lines and line.casefold() == wanted:
            continue
        lines.append(line)
    return lines
