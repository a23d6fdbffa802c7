"""`warta push`: the articles of a file through the push API."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import httpx
import orjson
import typer
from pydantic import SecretStr
from rich.console import Console
from rich.progress import track
from rich.text import Text

from warta_ingest.cli.article_file import UnreadableFile, is_text, read_articles
from warta_ingest.cli.sender import NotSent, Sender, batches
from warta_ingest.registry.fate import STORED
from warta_shared.cli.failure import PARTLY, PROBLEM, USAGE, fail, read_settings
from warta_shared.cli.terminal import printable
from warta_shared.settings import WartaSettings

app = typer.Typer()

REPLY_SECONDS = 60.0


class Form(StrEnum):
    """What standard input holds."""

    JSON = "json"
    NDJSON = "ndjson"
    TEXT = "txt"


class PushSettings(WartaSettings):
    """Where the push API is, and the key for it."""

    ingest_url: str = "http://127.0.0.1:8080"
    push_key: SecretStr | None = None


@app.command()
def push(
    file: Annotated[
        str, typer.Argument(help="A .json, .ndjson, .jsonl or text file, or - for standard input.")
    ],
    *,
    source: Annotated[str | None, typer.Option(help="Source code for articles that name none.")] = None,
    url: Annotated[str | None, typer.Option(help="URL, for a single article that has none.")] = None,
    external_id: Annotated[
        str | None,
        typer.Option(help="Your own lasting id, for a single article that has neither id nor URL."),
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="Of standard input.")] = Form.NDJSON,
    patience: Annotated[
        float, typer.Option(min=0, help="Seconds to go on trying while the API is busy or away.")
    ] = 300.0,
    as_json: Annotated[bool, typer.Option("--json", help="One result a line on standard output.")] = False,
) -> None:
    """Push articles through the API and report what became of each.

    Sending the same file again is harmless. A text file is one article: its headline on the first line (or
    above a line `| Source: CODE`), paragraphs below. The key is WARTA_PUSH_KEY (or WARTA_PUSH_KEY_FILE), the
    address WARTA_INGEST_URL.

    Exit codes: 0 all are stored, 1 none was (or the key was refused), 2 usage, 3 the API is not reachable or
    stays busy, 4 some were not.

    Examples:

      warta push articles.ndjson

      warta push page.txt --external-id page-17

      generate-articles | warta push - --source GALERT --json
    """
    settings = read_settings(PushSettings)
    name = f"stdin.{form}" if file == "-" else file
    console = Console(stderr=True)
    report = _Report(as_json=as_json)
    with _opened(file) as opened, _client(settings) as client:
        if is_text(name) and not (url or external_id):
            fail(USAGE, f"{file}: a text says neither its URL nor an id", "Add --url or --external-id.")
        sender = Sender(client, patience, lambda text: console.print(Text(printable(text), style="dim")))
        articles = read_articles(opened, name)
        named = _named(articles, {"url": url, "external_id": external_id}, {"source": source})
        hidden = as_json or not console.is_terminal
        try:
            for batch in track(batches(named), "pushing", console=console, transient=True, disable=hidden):
                report.add(sender.send(batch))
        except NotSent as error:
            fail(PARTLY if report.stored else error.code, printable(str(error)), error.advice)
        except UnreadableFile as error:
            fail(PARTLY if report.stored else USAGE, f"{file}: {error}")
        except OSError as error:
            fail(PARTLY if report.stored else USAGE, f"{file}: {error.strerror or error}")
    report.end(file)


class _Report:
    """What became of the articles so far."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._counts: Counter[str] = Counter()
        self._last: dict[str, Any] = {}

    @property
    def stored(self) -> int:
        """How many Redis has."""
        return sum(self._counts[status] for status in STORED)

    def add(self, results: list[dict[str, Any]]) -> None:
        first = self._counts.total()
        for result in results:
            self._last = {**result, "index": first + result["index"]}
            if self._as_json:
                typer.echo(orjson.dumps(self._last).decode())
            elif result["status"] not in STORED:
                reasons = "; ".join(result.get("errors", ()))
                line = f"article {self._last['index'] + 1}: {result['status']} {reasons}".rstrip()
                typer.echo(printable(line), err=True)
        self._counts.update(result["status"] for result in results)

    def end(self, file: str) -> None:
        total = self._counts.total()
        if not total:
            fail(USAGE, f"{file} holds no article")
        if not self._as_json and total == 1 and self.stored:
            typer.echo(f"{self._last['id']} {self._last['status']}, revision {self._last['revision']}")
        elif not self._as_json and total > 1:
            typer.echo(", ".join(f"{number} {status}" for status, number in self._counts.most_common()))
        raise typer.Exit(0 if self.stored == total else PARTLY if self.stored else PROBLEM)


def _client(settings: PushSettings) -> httpx.Client:
    push_key = settings.push_key.get_secret_value() if settings.push_key else ""
    if not push_key:
        fail(USAGE, "no push key", "Set WARTA_PUSH_KEY or WARTA_PUSH_KEY_FILE.")
    if not (push_key.isascii() and push_key.isprintable()):
        fail(USAGE, "the push key is not one line of printable ASCII")
    try:
        address = httpx.URL(settings.ingest_url)
    except httpx.InvalidURL:
        address = httpx.URL("")
    if address.scheme not in {"http", "https"} or not address.host:
        fail(USAGE, "WARTA_INGEST_URL must be an http:// or https:// URL")
    headers = {"authorization": f"Bearer {push_key}"}
    return httpx.Client(base_url=address, headers=headers, timeout=REPLY_SECONDS, trust_env=False)


@contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    if file == "-":
        yield sys.stdin.buffer
        return
    try:
        opened = Path(file).open("rb")  # noqa: SIM115 -- an error of the block must not pass for one of opening
    except OSError as error:
        fail(USAGE, f"{file}: {error.strerror}")
    with opened:
        yield opened


def _named(
    articles: Iterator[Any], identity: dict[str, str | None], defaults: dict[str, str | None]
) -> Iterator[Any]:
    """The articles, with what the command line adds where they are silent."""
    given = {name: value for name, value in identity.items() if value}
    if given:
        first = list(islice(articles, 2))
        if len(first) > 1:
            fail(USAGE, "--url and --external-id name one article; the file holds several")
        articles = iter(first)
    added = given | {name: value for name, value in defaults.items() if value}
    for article in articles:
        yield added | article if isinstance(article, dict) else article
