"""Real Redis (or Valkey) servers from Python: one server, or a cluster of plain processes."""

from warta_local.redis_server.cluster import RedisCluster
from warta_local.redis_server.engine import Engine, RedisNotFound, find_engine
from warta_local.redis_server.server import RedisServer

__all__ = ["Engine", "RedisCluster", "RedisNotFound", "RedisServer", "find_engine"]
