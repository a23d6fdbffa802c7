"""The canary: an article of our own that goes the way of all, so that a quiet night can be told from a standstill."""

# The code of its source; no other article may have it, since searches do not show it.
SOURCE = "warta-canary"
EXTERNAL_ID = "canary"
