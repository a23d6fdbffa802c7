"""`python -m warta_local.newsroom`: the newsroom as a process of its own."""

from __future__ import annotations

import json
import signal
from contextlib import suppress
from typing import Annotated

import typer

from warta_local.newsroom.server import bind, now, site_server, site_url

EXIT_UNREACHABLE = 3


def main(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port; 0 picks a free one.")] = 8090,
    edit_after: Annotated[
        int, typer.Option(min=0, help="Polls of its feed before the edited article changes.")
    ] = 2,
) -> None:
    """Run the sample news site until Ctrl-C or SIGTERM; its URL is printed as one line of JSON.

    Example: python -m warta_local.newsroom --port 0
    """
    try:
        listener = bind(host, port)
    except OSError as error:
        typer.echo(f"Cannot listen on {host}:{port} ({error.strerror}). Choose another --port.", err=True)
        raise typer.Exit(EXIT_UNREACHABLE) from error
    with listener:
        url = site_url(listener)
        typer.echo(json.dumps({"url": url, "feeds": f"{url}/newsroom/feeds.yaml"}))
        # uvicorn stops in good order, then raises the signal again: by here both mean "stopped", exit 0
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with suppress(KeyboardInterrupt):
            site_server(now, edit_after).run([listener])


if __name__ == "__main__":
    typer.run(main)
