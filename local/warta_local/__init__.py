"""The whole of Warta without Docker: real servers in a folder, the stack, the newsroom, the demonstration."""
