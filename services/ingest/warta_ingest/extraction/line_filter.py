"""Lines that stand between paragraphs and belong to the page, not to the article."""

from __future__ import annotations

import re

# These lead to another article with or without a colon ...
_READ_ALSO = (
    r"(?:baca (?:juga|selengkapnya|selanjutnya|pula|berita lainnya|artikel)|lihat (?:juga|pula|video)"
    r"|simak (?:juga|pula|video|selengkapnya)|saksikan (?:juga|video|live)|tonton (?:juga|video)|menarik dibaca"
    r"|(?:artikel|berita|video|topik) (?:terkait|terpopuler|pilihan)|pilihan (?:editor|redaksi)"
    r"|read (?:also|more)|see also|also read|lesen sie auch|leia (?:também|mais))"
)
# ... these with one, or as a headline of their own.
_HEADLINE = (
    r"(?:baca|related(?: articles?| stories| news| topics)?|jangan lewatkan|next article|read next"
    r"|watch(?: also| live)?|more on this(?: story)?|you may also like|don.t miss|auch interessant"
    r"|mehr zum thema|lire aussi)"
)
_BUTTON = (
    r"(?:advert(?:isement|orial)?s?|iklan|ad|reklame|anzeige|publicité|publicidade"
    r"|scroll to (?:continue|resume) (?:with )?(?:content|reading)"
    r"|scroll (?:untuk|ke bawah untuk) (?:lanjut |melanjutkan )?(?:membaca|baca)|lanjutkan membaca di bawah(?: iklan)?"
    r"|(?:leave|post|add) a comments?|comments?|komentar|tulis komentar|tell us what you think|show comments"
    r"|share(?: this)?(?: article| story)?|bagikan(?: artikel)?(?: ini)?|salin tautan|copy link|tautan disalin|print"
    r"|print article|order reprints|thank you|subscribe(?: now)?|berlangganan|langganan|sign up|log ?in|masuk|daftar"
    r"|loading(?: comments)?|memuat|indeks berita|(?:artikel |konten )premium|follow us|ikuti kami"
    r"|(?:ber(?:lanjut|sambung)|lanjut) ke halaman (?:selanjutnya|berikutnya)"
    r"|halaman (?:selanjutnya|berikutnya|sebelumnya)|next page|previous page|selanjutnya|tampilkan semua|show all"
    r"|\[?(?:halaman|page):?(?:\s\d+)*(?:\s(?:dari|of)\s\d+)?(?:\s(?:selanjutnya|berikutnya|all|semua))*\]?"
    r"|\d+ dari \d+ halaman|this slideshow requires javascript|click here to get the [\w ]{1,30} app)"
)
_CHANNEL = r"(?:google news|whatsapp|wa channel|channel|saluran|telegram|instagram|twitter|facebook|tiktok|newsletter)"
_CONTACT = r"(?:twitter|facebook|instagram|x(?:\.com)?|@\w+)"
_NOT_TEXT = re.compile(
    rf"{_READ_ALSO}\s*(?:[:\-–—\"'“‘].*|[^.!?]{{0,160}}[.…]{{0,3}})"
    rf"|{_BUTTON}(?:[\s.:!,|…]+{_BUTTON})*[.:!…]*"
    rf"|{_HEADLINE}(?:\s*:.*|\W*)"
    r"|(?:penulis|editor|reporter|pewarta|fotografer|redaktur|redaktur & reporter|sumber)\s?:.{1,120}"
    r"|\(?[a-z]{2,5}(?:/[a-z]{2,5}){1,3}\)?|[(\[][a-z]{2,4}[)\]]"
    r"|(?:last )?(?:updated|diperbarui|diupdate):?\s.{1,40}\b(?:ago|lalu)\.?"
    r"|artikel ini (?:telah|sudah) (?:tayang|terbit|dimuat) (?:sebelumnya )?di .{1,300}"
    r"|(?:copyright )?(?:©|\(c\)|hak cipta)\s?.{0,200}|copyright\b.{1,100}(?:reserved|20\d\d|inc\b|pt\b).{0,120}"
    r"|.{0,150}\b(?:all rights reserved|hak cipta dilindungi)\b.{0,200}"
    r"|dilarang (?:keras )?(?:mengambil|meng(?:copy|utip)|menyalin|melakukan).{1,250}"
    r"|this copy is for your personal, non-commercial use only\..{0,300}",
    re.IGNORECASE,
)
# Sentences of the publisher about itself: what it offers and where to follow it.
_OFFER = re.compile(
    rf"[*\s]*(?:(?:simak|dapatkan|baca|cek|ikuti|follow|gabung|silakan baca|silakan akses|mari|klik|yuk|join|temukan"
    rf"|update)\b.{{1,200}}\b{_CHANNEL}\b.{{0,250}}"
    r"|(?:simak|dapatkan) (?:breaking news|update berita|berita (?:terkini|terbaru|up to date|pilihan)).{1,300}"
    r"|.{0,80}\b(?:dengan|hanya) satu akun\b.{0,200}|.{0,100}\bklik di ?sini untuk (?:men)?daftar\b.{0,120}"
    r"|.{0,100}\b(?:(?:lengkapi|isi|periksa) data dirimu|verifikasi akun)\b.{0,250}|login untuk .{1,120}"
    r"|baca berita tanpa iklan\..{0,80}|kirimkan apresiasi.{1,200}|fakta atau hoaks\?.{1,300}"
    r"|ikuti ulasan-ulasan menarik.{1,200}"
    r"|segala (?:isi|materi|konten).{1,80}tanggung jawab.{1,120}|apa (?:komentar|pendapat)(?:mu| anda).{1,120}"
    r"|(?:sign up|subscribe|get|receive)\b.{1,120}\b(?:newsletters?|inbox|mailing list)\b.{0,120}"
    r"|(?:have a|got a) (?:news )?tip\?.{0,200}|(?:email|contact|write to) .{1,80}@[\w.]{3,60}.{0,120}"
    rf"|.{{0,120}}\bfollow (?:her|him|them|us|me|[A-Z][\w ]{{2,30}}) on {_CONTACT}\b.{{0,120}}"
    r"|.{0,40}(?:may|can) be reached at .{3,60}@.{3,60})",
    re.IGNORECASE,
)
_LONGEST = 600
_EMBEDDED = re.compile(r"\s*\[?gambas:[^\]\n]{0,100}\](?:\s|$)", re.IGNORECASE)


def article_lines(text: str, title: str) -> list[str]:
    """The lines of the article: no boilerplate, no repetition of the title at the top, no line twice in a row."""
    wanted = " ".join(title.casefold().split())
    lines: list[str] = []
    for raw in text.split("\n"):
        line = " ".join(_EMBEDDED.sub(" ", raw).split())
        if not line or is_boilerplate(line) or (lines and line == lines[-1]):
            continue
        if not lines and line.casefold() == wanted:
            continue
        lines.append(line)
    return lines


def is_boilerplate(line: str) -> bool:
    """Whether a line says something of the page or the publisher and nothing of the news."""
    return len(line) <= _LONGEST and bool(_NOT_TEXT.fullmatch(line) or _OFFER.fullmatch(line))
