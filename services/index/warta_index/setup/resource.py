"""Parts that Elasticsearch keeps as they were put: component templates, the index template, roles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from warta_index.connection import Connection
from warta_index.setup.difference import differences
from warta_index.setup.part import MISSING, change, fetch

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Resource:
    """`content` is put at `target`; `installed` finds the same in Elasticsearch's answer to a GET."""

    kind: str
    name: str
    target: str
    content: Json
    installed: Callable[[Any], Any]

    async def differences(self, connection: Connection) -> list[str]:
        """Compare with what a GET returns; additions by later releases of Elasticsearch do not count."""
        answer = await fetch(connection, self.target)
        if answer is None:
            return [MISSING]
        found = self.installed(answer)
        return differences(self.content, {key: found[key] for key in self.content if key in found})

    async def apply(self, connection: Connection) -> None:
        """Put it."""
        await change(connection, "PUT", self.target, self.content)


def component_template(name: str, content: Json) -> Resource:
    """A building block of index templates."""
    return Resource(
        "component template",
        name,
        f"/_component_template/{name}",
        content,
        lambda answer: answer["component_templates"][0]["component_template"],
    )


def index_template(name: str, content: Json) -> Resource:
    """The template of every version of the index."""
    return Resource(
        "index template",
        name,
        f"/_index_template/{name}",
        content,
        lambda answer: answer["index_templates"][0]["index_template"],
    )


def role(name: str, content: Json) -> Resource:
    """A role, for people's own users and keys."""
    return Resource("role", name, f"/_security/role/{name}", content, lambda answer: privileges(answer[name]))


def privileges(descriptor: Mapping[str, Any]) -> Json:
    """A role as we write it, out of how Elasticsearch returns it: with every default filled in."""
    return {
        "cluster": list(descriptor.get("cluster", [])),
        "indices": [
            {"names": list(grant["names"]), "privileges": list(grant["privileges"])}
            for grant in descriptor.get("indices", [])
        ],
    }
