"""What ingest knows of each article: the last version it published, and so whether this is news."""
