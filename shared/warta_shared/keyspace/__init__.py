"""What of Redis outlives Redis: keys -> records -> lines of a file, and back.

Reading order: `kept` (which keys, and in which order), `record` (a line), `reading` and `unsettled` (out of Redis),
`writing` and `removal` (into it).
"""
