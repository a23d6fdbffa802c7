"""Indonesian words -> what their family shares: menaikkan, dinaikkan, kenaikan -> naik.

Lucene's Indonesian stemmer cuts what looks like a prefix and leaves the letter that it swallowed: menulis -> ulis, but
tulis -> tulis. Here rules (`pattern_replace`) take the endings off, then up to two prefixes, and then write the
first letter of every word as it stands after meN- and peN-: p as m, t as n, k not at all. What is left need not be a
word, only the same for a family. A root keeps two vowels. Measured in tests/integration/index/test_stems_of_words.py.

Meaning of the affixes: Sneddon et al., Indonesian: A Comprehensive Grammar, 2nd ed., chapter 1.
"""

from __future__ import annotations

from typing import Any

Filters = dict[str, dict[str, Any]]

_TWO = "[^aiueo]*+[aiueo][^aiueo]*+[aiueo]"
_ROOT = f"{_TWO}.*"

# -nya and, behind a consonant, -lah; not of tanya and jumlah.
_CLITIC = r"^(?=.*+(?<=nya|lah))(?!(?:ber|di|me|pe)?[tn]anya$)(.{3,})(?:nya|(?<=[^aiueo])(?<!jum)lah)$"

# -an of nouns: verbs with me- and di- have it in their root (menahan), like words with few vowels (bertahan).
_NOUN = rf"(?:ber|ter|pe){_ROOT}|(?:pesan|peran|pegang|didik)|(?!me|di|ber|ter|pe){_ROOT}"
_ENDING = (
    "^(?=.*+(?<=an|i))(?:"
    rf"((?:ber)?)ke({_ROOT})(?:(?<=[au])i)?an"  # ke- and -an go together: kenaikan
    rf"|((?:me|di|ter|ber){_ROOT})(?:(?<=[au])i)?kan"  # dinaikkan; memakan keeps its root
    rf"|((?!pe|ke){_ROOT}(?<=[^aiueo]))kan"  # naikkan; in gerakan the k is the root's
    rf"|((?:me|di|ter)(?:{_ROOT}(?<!s)|{_TWO}s))i"  # membatasi, but not memotivasi
    rf"|({_ROOT}(?<=[au]))i"  # nilai as menilai, where it could be an ending
    rf"|({_NOUN})(?<=[au])ian|({_NOUN})an"
    ")$"
)

# Roots that begin with r after be-, te- and pe-; all others are taken to follow ber-, ter- ...
_R = "r(?:encana|asa$|ebut|upa|enang|isiko|agam|evolusi|eaksi|oda|umah|endah|awat|ekam)"
# ... and, after pe-, roots that begin with a vowel; all others are taken to begin with the r.
_VOWEL = (
    "adil|atur|ubah|usaha|ekonomi|indus|izin|oleh|air|ikan|ingat|ikat|alih|ada(?!ng)|edar|undang|umpama|untuk|"
    "angkat|antar|ahli|indah"
)
_PREFIX = (
    "(?:"
    "[mp]eng(?=[aiueoghklr])|[mp]e(?=ny[aiueo])|[mp]e(?=[mn][aiueo]|mr)|[mp]en(?=[cdjstz])|[mp]em(?=[bfpv])"
    f"|[bp]el(?=ajar)|be(?=kerja|{_R})|te(?={_R})"
    f"|per(?=[^aiueo]|{_VOWEL})|[mp]e(?=[lrwy][aiueo])|pe(?=[bcdgjkpst][aiueo])"
    "|di|ter(?!ima|obos|iak|jemah|api|owong|ompet)|ber(?!ita|ani|antas|anda|lian|hala|ikut|ikan$|ingin)"
    "|ke(?=(?:dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh)$)"
    f")(?={_TWO})"
)

_FIRST_K = f"k(?=[aiueo])(?={_TWO})"

# Words that the rules would join with strangers: a line on both sides keeps them out of the rules that follow.
_APART = (
    "bank", "divisi", "kaku", "kawal", "kawasan", "kotak", "pakar", "pangsa", "parah", "pasukan", "perdana",
    "pertama", "pertamina", "selatan",
)  # fmt: skip
_KEPT = (
    f"^(?:(?:memper|diper)(?=parah$)|di(?=kawal$)|per(?=bankan$))?({'|'.join(_APART)})(?:(?<=perbank)an)?$"
)
_KAWAL = "^(?:mengawal|pengawal(?:an)?)$"

# Words of grammar. Elasticsearch's own list (`_indonesian_`) also has kecil, sebab, kerja and others that are sought.
_STOP = (  # noqa: SIM905 - a list of 80 literals is harder to read
    "ada adalah agar akan aku anda antara apa atau bagaimana bahwa begitu belum bila bisa bukan dalam dan dapat "
    "dari demikian dengan di dia hal hanya hingga ia ialah ini itu jangan jika juga kalau kami kamu kapan karena ke "
    "kepada ketika kita lagi lebih maka mana masih maupun menurut mereka meski meskipun namun oleh pada paling para "
    "pula pun saat saja sampai sangat saya sebagai sebelum sebuah secara sedang sehingga sejak seorang seperti serta "
    "setelah siapa suatu sudah supaya tapi telah tentang terhadap tersebut tetapi tidak untuk walaupun yaitu yakni yang"
).split()


def filters() -> Filters:
    """The token filters by name, in their order; the names of the rules say which part of a word they change."""
    return {
        "indonesian_stop": {"type": "stop", "stopwords": _STOP},
        "indonesian_clitic": _rule(_CLITIC, "$1"),
        "indonesian_apart": _rule(_KEPT, "_$1_"),
        "indonesian_kawal": _rule(_KAWAL, "_kawal_"),
        "indonesian_ending": _rule(_ENDING, "$1$2$3$4$5$6$7$8"),
        "indonesian_prefixes": _rule(f"^(?:{_PREFIX}(?:{_PREFIX})?(?:{_FIRST_K})?|{_FIRST_K})"),
        "indonesian_first_p": _rule(f"^p(?=[aiueor])(?={_TWO})", "m"),
        "indonesian_first_t": _rule(f"^t(?=[aiueo])(?={_TWO})", "n"),
        "indonesian_first_ny": _rule("^ny", "s"),
    }


def _rule(pattern: str, replacement: str = "") -> dict[str, Any]:
    return {"type": "pattern_replace", "pattern": pattern, "replacement": replacement, "all": "false"}
