"""What the shared memory says of a log is what stands in the log."""

from __future__ import annotations

import sys
from array import array
from pathlib import Path

import pytest

from inspector.store import live_pages
from inspector.store.files import look
from inspector.store.live_pages import LiveLog
from inspector.store.wal_file import read_frames
from inspector.store.wal_index import page_numbers, published
from tests.builders import layouts
from tests.builders.layouts import Rec
from tests.builders.writer import Writer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="nothing is published there")


def _filled(path: Path, writer: Writer, commits: int) -> None:
    """Commits that write pages here and there."""
    writer.sql("PRAGMA wal_autocheckpoint=0")
    for number in range(commits):
        writer.sql(f"UPDATE resources SET data = x'{number:04x}' WHERE CAST(id AS INT) % 7 = 3")


def test_pages_of_frames_are_read_across_the_blocks_of_the_memory(tmp_path: Path) -> None:
    """The first block has 4062 of them, each other 4096."""
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", f"{n:05}", b"x" * 400) for n in range(9000)])
    with Writer(path) as writer:
        _filled(path, writer, 11)
        with path.with_name("s.db-wal").open("rb") as file:
            expected = read_frames(file).page_numbers
        assert len(expected) > 4062 + 4096
        for first, last in ((1, len(expected)), (4062, 4063), (4063, 8159), (8158, 8159)):
            assert page_numbers(str(path), first, last) == expected[first - 1 : last]
        live = LiveLog(str(path)).pages(look(str(path)))
        assert live is not None
        assert live.log.page_numbers == expected
        writer.stop()


def test_a_memory_that_is_being_made_again_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who recovers a log makes it out of zeros, and its header may be the one of before."""
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", f"{n:05}") for n in range(100)])
    with Writer(path) as writer:
        _filled(path, writer, 20)
        index = published(str(path))
        assert index is not None
        for cut, zeros in ((0, 1), (5, 0)):

            def half_made(
                path: str, first: int, last: int, cut: int = cut, zeros: int = zeros
            ) -> array[int]:
                found = page_numbers(path, first, last)
                found[3] *= not zeros
                return found[: len(found) - cut]

            monkeypatch.setattr(live_pages, "page_numbers", half_made)
            assert LiveLog(str(path)).pages(look(str(path))) is None
        monkeypatch.setattr(live_pages, "page_numbers", page_numbers)
        assert LiveLog(str(path)).pages(look(str(path))) is not None
        writer.stop()
