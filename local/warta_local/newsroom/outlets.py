"""The three invented outlets and what their pages put around an article."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outlet:
    """A publisher; `code` is its source code, `template` the file of its page layout.

    `asides` interrupt the text after its second, third ... paragraph; `boilerplate` are phrases that every
    article page of the outlet shows and no article text may contain.
    """

    id: str
    code: str
    name: str
    language: str
    domain: str
    template: str
    asides: tuple[str, ...]
    boilerplate: tuple[str, ...]


KABAR = Outlet(
    id="kabar",
    code="KABAR",
    name="Kabar Nusantara",
    language="id",
    domain="kabar.example",
    template="kabar.html",
    asides=(
        '<p><strong>Baca juga: <a href="$related_url">$related_title</a></strong></p>',
        '<div class="parallax"><p>ADVERTISEMENT</p><p>SCROLL TO CONTINUE WITH CONTENT</p></div>',
        "<p>[Gambas:Video Kabar]</p>",
    ),
    boilerplate=(
        "Baca juga",
        "ADVERTISEMENT",
        "SCROLL TO CONTINUE WITH CONTENT",
        "[Gambas:Video Kabar]",
        "Berita Terkait",
        "Tulis komentar Anda",
        "Situs ini memakai kuki",
        "Gabung saluran WhatsApp",
        "Semua berita di situs ini rekaan",
    ),
)
POST = Outlet(
    id="post",
    code="ABPOST",
    name="Archipelago Business Post",
    language="en",
    domain="post.example",
    template="post.html",
    asides=(
        '<p class="also"><em>Read also: <a href="$related_url">$related_title</a></em></p>',
        '<div class="ad-slot"><span>ADVERTISEMENT</span></div>',
    ),
    boilerplate=(
        "Read also",
        "ADVERTISEMENT",
        "More on this topic",
        "Leave a comment",
        "We use cookies",
        "Subscribe to our morning briefing",
        "Every story on this site is invented",
    ),
)
PESISIR = Outlet(
    id="pesisir",
    code="PESISIR",
    name="Harian Pesisir Utara",
    language="id",
    domain="pesisir.example",
    template="pesisir.html",
    asides=('<p>BACA JUGA: <a href="$related_url">$related_title</a></p>',),
    boilerplate=(
        "BACA JUGA",
        "Warta lain hari ini",
        "Kirim tanggapan",
        "Kami menyimpan kuki",
        "Pasang iklan",
        "Semua warta di situs ini rekaan",
    ),
)
OUTLETS = {outlet.id: outlet for outlet in (KABAR, POST, PESISIR)}
