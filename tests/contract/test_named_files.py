"""What the documentation names of this repository is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
NAMED = re.compile(r"`((?:tests|services|shared|deploy|local)/[\w./-]+|test_\w+\.py)`")
LINKED = re.compile(r"\]\((?!http|#)([^)#]+)(?:#([\w-]+))?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_a_page_names_are_there(page: Path) -> None:
    for name in NAMED.findall(page.read_text()):
        found = (ROOT / name).exists() if "/" in name else any((ROOT / "tests").rglob(name))
        assert found, name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target, anchor in LINKED.findall(page.read_text()):
        linked = (page.parent / target).resolve()
        assert linked.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", linked.read_text(), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", one).lower().replace(" ", "-") for one in headings}, (
                anchor
            )
