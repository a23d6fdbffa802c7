"""The commands of this project: `warta feeds`, `warta push` and `warta trace`."""
