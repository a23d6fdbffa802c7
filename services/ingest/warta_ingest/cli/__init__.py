"""The commands of this project: `warta feeds`, `warta keys`, `warta push` and `warta trace`."""
