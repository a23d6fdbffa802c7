"""What was published before we came, from files: each item ends in one word, in a bounded run that goes on where
it was killed.

inputs -> lines, table, warc, folder -> item -> settling -> progress, refusals -> run
"""
