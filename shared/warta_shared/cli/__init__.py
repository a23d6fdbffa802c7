"""The `warta` command: one program, whose subcommands come from the projects that own them."""
