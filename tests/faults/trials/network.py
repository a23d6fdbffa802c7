"""Rows about the network between a service and a server: cut, silent, slow, an answer that never comes."""

from __future__ import annotations

import time
from functools import partial

from faults.rig.tcp_proxy import Line, TcpProxy
from faults.trials.trial import Row, Trial
from waiting import eventually

SERVERS = ("Redis", "Elasticsearch")


def proxy_of(trial: Trial, server: str) -> TcpProxy:
    """The proxy before a server."""
    return trial.rig.server.proxy if server == "Redis" else trial.rig.ground.line


def disturbed(trial: Trial, server: str, line: Line) -> None:
    """The line is so for two or three seconds."""
    proxy = proxy_of(trial, server)
    proxy.make(line)
    time.sleep(trial.chance.uniform(2.0, 3.0))
    proxy.make(Line.SOUND)


def replies_lost(trial: Trial, server: str) -> None:
    """A dozen commands are carried out, and their answers never come."""
    proxy = proxy_of(trial, server)
    proxy.lose_replies(12)
    eventually(lambda: proxy.replies_to_lose <= 0, 30, what="a dozen lost replies")


def cut_often(trial: Trial, server: str) -> None:
    """Every connection is closed, six times."""
    for _ in range(6):
        proxy_of(trial, server).cut()
        time.sleep(trial.chance.uniform(0.1, 0.5))


ROWS = [
    *(
        Row(f"{server}: line {line.value}", "one", partial(disturbed, server=server, line=line))
        for server in SERVERS
        for line in (Line.CUT, Line.HALF_OPEN, Line.TRICKLE)
    ),
    *(Row(f"{server}: replies lost", "one", partial(replies_lost, server=server)) for server in SERVERS),
    *(
        Row(f"{server}: connections cut often", "one", partial(cut_often, server=server))
        for server in SERVERS
    ),
]
