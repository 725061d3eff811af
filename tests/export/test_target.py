from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from inspector.errors import UnwritableError, UsageError
from inspector.export.target import refuse_store, replacing


def test_a_failure_within_leaves_no_trace(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), replacing(path) as file:
        file.write(b"new")
        raise ZeroDivisionError
    with pytest.raises(UnwritableError), replacing(path) as file:
        raise OSError(5, "Input/output error")
    assert [one.read_text() for one in tmp_path.iterdir()] == ["old"]


def test_a_new_file_has_the_usual_mode(tmp_path: Path) -> None:
    with replacing(tmp_path / "out") as file:
        file.write(b"x")
    (tmp_path / "plain").write_text("x")
    assert (tmp_path / "out").stat().st_mode == (tmp_path / "plain").stat().st_mode


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_is_written_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(path.read_bytes()))
    reader.start()
    with replacing(path) as file:
        file.write(b"through")
    reader.join(30)
    assert got == [b"through"]
    assert path.is_fifo()


@pytest.mark.parametrize("name", ["", "no/such/folder", "file/below"])
def test_where_no_file_can_be(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError), replacing(tmp_path / name):
        pytest.fail("there is no such place")


def test_a_store_is_refused_by_any_way_to_it(tmp_path: Path) -> None:
    store = tmp_path / "a.db"
    store.touch()
    (tmp_path / "link").symlink_to(store)
    for name in ("a.db", "a.db-wal", "a.db-shm", "a.db-journal", "link"):
        with pytest.raises(UsageError):
            refuse_store(tmp_path / name, tmp_path / "link")
    for name in ("a.json", "a.db-other", "a.db.json", "a", "link-wal"):
        refuse_store(tmp_path / name, store)
