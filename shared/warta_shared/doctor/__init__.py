"""What `warta doctor` looks at: each examination returns findings, and none needs another."""
