"""Commands: `warta local`, `warta demo`."""
