"""Hits and facets for a terminal and as JSON. What articles say is shown, never obeyed: no control characters."""

from __future__ import annotations

import re
from collections.abc import Iterable

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from warta_index.query import MARK_END, MARK_START
from warta_index.search import Found, Hit

# C0 and C1 controls (escape sequences) and the marks that reorder text (https://trojansource.codes).
UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
MATCH_STYLE = "bold yellow"
JSON_MARKS = str.maketrans({MARK_START: "<mark>", MARK_END: "</mark>"})


def print_hits(console: Console, found: Found) -> None:
    """Each hit as title, where and when, fragments, address; then the count."""
    for hit in found.hits:
        _print_hit(console, hit)
    if found.total == 0:
        console.print("no article found")
        return
    articles = "1 article" if found.total == 1 else f"{found.total} articles"
    console.print(Text(f"{articles} found in {found.milliseconds} ms, {len(found.hits)} shown", style="dim"))


def print_facets(console: Console, found: Found) -> None:
    """One table a facet, the most frequent values first."""
    for name, counts in found.facets.items():
        if not counts:
            continue
        console.print(Text(name, style="italic"))
        table = Table(box=None, show_header=False, pad_edge=False)
        table.add_column(justify="right", style="bold")
        table.add_column()
        for value, count in counts:
            table.add_row(str(count), marked_text(value))
        console.print(table)


def as_json_text(found: Found) -> str:
    """The same as JSON; matches between <mark> and </mark>."""
    hits = [
        {
            "article": dict(hit.article),
            "score": hit.score,
            "highlights": {
                name: [part.translate(JSON_MARKS) for part in parts] for name, parts in hit.marked.items()
            },
            **({} if hit.copies is None else {"copies": hit.copies}),
        }
        for hit in found.hits
    ]
    facets = {
        name: [{"value": value, "count": count} for value, count in counts]
        for name, counts in found.facets.items()
    }
    content = {"total": found.total, "took_ms": found.milliseconds, "hits": hits, "facets": facets}
    return orjson.dumps(content, option=orjson.OPT_INDENT_2).decode()


def marked_text(marked: str, style: str = "") -> Text:
    """Text with the matches in colour, fit for a terminal."""
    text = Text(style=style)
    for part in re.split(f"({MARK_START}[^{MARK_END}]*{MARK_END})", marked):
        match = part.startswith(MARK_START)
        text.append(UNSAFE.sub(" ", part.strip(MARK_START + MARK_END)), style=MATCH_STYLE if match else None)
    return text


def _print_hit(console: Console, hit: Hit) -> None:
    article = hit.article
    title = hit.marked.get("title", (article["title"],))[0]
    console.print(marked_text(title, style="bold"))
    source = article["source"]
    moment = article.get("published_at") or article["first_seen_at"]
    copies = f"{hit.copies} articles of this story" if (hit.copies or 0) > 1 else ""
    facts = (
        source.get("name") or source["id"], moment, article["language"], _status(article["status"]), copies
    )  # fmt: skip
    console.print(marked_text(" | ".join(str(fact) for fact in facts if fact), style="dim"))
    for fragment in _fragments(hit):
        console.print(Text("  ") + marked_text(fragment))
    console.print(marked_text(str(article.get("url") or article["id"]), style="blue"))
    console.print()


def _status(status: str) -> str:
    return "" if status == "usable" else status


def _fragments(hit: Hit) -> Iterable[str]:
    """From the body, or from the summary where only that matched."""
    return hit.marked.get("body") or hit.marked.get("summary") or ()
