"""Has an article changed? A hash over its words, deaf to clocks, counters and typography."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_NUMBER = r"\d[\d.,]*\s?(?:k|m|rb|ribu|jt|juta)?"
_UNIT = (
    r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|[smhd]"
    r"|detik|menit|jam|hari|minggu|pekan|bulan)"
)
_AGO = rf"(?:(?:{_NUMBER}|an?|se)\s?{_UNIT}\s(?:ago|(?:yang\s)?lalu)|just now|moments? ago|baru saja|barusan)"
_UPDATED = (
    r"(?:last\s)?(?:updated?|modified|published|posted|edited)(?:\s(?:at|on))?"
    r"|(?:terakhir\s)?(?:diperbarui|diperbaharui|diupdate|diubah|disunting|diterbitkan|tayang|dipublikasikan)"
    r"(?:\spada)?"
)
# Possessive (`++`): digits that can be cut in many ways would let a hostile line stall the match.
_CLOCK_WORD = (
    r"(?:\d++(?:st|nd|rd|th)?|am|pm|at|on|pukul|jam|pada|wib|wita|wit|gmt|utc|z|t|[ap]\.m\."
    r"|jan(?:uary|uari)?|feb(?:ruary|ruari)?|mar(?:ch|et)?|apr(?:il)?|may|mei|june?|juni|july?|juli"
    r"|aug(?:ust)?|agustus|agu|agt|sep(?:t|tember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cs](?:ember)?"
    r"|mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
    r"|senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad)"
)
_COUNTED = (
    r"(?:views?|reads?|shares?|comments?|likes?|reactions?|viewers?|readers?"
    r"|kali(?:\sdibaca|\sdilihat)?|pembaca|komentar|tayangan|dibagikan|suka)"
)
_COUNTER = (
    rf"{_NUMBER}\s{_COUNTED}|{_COUNTED}\s{_NUMBER}"
    rf"|(?:dibaca|dilihat|dibagikan|viewed|read|shared)\s?:?\s?{_NUMBER}(?:\s(?:kali|times|x))?"
)
_UPDATED_AGO = re.compile(rf"[(\[]?\b(?:{_UPDATED})\s?:?\s?{_AGO}\b[)\]]?", re.IGNORECASE)
_TRIVIAL = re.compile(
    rf"(?:{_UPDATED})?\s?:?\s?{_AGO}|{_COUNTER}|(?:{_UPDATED})\s?:?\s?(?:{_CLOCK_WORD}[\s,./:+-]*){{1,16}}",
    re.IGNORECASE,
)
_SEGMENT = re.compile(r"([|•·()\[\]]|\s[-–—]\s)")
_SHORT_LINE = 160
_TYPOGRAPHY = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...",
     "\u00ad": None, "\u200b": None, "\u200c": None, "\u200d": None, "\u2060": None, "\ufeff": None}
)  # fmt: skip


def content_hash(title: str, body: str) -> str:
    """32 hex digits that differ when, and only when, a reader would call the article changed.

    Out before hashing: "Updated 5 minutes ago" and its kin, "Dibaca 1.204 kali", white space, the shape of
    quotation marks and dashes, invisible characters. Capitals count.
    """
    text = f"{_essence(title)}\x1f{_essence(body)}"
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def _essence(text: str) -> str:
    normalised = unicodedata.normalize("NFC", text).translate(_TYPOGRAPHY)
    return " ".join(" ".join(_without_clock(line) for line in normalised.splitlines()).split())


def _without_clock(line: str) -> str:
    line = _UPDATED_AGO.sub(" ", line)
    if len(line) > _SHORT_LINE:
        return line
    segments = _SEGMENT.split(line)
    if not any(_is_trivial(segment) for segment in segments):
        return line
    return " ".join(
        segment for segment in segments if not _is_trivial(segment) and not _SEGMENT.fullmatch(segment)
    )


def _is_trivial(segment: str) -> bool:
    return _TRIVIAL.fullmatch(segment.strip(" ,.;:")) is not None
