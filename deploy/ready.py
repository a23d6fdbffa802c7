"""Healthcheck of a service: exit 0 when it is ready, else say what is wrong."""

import sys
import urllib.error
import urllib.request

# No proxy: an engine may hand its own to every container.
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
try:
    opener.open("http://127.0.0.1:8080/health/ready", timeout=4)
except urllib.error.HTTPError as error:
    sys.exit(error.read(500).decode("utf-8", "replace"))
except OSError as error:
    sys.exit(str(error))
