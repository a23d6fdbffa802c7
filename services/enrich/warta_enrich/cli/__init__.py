"""The commands of enrichment."""
