"""What every test may use; servers come from fixtures_servers.py, the whole system from fixtures_stack.py."""

pytest_plugins = ["fixtures_servers", "fixtures_stack"]
