"""The archive of fetched pages: what the fetch hop writes, whole files under their names, news without it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from warta_ingest.archive.page_archive import PageArchive
from warta_ingest.backfill.inputs import Form, Input
from warta_ingest.backfill.item import Copy
from warta_ingest.fetcher import Fetched
from warta_shared.events.article import Source

SOURCE = Source(id="KABAR", feed="kabar")


def fetched(number: int, size: int = 1_000) -> Fetched:
    url = f"https://kabar.example/{number}"
    body = random.Random(number).randbytes(size)
    return Fetched(url, url, (), 200, {"content-type": "text/html", "x": "a\r\nInjected: 1"}, body)


def files_in(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def kept(path: Path) -> list[Copy]:
    given = Input(path, Form.WARC, "", 3_000_000)
    given.identify()
    return [item.content for item in given.items() if isinstance(item.content, Copy)]


async def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    async with PageArchive(tmp_path, 1_000_000) as archive:
        for number in range(5):
            await archive.keep(fetched(number), SOURCE)
        [open_file] = files_in(tmp_path)
        assert open_file.name.endswith(".warc.gz.open")
        assert len(kept(open_file)) == 5, "what a killed service wrote is there"
    [file] = files_in(tmp_path)
    assert file.name.endswith(".warc.gz")
    assert [(one.url, one.body, one.source, one.feed) for one in kept(file)] == [
        (f"https://kabar.example/{number}", fetched(number).body, "KABAR", "kabar") for number in range(5)
    ]


async def test_files_are_of_bounded_size(tmp_path: Path) -> None:
    async with PageArchive(tmp_path, 1_000_000) as archive:
        for number in range(12):
            body = fetched(number, 250_000)
            await archive.keep(body, SOURCE)
    files = files_in(tmp_path)
    assert len(files) >= 4
    assert all(file.stat().st_size <= 1_000_000 for file in files)
    assert sorted(one.url for file in files for one in kept(file)) == sorted(
        f"https://kabar.example/{number}" for number in range(12)
    )


async def test_without_a_folder_nothing_is_kept() -> None:
    async with PageArchive(None, 1_000_000) as archive:
        await archive.keep(fetched(1), SOURCE)


async def test_a_folder_that_cannot_be_written_stops_no_news(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    async with PageArchive(tmp_path / "file", 1_000_000) as archive:
        await archive.keep(fetched(1), SOURCE)
    assert "page-not-archived" in caplog.text


async def test_a_disk_that_is_full_for_a_while_is_tried_again(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    folder.write_text("in the way")
    async with PageArchive(folder, 1_000_000) as archive:
        await archive.keep(fetched(1), SOURCE)
        folder.unlink()
        await archive.keep(fetched(2), SOURCE)
    [file] = files_in(folder)
    assert [one.url for one in kept(file)] == ["https://kabar.example/2"]
