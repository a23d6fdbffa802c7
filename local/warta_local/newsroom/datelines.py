"""Dates, bylines and "updated ... ago" as people read them, in the language of the outlet."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import escape

from warta_local.newsroom.article import NewsArticle, PageStyle
from warta_local.newsroom.outlets import OUTLETS

_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_MONTHS = {
    "id": (
        "Januari", "Februari", "Maret", "April", "Mei", "Juni",
        "Juli", "Agustus", "September", "Oktober", "November", "Desember",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip
_ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}


def dateline(article: NewsArticle) -> str:
    """The date as HTML: a <time> element in the style of that name, else words, nothing if undated."""
    if article.published is None:
        return ""
    words = date_in_words(article.published, OUTLETS[article.outlet].language)
    if article.page is PageStyle.TIME:
        return f'<time datetime="{article.published.isoformat()}">{words}</time>'
    return words


def date_in_words(when: datetime, language: str) -> str:
    """`Selasa, 17 November 2026 07:30 WIB` or `17 November 2026, 07:30 WIB`."""
    zone = _ZONES[(when.utcoffset() or timedelta()) // timedelta(hours=1)]
    day = f"{when.day} {_MONTHS[language][when.month - 1]} {when.year}"
    if language == "id":
        return f"{_DAYS[when.weekday()]}, {day} {when:%H:%M} {zone}"
    return f"{day}, {when:%H:%M} {zone}"


def byline(article: NewsArticle) -> str:
    """The authors as HTML, nothing if there are none."""
    if not article.authors:
        return ""
    indonesian = OUTLETS[article.outlet].language == "id"
    names = [f'<a rel="author" href="#">{escape(name)}</a>' for name in article.authors]
    return ("Oleh " if indonesian else "By ") + (" dan " if indonesian else " and ").join(names)


def updated_ago(fetches: int) -> str:
    """The trivial flip: a line that is another one at every fetch, though nothing was edited."""
    return f'<p class="updated">Updated {5 * fetches} minutes ago</p>'
