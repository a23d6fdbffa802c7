"""The feeds file: YAML in, feeds out, every mistake with its line and field."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from warta_ingest.feeds.feed import Feed

_BYTES_MAX = 10_000_000
_FEEDS_MAX = 100_000
_SLUG = "must be letters, digits, dot, dash, underscore or colon, without spaces"
_PATTERNS = {
    "id": _SLUG,
    "source": _SLUG,
    "url": "must be an http:// or https:// URL without spaces",
    "country": "must be two capital letters (ISO 3166), as ID",
    "language": "must be a BCP-47 language tag, as id or en-GB",
    "sections": "must be the eight digits of an IPTC Media Topic",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: where (line from 1, 0 when the whole file is meant; field as feeds[3].url) and what."""

    line: int
    field: str
    message: str

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line else ""
        return f"{where}{self.field}: {self.message}" if self.field else f"{where}{self.message}"


class FeedsFileError(ValueError):
    """The feeds file cannot be used; `problems` holds every mistake found, in the order of the file."""

    def __init__(self, path: Path, problems: Sequence[Problem]) -> None:
        self.path = path
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        super().__init__("\n".join(f"{path}: {problem}" for problem in self.problems))


def load_feeds(path: Path) -> tuple[Feed, ...]:
    """The feeds of a file, in its order; raises FeedsFileError, also when there is no such file."""
    try:
        root = _compose(path)
    except OSError as error:
        raise FeedsFileError(path, [Problem(0, "", f"cannot be read: {error.strerror}")]) from error
    except (yaml.YAMLError, UnicodeError, RecursionError) as error:
        raise FeedsFileError(path, [_syntax_problem(error)]) from error
    problems: list[Problem] = []
    nodes = _feed_nodes(root, problems)
    feeds = [(node, _feed(index, node, problems)) for index, node in enumerate(nodes)]
    problems += _repeated(feeds)
    if problems:
        raise FeedsFileError(path, problems)
    return tuple(feed for _, feed in feeds if feed)


def _compose(path: Path) -> yaml.Node | None:
    with path.open("rb") as file:
        content = file.read(_BYTES_MAX + 1)
    if len(content) > _BYTES_MAX:
        raise FeedsFileError(path, [Problem(0, "", f"is larger than {_BYTES_MAX:,} bytes")])
    # BaseLoader leaves every value a string: `country: NO` stays Norway, `04000000` keeps its zero.
    node: yaml.Node | None = yaml.compose(content, Loader=yaml.BaseLoader)
    return node


def _syntax_problem(error: Exception) -> Problem:
    mark = getattr(error, "problem_mark", None)
    message = getattr(error, "problem", None) or str(error).splitlines()[0]
    return Problem(mark.line + 1 if mark else 0, "", f"is not YAML: {message}")


def _feed_nodes(root: yaml.Node | None, problems: list[Problem]) -> list[yaml.Node]:
    expected = "expected `feeds:` followed by a list"
    if not isinstance(root, yaml.MappingNode):
        problems.append(Problem(0, "", expected))
        return []
    nodes: list[yaml.Node] = []
    found = False
    for key, value in root.value:
        if key.value != "feeds":
            problems.append(Problem(_line(key), str(key.value), "is not known here; only `feeds` is"))
        elif isinstance(value, yaml.SequenceNode) and len(value.value) <= _FEEDS_MAX:
            found = True
            nodes = value.value
        elif value.value != "":
            problems.append(Problem(_line(value), "feeds", "is not a list"))
        else:
            found = True
    if not found and not problems:
        problems.append(Problem(0, "", expected))
    return nodes


def _feed(index: int, node: yaml.Node, problems: list[Problem]) -> Feed | None:
    try:
        return Feed.model_validate(_value(node, f"feeds[{index}]", problems))
    except ValidationError as error:
        for mistake in error.errors(include_url=False):
            path = [part for part in mistake["loc"] if part != "[key]"]
            field = ".".join([f"feeds[{index}]", *map(str, path)])
            problems.append(Problem(_line(_descend(node, path)), field, _message(mistake)))
        return None


def _message(mistake: Any) -> str:
    message = str(mistake["msg"]).removeprefix("Value error, ")
    given = mistake.get("input")
    if mistake["type"] == "missing":
        return "is missing"
    if mistake["type"] == "extra_forbidden":
        return "is no field of a feed"
    if not mistake["loc"]:
        return message if mistake["type"] == "value_error" else f"is not a feed but {given!r:.40}"
    if mistake["type"] == "string_pattern_mismatch":
        message = _PATTERNS.get(str(mistake["loc"][0]), message)
    # A value that a check of ours refused may be a secret in the wrong place.
    secret = mistake["type"] == "value_error" or "headers" in mistake["loc"]
    shown = isinstance(given, str) and not secret
    return f"{message} (it is {given!r:.80})" if shown else message


def _value(node: yaml.Node, field: str, problems: list[Problem], depth: int = 0) -> Any:
    """The node as plain dicts, lists and strings; a key given twice is a problem, not a silent loss."""
    if isinstance(node, yaml.MappingNode) and depth < 8:
        mapping: dict[str, Any] = {}
        for key, value in node.value:
            if str(key.value) in mapping:
                problems.append(Problem(_line(key), f"{field}.{key.value}", "is given twice"))
            mapping[str(key.value)] = _value(value, f"{field}.{key.value}", problems, depth + 1)
        return mapping
    if isinstance(node, yaml.SequenceNode) and depth < 8:
        return [_value(item, field, problems, depth + 1) for item in node.value]
    return node.value if isinstance(node, yaml.ScalarNode) else None


def _repeated(feeds: Iterable[tuple[yaml.Node, Feed | None]]) -> list[Problem]:
    problems: list[Problem] = []
    lines: dict[tuple[str, str], int] = {}
    for index, (node, feed) in enumerate(feeds):
        for name, value in (("id", feed.id), ("url", feed.url)) if feed else ():
            line = _line(_descend(node, [name]))
            first = lines.setdefault((name, value), line)
            if first != line:
                problems.append(
                    Problem(line, f"feeds[{index}].{name}", f"{value!r} is already that of line {first}")
                )
    return problems


def _descend(node: yaml.Node, path: Sequence[int | str]) -> yaml.Node:
    """The node that a validation error means, or the nearest one around it."""
    for part in path:
        if not isinstance(node, yaml.MappingNode):
            break
        inner = next((value for key, value in node.value if key.value == str(part)), None)
        if inner is None:
            break
        node = inner
    return node


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
