"""An enriched text for people: the text with its names in colours, and what was found below."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from warta_shared.cli.terminal import printable
from warta_shared.events import EnrichedArticle
from warta_shared.events.mentions import Entity

STYLES = {
    "people": "bold cyan",
    "organisations": "bold magenta",
    "places": "bold green",
    "laws": "bold yellow",
    "tickers": "bold blue",
    "amounts": "yellow",
    "percentages": "yellow",
    "dates": "blue",
}


def show(article: EnrichedArticle, console: Console) -> None:
    """Print title and body in colours, then a line for each finding."""
    for field in ("title", "body"):
        console.print(_coloured(article, field), style="bold" if field == "title" else None)
        console.print()
    for line in _lines(article):
        console.print(line)


def _coloured(article: EnrichedArticle, field: str) -> Text:
    text: str = getattr(article, field)
    shown = Text("\n".join(map(printable, text.split("\n"))))
    for kind, style in STYLES.items():
        found: tuple[Entity, ...] = getattr(article, kind)
        for mention in (mention for one in found for mention in one.mentions if mention.field == field):
            shown.stylize(style, mention.start, mention.end)
    return shown


def _lines(article: EnrichedArticle) -> Iterator[Text]:
    second = f", also {article.second_language}" if article.second_language else ""
    yield _line("language", f"{article.language} ({article.language_confidence:.2f}){second}")
    for topic in article.topics:
        yield _line("topic", f"{topic.name} ({topic.code}, {topic.score:.2f})")
    for kind, style in STYLES.items():
        for one in getattr(article, kind):
            times = f" x{one.count}" if one.count > 1 else ""
            yield _line(kind, f"{one.name}{_value(one)}{times}  {one.id or ''}", style)
    if article.agency:
        yield _line("agency", article.agency)


def _value(one: Entity) -> str:
    """What the words mean, where they are a figure or a date."""
    if hasattr(one, "currency"):
        return f" = {one.amount:,.0f} {one.currency}"  # type: ignore[attr-defined]  # an Amount
    for name in ("date", "value"):
        if hasattr(one, name):
            return f" = {getattr(one, name)}"
    return ""


def _line(label: str, text: str, style: str = "") -> Text:
    return Text.assemble((f"{label:<14}", "dim"), (printable(text).rstrip(), style))
