"""Tasks of evaluate.py: each scores the files of a folder whose format it knows."""
