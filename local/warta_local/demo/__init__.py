"""The demonstration: the bundled newsroom through the real system, and what came of it.

newsroom -> stack -> arrival (wait until everything has come to its end) -> report
"""
