"""Bytes into text, whatever they are called."""

from __future__ import annotations

import codecs
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warta_ingest.text.charset import decode_text
from warta_ingest.text.plain import without_controls

TEXT = "<p>Café “Jakarta” – é</p>"
GREEK = "<p>Η κυβέρνηση ανακοίνωσε σήμερα νέα μέτρα για την οικονομία της χώρας</p>"
JAPANESE = "<p>東京で新しい経済政策が発表された。政府は来月から実施する。</p>"


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        (TEXT.encode(), None, TEXT),
        (TEXT.encode(), "text/html; charset=utf-8", TEXT),
        (TEXT.encode(), "text/html; charset=ISO-8859-1", TEXT),
        (TEXT.encode(), "text/html; charset=us-ascii", TEXT),
        (TEXT.encode(), "text/html; charset=utf-16", TEXT),
        (TEXT.encode(), "text/html; charset=punycode", TEXT),
        (TEXT.encode(), "text/html; charset=no-such-thing", TEXT),
        (b'<meta charset="iso-8859-1">' + TEXT.encode(), None, '<meta charset="iso-8859-1">' + TEXT),
        (TEXT.encode("cp1252"), None, TEXT),
        (TEXT.encode("cp1252"), "text/html; charset=utf-8", TEXT),
        (TEXT.encode("cp1252"), "text/html; charset=idna", TEXT),
        (TEXT.encode("cp1252"), "text/html; charset=undefined", TEXT),
        (TEXT.encode("cp1252"), "text/html; charset=unicode_escape", TEXT),
        (TEXT.encode("cp1252"), 'text/html; charset="latin-1"', TEXT),
        (GREEK.encode("iso-8859-7"), "text/html; charset=iso-8859-7", GREEK),
        (GREEK.encode("cp1253"), "text/html; charset=windows-1253", GREEK),
        (JAPANESE.encode("shift_jis"), "text/html; charset=Shift_JIS", JAPANESE),
        (JAPANESE.encode("euc-jp"), "text/html; charset=EUC-JP", JAPANESE),
        (JAPANESE.encode("iso-2022-jp"), "text/html; charset=iso-2022-jp", JAPANESE),
        (JAPANESE.encode("shift_jis") * 9, None, JAPANESE * 9),
        (codecs.BOM_UTF8 + TEXT.encode(), "text/html; charset=cp1252", TEXT),
        (TEXT.encode("utf-16"), None, TEXT),
        (TEXT.encode("utf-16-le"), None, TEXT),
        (TEXT.encode("utf-16-be"), "text/html; charset=utf-16be", TEXT),
        (TEXT.encode("utf-32"), None, TEXT),
        (b"<?xml version='1.0' encoding='iso-8859-7'?>" + GREEK.encode("iso-8859-7"), None,
         "<?xml version='1.0' encoding='iso-8859-7'?>" + GREEK),
        (b"", "text/html; charset=utf-16", ""),
        (b"a\x00b\x1bc\x7f", None, "abc"),
    ],
)  # fmt: skip
def test_decoding(body: bytes, content_type: str | None, text: str) -> None:
    assert decode_text(body, content_type) == text


def test_a_few_damaged_bytes_do_not_spoil_a_utf8_page() -> None:
    body = ("é" * 50).encode() + b"\xe9" + ("–" * 50).encode()
    assert decode_text(body, "text/html; charset=utf-8") == "é" * 50 + "\ufffd" + "–" * 50


@given(
    st.binary(max_size=300),
    st.sampled_from(
        ["utf-8", "utf-16", "utf-7", "utf-32", "hz", "iso-2022-jp", "idna", "hex", "zlib", "x" * 99]
    ),
)
def test_any_bytes_under_any_name_become_clean_text(body: bytes, charset: str) -> None:
    text = decode_text(body, f"text/html; charset={charset}")
    text.encode()
    assert not set(text) & {"\x00", "\x1b", "\ufffe"}


@given(
    st.text(alphabet=st.characters(), max_size=40),
    st.sampled_from(["", "\x00", "\x0b", "\x7f", "\ud800", "\ufffe", "\ufdd0"]),
)
def test_only_what_is_no_character_goes(text: str, added: str) -> None:
    expected = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]", "", text)
    assert without_controls(text + added) == expected
