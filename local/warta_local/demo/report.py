"""What the demonstration shows at its end."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from warta_index.cli.rendering import print_facets, print_hits
from warta_index.query import Order, Question
from warta_index.search import search
from warta_local.demo.connections import Servers
from warta_local.demo.stages import Stage
from warta_shared.delivery.dead_letters import dead_letters

SEARCHES = (
    Question(text="ministry small business", size=2),
    Question(text='"suku bunga" acuan', languages=("id",), size=2, order=Order.NEWEST),
)


async def print_searches(console: Console, servers: Servers) -> None:
    """Two searches with their matches, and the facets of everything."""
    for question in SEARCHES:
        options = "".join(f" --lang {language}" for language in question.languages)
        _heading(console, f"warta search '{question.text}'{options}")
        print_hits(console, await search(servers.elasticsearch, question))
    _heading(console, "warta search --facets")
    print_facets(console, await search(servers.elasticsearch, Question(size=0, facets=True)))


def print_stages(console: Console, stages: list[Stage]) -> None:
    """A line a stage: everything that went in, by what became of it."""
    _heading(console, "what each stage did")
    table = Table(box=None, pad_edge=False, show_header=False)
    for stage in stages:
        counts = ", ".join(f"{number} {what}" for what, number in stage.counts.most_common())
        table.add_row(Text(stage.name, style="bold"), Text(counts))
    console.print(table)


async def print_dead_letters(console: Console, servers: Servers) -> None:
    """Each dead letter with its reason."""
    _heading(console, "warta dead-letters list")
    async for filed in dead_letters(servers.redis, 0):
        if letter := filed.letter:
            text = f"{filed.id}  {letter.group}  {letter.reason}  after {letter.deliveries} tries: {letter.detail}"
            console.print(Text(text))


def print_invitation(console: Console, variables: Mapping[str, str], client_env: Path) -> None:
    """How to ask oneself."""
    url, key = variables["WARTA_ELASTICSEARCH_URL"], variables["WARTA_ELASTICSEARCH_API_KEY_FILE"]
    _heading(console, "ask it yourself (the key may only read)")
    console.print(Text(f".venv/bin/warta --env-file {client_env} search ekspor --facets"), soft_wrap=True)
    command = (
        f"""curl -s -H "Authorization: ApiKey $(cat {key})" '{url}/articles/_search?q=title:nickel&pretty'"""
    )
    console.print(Text(command), soft_wrap=True)


def _heading(console: Console, text: str) -> None:
    console.print()
    console.print(Text(text, style="bold cyan"), soft_wrap=True)
