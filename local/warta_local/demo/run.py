"""The demonstration from beginning to end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.text import Text

from warta_local.demo.arrival import Progress, expected_progress, wait_for_arrival
from warta_local.demo.connections import open_servers
from warta_local.demo.report import print_dead_letters, print_invitation, print_searches, print_stages
from warta_local.demo.stages import read_stages
from warta_local.newsroom import feeds_yaml, running_newsroom
from warta_local.stack import LocalStack, StackFolder, StackOptions

ARRIVAL_SECONDS = 120.0
POLL_SECONDS = (1, 4)
# The newsroom is one local host and its failures are meant: no politeness, and a quick end for the page that
# always fails. These are the settings that a demonstration needs, not those of a real installation.
HASTE = {
    "WARTA_ALLOW_NETWORKS": "127.0.0.1",
    "WARTA_HOST_GAP": "0",
    "WARTA_FETCH_DEADLINE": "2",
    "WARTA_PAGE_BUDGET": "3",
    "WARTA_PAGE_EXTRACTION": "3",
    "WARTA_PAGE_MIN_IDLE": "6.5",
    "WARTA_PAGE_TRIES": "2",
}


def run_demo(
    folder: Path, console: Console, *, stay: Callable[[], bool], interrupted: Callable[[], bool]
) -> bool:
    """Run in a fresh `folder`; True when everything arrived. While `stay()` says so the stack is left running."""
    StackFolder(folder).make()
    feeds_file = folder / "feeds.yaml"
    with running_newsroom() as site:
        feeds_file.write_text(feeds_yaml(site, POLL_SECONDS), encoding="utf-8")
        console.print(Text(f"the newsroom is at {site}"))
        options = StackOptions(folder, environment={**HASTE, "WARTA_FEEDS_FILE": str(feeds_file)})
        with LocalStack(options, console, interrupted) as stack:
            arrived = asyncio.run(_follow(stack, console))
            while stay():
                time.sleep(0.2)
    return arrived


async def _follow(stack: LocalStack, console: Console) -> bool:
    started = time.monotonic()
    variables = stack.client_variables()
    async with open_servers(variables) as servers:
        with console.status("polling, fetching, enriching, indexing") as status:

            def tell(found: Progress) -> None:
                status.update(f"{_told(found)} of {_told(expected_progress())}")

            arrived = await wait_for_arrival(servers, ARRIVAL_SECONDS, tell)
        seconds = time.monotonic() - started
        end = "everything has arrived" if arrived else "not everything has arrived"
        console.print(Text(f"{end} after {seconds:.0f} s: {_told(expected_progress())} were expected"))
        await print_searches(console, servers)
        print_stages(console, read_stages(stack.urls))
        await print_dead_letters(console, servers)
    print_invitation(console, variables, stack.folder.client_env)
    return arrived


def _told(progress: Progress) -> str:
    return f"{progress.documents} documents ({progress.revised} revised), {progress.dead} dead letters"
