"""`python -m warta_local`: the commands of `warta local`."""

from warta_local.cli.local import app

app(prog_name="warta local")
