"""The part of an article that the language is read from, and whether it is language at all."""

from __future__ import annotations

import re

BODY_SAMPLE = 3_000
LETTERS_MIN = 12
WORDS_MIN = 3
IDEOGRAPHS_MIN = 4
_ENOUGH = 100  # characters that nearly always settle whether a text is language

# pycld2 raises on control characters (but not tab, LF, CR), surrogates and the noncharacters of Unicode 23.7.
_NONCHARACTERS = "".join(chr(plane * 0x10000 + low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
_UNREADABLE = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_NONCHARACTERS}]")
_NOT_LANGUAGE = re.compile(
    r"https?://\S{1,2048}|www\.\S{1,2048}|[\w.+-]{1,64}@\S{1,255}|<[^<>]{1,500}>|[@#]\w{1,100}", re.IGNORECASE
)
_SIGNS_OF_IT = ("://", "www.", "WWW.", "@", "<", "#")
_WORD = re.compile(r"[^\W\d_]{2,}")
_SPACED = bytes(code if code > 0x7F or chr(code).isalpha() else 0x20 for code in range(256))  # of UTF-8
_LETTER = re.compile(r"[^\W\d_]")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]"
)


def language_sample(title: str, body: str) -> str:
    """Title and the first 3,000 characters of the body, without control characters, links, tags and handles."""
    text = f"{title}\n{body[:BODY_SAMPLE]}"
    if not text.replace(
        "\n", " "
    ).isprintable():  # nearly always it is, and asking is a hundred times cheaper
        text = _UNREADABLE.sub(" ", text)
    return _NOT_LANGUAGE.sub(" ", text) if any(sign in text for sign in _SIGNS_OF_IT) else text


def is_language(sample: str) -> bool:
    """Enough to judge: 12 letters in 3 words, or 4 characters of a script that is written without spaces."""
    return (
        _has_words(sample[:_ENOUGH]) or _has_words(sample) or len(_UNSPACED.findall(sample)) >= IDEOGRAPHS_MIN
    )


def words_of(sample: str) -> list[str]:
    """The runs of letters of a text: to put spaces for all else is ten times cheaper than a pattern."""
    if not sample.isascii():
        for char in set(sample):
            if not (char.isascii() or _LETTER.match(char)):
                sample = sample.replace(char, " ")
    return sample.encode("utf-8", "surrogatepass").translate(_SPACED).decode("utf-8", "surrogatepass").split()


def _has_words(text: str) -> bool:
    words = _WORD.findall(text)
    return len(words) >= WORDS_MIN and (
        sum(map(len, words)) >= LETTERS_MIN or len(_LETTER.findall(text)) >= LETTERS_MIN
    )
