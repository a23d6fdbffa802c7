"""Every part of the set-up, in the order in which they need each other."""

from __future__ import annotations

from pathlib import Path

from warta_index.schema import names, templates
from warta_index.settings import SchemaSettings, SetupSettings
from warta_index.setup.auto_create import AutoCreate
from warta_index.setup.keys import ApiKey
from warta_index.setup.live_index import LiveIndex
from warta_index.setup.part import Part
from warta_index.setup.resource import component_template, index_template, role
from warta_index.setup.roles import READERS, ROLES

__all__ = ["READERS", "plan"]


def plan(settings: SetupSettings, keys_dir: Path | None = None, *, rotate_keys: bool = False) -> list[Part]:
    """Templates before the index that is made from them; keys last, and only where a folder is given."""
    parts: list[Part] = [*templates_of(settings), AutoCreate(), LiveIndex(settings)]
    parts += [role(name, content) for name, content in ROLES.items()]
    if keys_dir is not None:
        parts += [
            ApiKey(reader, ROLES[name], keys_dir, settings, rotate=rotate_keys)
            for reader, name in READERS.items()
        ]
    return parts


def templates_of(settings: SchemaSettings) -> list[Part]:
    """What a new index is made from."""
    components = templates.component_templates(settings)
    parts: list[Part] = [component_template(name, content) for name, content in components.items()]
    return [*parts, index_template(names.TEMPLATE, templates.index_template())]
