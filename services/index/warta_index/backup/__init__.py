"""Backups: Redis as files of records, Elasticsearch as a snapshot, and a manifest that makes them one.

Reading order: `making` (a backup, from Redis to manifest) and `restoring`; below them `records_file`, `manifest`,
`shelf` (the folder of backups) and `repository` (snapshots).
"""
