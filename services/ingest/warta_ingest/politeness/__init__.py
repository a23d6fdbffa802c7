"""How strangers' servers are treated: robots.txt, one request at a time to a host, and their word on when to wait."""

from warta_ingest.politeness.host_gate import HostBusy, HostGate
from warta_ingest.politeness.polite import Forbidden, Politeness
from warta_ingest.politeness.polite_fetcher import PoliteFetcher

__all__ = ["Forbidden", "HostBusy", "HostGate", "PoliteFetcher", "Politeness"]
