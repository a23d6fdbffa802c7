"""Stock tickers, only with evidence: `(ABCD)` alone is nearly always an acronym."""

from __future__ import annotations

import re
from collections.abc import Iterator

from warta_enrich.steps.mentions import Find
from warta_enrich.steps.tokens import Passage

_EXCHANGES = {
    "idx": "idx",
    "bei": "idx",
    "jk": "idx",
    "nyse": "nyse",
    "nasdaq": "nasdaq",
    "sgx": "sgx",
    "hkex": "hkex",
}
_WITH_EXCHANGE = re.compile(r"\b(IDX|BEI|NYSE|NASDAQ|Nasdaq|SGX|HKEX)[ ]?:[ ]?([A-Z][A-Z0-9]{0,4})\b")
_WITH_CUE = re.compile(
    r"\b(?:[Ss]aham|[Ee]miten|[Kk]ode(?: saham| emiten)?|[Tt]icker(?: code| symbol)?|Tbk\.?,?)"
    r"[ ](?:\(([A-Z]{4})\)|([A-Z]{4})\b)"
)
_IN_BRACKETS = re.compile(r"(?<![Pp]emegang )\b(?:[Ss]aham|[Ee]miten)[ ][^.!?;()\n]{1,60}[ ]\(([A-Z]{4})\)")
_OF_JAKARTA = re.compile(r"\b([A-Z]{4})\.JK\b")  # as Reuters and Yahoo write it
_CUES = frozenset({"saham", "emiten", "kode", "ticker", "tbk"})
_NO_TICKERS = frozenset(
    {"IHSG", "BUMN", "IDXI", "LQ45", "BUMD", "UMKM", "PLTU", "EMAS", "MNCX", "ASEA", "KBMI", "BPJS"}
)


def find_tickers(passage: Passage) -> Iterator[Find[str]]:
    """Tickers keyed `ticker:idx-bbca`: after an exchange (IDX: BBCA), `saham`, `emiten`, a code word, or `Tbk (..)`."""
    if passage.all_caps:
        return
    if ":" in passage.text:
        for match in _WITH_EXCHANGE.finditer(passage.text):
            yield _find(passage, match, 2, _EXCHANGES[match[1].lower()])
    if ".JK" in passage.text:
        for match in _OF_JAKARTA.finditer(passage.text):
            yield _find(passage, match, 1, "idx")
    if not _CUES.isdisjoint(passage.folded):
        yield from _after_cues(passage)


def _after_cues(passage: Passage) -> Iterator[Find[str]]:
    """`saham BBCA`, `saham (BBCA)`, and the code behind the company's name: saham Bank Mandiri (BMRI)."""
    found: dict[int, Find[str]] = {}
    for pattern in (_WITH_CUE, _IN_BRACKETS):
        for match in pattern.finditer(passage.text):
            group = match.lastindex or 1
            if match[group] not in _NO_TICKERS:
                found.setdefault(match.start(group), _find(passage, match, group, "idx"))
    yield from found.values()


def _find(passage: Passage, match: re.Match[str], group: int, exchange: str) -> Find[str]:
    ticker = match[group]
    return Find(
        passage.field, match.start(group), match.end(group), f"ticker:{exchange}-{ticker.lower()}", ticker
    )
