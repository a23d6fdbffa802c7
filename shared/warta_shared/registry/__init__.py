"""What Redis remembers of each article: written by ingest, read by whoever has to prove something."""
