"""What is downloaded, and the checksums that it must have."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Artifact:
    """A Maven artifact: `sha256` in hexadecimal, `megabytes` for the messages."""

    group: str
    name: str
    version: str
    packaging: str
    sha256: str
    megabytes: int
    title: str

    @property
    def file_name(self) -> str:
        """`elasticsearch-8.19.4.zip`."""
        return f"{self.name}-{self.version}.{self.packaging}"


# The server as Elastic publishes it for the tests of plugins: core, netty and security.
SERVER = Artifact(
    group="org.elasticsearch.distribution.integ-test-zip",
    name="elasticsearch",
    version="8.19.4",
    packaging="zip",
    sha256="553088b4c0f60f04d7c63da609aaeae372c483159f4fb8013599e91233aab0de",
    megabytes=97,
    title="Elasticsearch 8.19.4",
)
# Eclipse's compiler runs on the bare Java runtime, so that no JDK is needed.
COMPILER = Artifact(
    group="org.eclipse.jdt",
    name="ecj",
    version="3.40.0",
    packaging="jar",
    sha256="05cc22a24e7982970f63a405fc6c820bc80b806f27f3c5a6236fc475f8f7152b",
    megabytes=3,
    title="the Java compiler ecj 3.40.0",
)
