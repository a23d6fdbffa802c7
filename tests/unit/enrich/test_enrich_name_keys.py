"""What is an id and what a mere name: texts hold colons too, and operators' ids may begin with any letter."""

from __future__ import annotations

import pytest

from warta_enrich.steps.mentions import Find, entities, name_key


@pytest.mark.parametrize("name", ["abc:xyz", "v6 : { a", ":", "Ketua: Budi"])
def test_a_name_with_a_colon_is_no_id(name: str) -> None:
    (entity,) = entities([Find("title", 0, len(name), name_key(name), name)])
    assert (entity.id, entity.name) == (None, name)


@pytest.mark.parametrize("key", ["place:id-3578", "WD:Q252", "org2:x"])
def test_an_id_of_a_table_stays(key: str) -> None:
    (entity,) = entities([Find("body", 0, 3, key, "KPK")])
    assert entity.id == key
