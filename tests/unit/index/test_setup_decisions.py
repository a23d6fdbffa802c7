"""The decisions of set-up that need no server."""

from __future__ import annotations

import pytest

from warta_index.setup.auto_create import forbid
from warta_index.setup.difference import differences
from warta_index.setup.resource import privileges
from warta_index.setup.roles import READERS, ROLES


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("true", "-articles*,+*"),
        ("false", "false"),
        ("-articles*,+*", "-articles*,+*"),
        (".ent-search-*,-logs,+*", "-articles*,.ent-search-*,-logs,+*"),
        ("+articles*,+*", "-articles*,+articles*,+*"),
    ],
)
def test_auto_creation_is_forbidden_first_and_rules_of_others_are_kept(value: str, wanted: str) -> None:
    assert forbid(value) == wanted
    assert forbid(wanted) == wanted


@pytest.mark.parametrize(
    ("wanted", "found", "sentences"),
    [
        ({"a": {"b": 1}}, {"a": {"b": 1}}, []),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, ["a.b: wanted 1, found 2"]),
        ({"a": {"b": 1}}, {"a": {}}, ["a.b: wanted 1, found nothing"]),
        ({"a": 1}, {"a": 1, "c": 2}, ["c: wanted nothing, found 2"]),
        ({"a": [1]}, {"a": [1, 2]}, ["a: wanted [1], found [1, 2]"]),
        ({"a": {"b": 1}}, {"a": 7}, ["a: wanted {'b': 1}, found 7"]),
    ],
)
def test_differences_are_sentences(wanted: object, found: object, sentences: list[str]) -> None:
    assert differences(wanted, found) == sentences


def test_extra_keys_can_be_left_out_of_account() -> None:
    assert differences({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}, "d": 3}, extra=False) == []


def test_a_role_is_recognised_with_the_defaults_that_elasticsearch_fills_in() -> None:
    held = {
        "cluster": ["monitor"],
        "indices": [{"names": ["articles*"], "privileges": ["monitor"], "allow_restricted_indices": False}],
        "applications": [],
        "run_as": [],
        "metadata": {},
        "transient_metadata": {"enabled": True},
    }
    assert privileges(held) == ROLES["warta_exporter"]


def test_each_reader_can_do_its_job_and_nothing_else() -> None:
    assert {reader: ROLES[role] for reader, role in READERS.items()} == {
        "index": {
            "cluster": ["monitor"],
            "indices": [{"names": ["articles-*"], "privileges": ["index", "view_index_metadata"]}],
        },
        "operator": {
            "cluster": [],
            "indices": [
                {
                    "names": ["articles*"],
                    "privileges": [
                        "read",
                        "view_index_metadata",
                        "indices:monitor/stats*",
                        "indices:admin/refresh*",
                    ],
                }
            ],
        },
        "exporter": {
            "cluster": ["monitor"],
            "indices": [{"names": ["articles*"], "privileges": ["monitor"]}],
        },
    }
