"""`warta`: subcommands are found by entry point and imported only when they are called."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points, version
from pathlib import Path
from typing import Annotated, Any

import typer

from warta_shared.cli.client_env import adopt

GROUP = "warta.commands"
SUMMARIES = {
    "audit": "Whether every published article is in the index.",
    "backup": "Back up Redis and Elasticsearch; list the backups.",
    "changes": "Every new, edited and withdrawn article since a cursor.",
    "dead-letters": "What could not be processed, and why: list, show, replay.",
    "demo": "Run the bundled newsroom through the whole system.",
    "doctor": "What is wrong here, and what to do about it.",
    "enrich": "What the enrichment finds in a text.",
    "export": "Write articles of the index into a file.",
    "feeds": "The feeds: list, add, edit, remove, find, check, poll.",
    "fetch": "Have pages fetched by their URLs.",
    "keys": "Keys of the push API: make, list, revoke.",
    "local": "The whole system on this machine without Docker: up, status, logs, down.",
    "log-level": "How much running services log, for a while.",
    "logs": "Show JSON log lines for people; filter them.",
    "push": "Push articles of a file through the API.",
    "re-enrich": "Have articles of the index enriched anew.",
    "registry": "What Redis remembers of each article: rebuild it from the index.",
    "reindex": "A new index in the place of the one that is there, without a pause.",
    "restore": "Restore a backup.",
    "search": "Find articles.",
    "secrets": "Make or rotate the secrets of an installation.",
    "setup": "Prepare Elasticsearch: templates, index, aliases, roles, keys.",
    "upgrade": "What this release would change in an installation.",
    "trace": "What became of a URL or an article.",
}


class Commands(typer.core.TyperGroup):
    """Loads a subcommand from the project that declares it under the entry point group `warta.commands`."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, without importing any command."""
        return sorted(_declared())

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name; this imports it."""
        declared = _declared().get(cmd_name)
        return _command(cmd_name, declared.load()) if declared else None

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The list of commands for --help, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, SUMMARIES.get(name, "")) for name in self.list_commands(ctx)])


def _declared() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}


def _command(name: str, app: typer.Typer) -> Any:
    command = typer.main.get_command(app)
    command.name = name
    return command


app = typer.Typer(cls=Commands, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.callback()
def warta(
    env_file: Annotated[
        Path | None,
        typer.Option(
            help="Take WARTA_* settings from this file.", exists=True, dir_okay=False, readable=True
        ),
    ] = None,
    show_version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
) -> None:
    """Warta: event-driven news ingestion.

    Commands speak to the servers named by WARTA_* variables; without any, to the local stack
    (`warta local up`).

    Exit codes: 0 fine, 1 found a problem, 2 usage, 3 a service is unreachable, 4 partly done.

    Examples:

      warta local up

      warta search "small business" --since 7d

      warta --env-file prod.env dead-letters list
    """
    if show_version:
        typer.echo(f"warta {version('warta-shared')}")
        raise typer.Exit
    adopt(env_file)


def run(arguments: list[str] | None = None) -> Any:
    """The console script."""
    return app(args=arguments, prog_name="warta")
