from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from inspector.errors import UnwritableError, UsageError
from inspector.export.json_object import encode
from inspector.export.replaced_file import refuse_store, replacing
from tests.builders import layouts


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


def test_no_file_of_sqlites_is_written_over(tmp_path: Path) -> None:
    store, other = layouts.v0(tmp_path / "store.db"), layouts.v0(tmp_path / "other.sqlite")
    renamed = tmp_path / "no-database.json"
    renamed.write_bytes(other.read_bytes())
    (tmp_path / "link.json").symlink_to(other)
    for suffix in ("-wal", "-journal"):
        (tmp_path / f"new{suffix}.json{suffix}").touch()
    said = {
        "other.sqlite": "is a SQLite database",
        "no-database.json": "is a SQLite database",
        "link.json": "is a SQLite database",
        "new-wal.json": "may be a SQLite database: its -wal is beside it",
        "new-journal.json": "may be a SQLite database: its -journal is beside it",
        "other.sqlite-wal": "belongs to the SQLite database other.sqlite",
        "other.sqlite-shm": "belongs to the SQLite database other.sqlite",
        "other.sqlite-journal": "belongs to the SQLite database other.sqlite",
    }
    before = {one.name: one.read_bytes() for one in tmp_path.iterdir()}
    for name, why in said.items():
        with pytest.raises(UsageError) as caught:
            refuse_store(tmp_path / name, store)
        assert caught.value.message == f"{tmp_path / name} {why}."
    (tmp_path / "notes.json").write_text("[]")
    (tmp_path / "notes.json-shm").touch()
    for name in ("notes.json", "new.json", "else-wal"):
        refuse_store(tmp_path / name, store)
    assert {name: (tmp_path / name).read_bytes() for name in before} == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_is_not_looked_into(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    refuse_store(tmp_path / "pipe", tmp_path / "store.db")


@pytest.mark.skipif(os.name == "nt", reason="no such modes here")
def test_what_is_being_written_is_for_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with replacing(tmp_path / "out") as file:
            file.write(b"secret")
            (made,) = tmp_path.iterdir()
            assert made.stat().st_mode & 0o077 == 0
        assert (tmp_path / "out").stat().st_mode & 0o777 == 0o644
    finally:
        os.umask(before)


def test_a_file_that_may_not_be_written_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Replaced it could be, since that asks the folder alone."""
    path = tmp_path / "out"
    path.write_text("old")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(UsageError, match="may not be written"), replacing(path) as file:
        file.write(b"new")
    assert [one.read_text() for one in tmp_path.iterdir()] == ["old"]


def test_halves_of_characters_are_replaced_and_the_rest_is_kept() -> None:
    assert encode("a\udc80\u00e9\ud800") == "a\ufffd\u00e9\ufffd".encode()
