"""A real Elasticsearch without Docker: server, Java and analyzers from packages, in a folder."""

from warta_local.elasticsearch.distribution import Distribution, prepare
from warta_local.elasticsearch.download import DownloadFailed
from warta_local.elasticsearch.health import WrongPassword
from warta_local.elasticsearch.place import FolderUnusable
from warta_local.elasticsearch.room import NotEnoughRoom
from warta_local.elasticsearch.server import ElasticsearchServer

__all__ = [
    "Distribution",
    "DownloadFailed",
    "ElasticsearchServer",
    "FolderUnusable",
    "NotEnoughRoom",
    "WrongPassword",
    "prepare",
]
