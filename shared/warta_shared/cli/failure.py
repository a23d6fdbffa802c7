"""How commands end when they cannot go on: one clear line on standard error, what to do, and the exit code."""

from __future__ import annotations

from typing import NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.text import Text

PROBLEM, USAGE, UNREACHABLE, PARTLY = 1, 2, 3, 4


def fail(code: int, message: str, advice: str = "") -> NoReturn:
    """Say what is wrong and what to do about it, then exit with this code."""
    console = Console(stderr=True, soft_wrap=True)
    console.print(Text(f"error: {message}", style="bold red"))
    if advice:
        console.print(Text(advice))
    raise typer.Exit(code)


def fail_settings(error: ValidationError) -> NoReturn:
    """Settings that do not hold; their values are not shown, they may be secrets."""
    problems = "; ".join(
        f"WARTA_{'_'.join(str(part) for part in found['loc']).upper()}: {found['msg']}"
        for found in error.errors(include_input=False, include_url=False)
    )
    fail(USAGE, f"settings are wrong: {problems}")
