"""How commands end when they cannot go on: one clear line on standard error, what to do, and the exit code."""

from __future__ import annotations

from typing import NoReturn, TypeVar

import typer
from rich.console import Console
from rich.text import Text

from warta_shared.settings import WRONG_SETTINGS, WartaSettings, problems_of

PROBLEM, USAGE, UNREACHABLE, PARTLY = 1, 2, 3, 4

SettingsT = TypeVar("SettingsT", bound=WartaSettings)


def fail(code: int, message: str, advice: str = "") -> NoReturn:
    """Say what is wrong and what to do about it, then exit with this code."""
    console = Console(stderr=True, soft_wrap=True)
    console.print(Text(f"error: {message}", style="bold red"))
    if advice:
        console.print(Text(advice))
    raise typer.Exit(code)


def read_settings(kind: type[SettingsT]) -> SettingsT:
    """The settings of a command; exits with 2 and what is wrong where they do not hold or a file is missing."""
    try:
        return kind()
    except WRONG_SETTINGS as error:
        fail(USAGE, f"settings are wrong: {'; '.join(problems_of(error))}")
