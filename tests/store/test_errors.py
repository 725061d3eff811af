"""What cannot be read is refused with one plain sentence; nothing hangs."""

from __future__ import annotations

import os
import random
import socket
import sqlite3
import struct
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from inspector.errors import StoreError, StoreErrorKind
from inspector.exit_codes import Exit
from inspector.store import error_sentences
from inspector.store.error_sentences import store_error
from inspector.store.rows import Form
from inspector.store.store import Store
from tests.builders import layouts
from tests.builders.layouts import Arc, Rec


def _store(path: Path) -> Path:
    return layouts.v2(
        path, [Rec("agent", f"agt-{n}", bytes(2000)) for n in range(50)], [Arc("agent", "agt-1")]
    )


def _missing(folder: Path) -> Path:
    return folder / "nothing.db"


def _folder(folder: Path) -> Path:
    return folder


def _badger(folder: Path) -> Path:
    place = folder / "stigmer.db"
    place.mkdir()
    (place / "MANIFEST").write_bytes(b"Bdgr")
    (place / "000001.vlog").touch()
    return place


def _loop(folder: Path) -> Path:
    link = folder / "loop.db"
    link.symlink_to(link)
    return link


def _long_name(folder: Path) -> Path:
    return folder / ("x" * 300)


def _null_byte(folder: Path) -> Path:
    return folder / "x\0y.db"


def _fifo(folder: Path) -> Path:
    os.mkfifo(folder / "fifo.db")
    return folder / "fifo.db"


def _socket(folder: Path) -> Path:
    with closing(socket.socket(socket.AF_UNIX)) as end:
        end.bind(str(folder / "socket.db"))
    return folder / "socket.db"


def _zero_device(folder: Path) -> Path:
    return Path("/dev/zero")


def _fifo_beside(folder: Path) -> Path:
    path = _store(folder / "s.db")
    os.mkfifo(folder / "s.db-wal")
    (folder / "s.db-shm").write_bytes(bytes(32768))
    return path


def _empty(folder: Path) -> Path:
    (folder / "empty.db").touch()
    return folder / "empty.db"


def _one_byte(folder: Path) -> Path:
    (folder / "one.db").write_bytes(b"S")
    return folder / "one.db"


def _noise(folder: Path) -> Path:
    (folder / "noise.db").write_bytes(random.Random(1).randbytes(9000))
    return folder / "noise.db"


def _text(folder: Path) -> Path:
    (folder / "text.db").write_text("kind,id\n" * 200)
    return folder / "text.db"


def _wrong_page_size(folder: Path) -> Path:
    return _changed(_store(folder / "s.db"), 16, struct.pack(">H", 12345))


def _newer_format(folder: Path) -> Path:
    return _changed(_store(folder / "s.db"), 18, b"\x03\x03")


def _newer_schema(folder: Path) -> Path:
    return _changed(_store(folder / "s.db"), 44, struct.pack(">I", 7))


def _header_only(folder: Path) -> Path:
    path = _store(folder / "s.db")
    os.truncate(path, 100)
    return path


def _changed(path: Path, offset: int, data: bytes) -> Path:
    content = bytearray(path.read_bytes())
    content[offset : offset + len(data)] = data
    path.write_bytes(content)
    return path


posix = pytest.mark.skipif(sys.platform == "win32", reason="there are no such files on Windows")

REFUSED: list[tuple[Callable[[Path], Path], StoreErrorKind, str]] = [
    (_missing, StoreErrorKind.MISSING, "This file does not exist."),
    (_folder, StoreErrorKind.DIRECTORY, "This is a directory, not a SQLite file."),
    (_badger, StoreErrorKind.BADGER, "This is a BadgerDB directory, not a SQLite file."),
    (_loop, StoreErrorKind.BAD_PATH, "This path leads to no file."),
    (_long_name, StoreErrorKind.BAD_PATH, "This file name is too long."),
    (_null_byte, StoreErrorKind.BAD_PATH, "This path leads to no file."),
    (_fifo, StoreErrorKind.NOT_REGULAR, "This is not a regular file."),
    (_socket, StoreErrorKind.NOT_REGULAR, "This is not a regular file."),
    (_zero_device, StoreErrorKind.NOT_REGULAR, "This is not a regular file."),
    (_fifo_beside, StoreErrorKind.NOT_REGULAR, "Its -wal is not a regular file."),
    (_empty, StoreErrorKind.EMPTY, "This file is empty."),
    (_one_byte, StoreErrorKind.NOT_A_DATABASE, "This file is encrypted or not a database."),
    (_noise, StoreErrorKind.NOT_A_DATABASE, "This file is encrypted or not a database."),
    (_text, StoreErrorKind.NOT_A_DATABASE, "This file is encrypted or not a database."),
    (_wrong_page_size, StoreErrorKind.NOT_A_DATABASE, "This file is encrypted or not a database."),
    (
        *(_newer_format, StoreErrorKind.UNSUPPORTED),
        "This file is in a format of SQLite that is not known here"
        " (version 3 of it, 2 is known here).",
    ),
    (
        *(_newer_schema, StoreErrorKind.UNSUPPORTED),
        "This file is in a format of SQLite that is not known here"
        " (format 7 of its schema, 4 is known here).",
    ),
    (_header_only, StoreErrorKind.DAMAGED, "The file is damaged."),
]


@posix
@pytest.mark.parametrize(
    ("make", "kind", "message"), REFUSED, ids=[make.__name__ for make, _, _ in REFUSED]
)
def test_what_is_no_store_is_refused_with_a_sentence(
    make: Callable[[Path], Path], kind: StoreErrorKind, message: str, tmp_path: Path
) -> None:
    path = make(tmp_path)
    with pytest.raises(StoreError) as caught:
        Store(path).facts()
    assert caught.value.kind is kind
    assert caught.value.message == message
    assert caught.value.hint
    assert caught.value.exit_code is Exit.UNREADABLE


@pytest.mark.parametrize("kind", StoreErrorKind)
def test_every_kind_of_error_has_a_sentence_and_a_hint(kind: StoreErrorKind) -> None:
    error = store_error(kind)
    for sentence in (error.message, error.hint):
        assert sentence.endswith(".")
        assert "!" not in sentence


def test_busy_names_how_long_was_tried() -> None:
    seconds = f"{error_sentences.PATIENCE:.0f}"
    assert store_error(StoreErrorKind.BUSY).message == (
        f"The daemon kept the file busy for {seconds} seconds."
    )


def test_a_database_of_another_program_is_foreign_and_can_be_browsed(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE agents (name TEXT)")
        connection.execute("INSERT INTO agents VALUES ('one')")
        connection.commit()
    store = Store(tmp_path / "other.db")
    facts = store.facts()
    assert (facts.form, facts.layout) == (Form.FOREIGN, None)
    assert store.kinds() == []
    assert store.heads("agent").rows == ()
    assert store.history.gone("agent").rows == ()
    assert store.history.versions("agent", "x") == []
    assert list(store.raw_rows()) == []
    assert store.table_page("agents").rows == (("one",),)


@posix
@pytest.mark.parametrize(
    "name",
    ["with space.db", "50%25.db", "a#b?c&mode=rwc.db", "ümläut.db", b"broken-\xff-name.db"],
    ids=["space", "percent", "uri", "umlaut", "bytes"],
)
@pytest.mark.parametrize("where", ["name", "folder"])
def test_any_name_can_be_opened(name: str | bytes, where: str, tmp_path: Path) -> None:
    text = os.fsdecode(name)
    path = tmp_path / text
    if where == "folder":
        path.mkdir()
        path = path / "stigmer.db"
    layouts.v2(tmp_path / "made.db", [Rec("agent", "agt-1")]).rename(path)
    before = sorted(path.parent.iterdir())
    store = Store(path)
    assert [row.id for row in store.rows("agent").rows] == ["agt-1"]
    store.close()
    assert sorted(path.parent.iterdir()) == before


@posix
def test_a_link_opens_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "links").mkdir()
    real = _store(tmp_path / "real" / "s.db")
    link = tmp_path / "links" / "s.db"
    link.symlink_to(real)
    store = Store(link)
    assert store.facts().path == str(link)
    assert store.facts().real_path == os.path.realpath(real)
    assert len(store.rows("agent").rows) == 50
    assert list(link.parent.iterdir()) == [link]
