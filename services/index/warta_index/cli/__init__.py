"""The commands of this project: `warta setup` and `warta search`."""
