"""What `warta doctor` sees of ingest: its API and its feeds."""
