"""`warta enrich`: what the pipeline makes of a text."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console

from warta_enrich.backends.contract import BackendError
from warta_enrich.cli.shown import show
from warta_enrich.cli.text_file import Told, UnreadableText, article_of, read_text
from warta_enrich.pipeline import StepFailed, enrich, load_models
from warta_enrich.rows import TableError
from warta_enrich.settings import NameSettings
from warta_shared.cli.failure import PROBLEM, USAGE, fail, read_settings
from warta_shared.cli.output import print_json
from warta_shared.events import EnrichedArticle, RawArticle

app = typer.Typer(add_completion=False)


@app.command("enrich")
def command(
    file: Annotated[str, typer.Argument(help="A text or JSON file, or - for standard input.")],
    *,
    language: Annotated[
        str | None, typer.Option(help="The feed's word for the language, such as id.")
    ] = None,
    country: Annotated[
        str | None, typer.Option(help="Country of the source (ISO 3166), for its days and names.")
    ] = None,
    published: Annotated[
        datetime | None, typer.Option(help="Day that words like yesterday are reckoned from (now).")
    ] = None,
    tables: Annotated[
        Path | None, typer.Option(envvar="WARTA_TABLES_DIR", help="Folder with your own tables.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on standard output.")] = False,
) -> None:
    """Show what the enrichment finds in a text: language, names, figures, dates, topics. Needs no server.

    The first line of a text is its title; a JSON file has `title` and `body`. On a terminal the names stand in
    colours in the text, with --json every finding has its character offsets. Names are found by the model that
    WARTA_NER_BACKEND and WARTA_NER_MODEL choose, as in the service.

    Exit codes: 0 done, 1 a step failed on the text, 2 usage (also: the file or a table cannot be used).

    Examples:

      warta enrich article.txt

      warta enrich - --country ID --published 2025-06-02 --json < article.txt
    """
    try:
        title, body = read_text(file)
        told = Told(language, country, published.replace(tzinfo=UTC) if published else None)
        article = article_of(title, body, told)
        enriched = enrich(article, load_models(tables, read_settings(NameSettings)))
    except UnreadableText as error:
        fail(USAGE, f"{file}: {error}")
    except ValidationError as error:
        fail(USAGE, "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()))
    except (TableError, BackendError) as error:
        fail(USAGE, str(error))
    except StepFailed as error:
        fail(PROBLEM, str(error), "Please report it with the text.")
    if as_json:
        print_json(_findings(enriched))
    else:
        show(enriched, Console(soft_wrap=True))


def _findings(article: EnrichedArticle) -> dict[str, Any]:
    """Title, body and what enrichment added."""
    added = set(EnrichedArticle.model_fields) - set(RawArticle.model_fields)
    return article.model_dump(mode="json", include={"title", "body", *added}, exclude_none=True)
