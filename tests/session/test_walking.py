"""All records one after another: the same whatever reads them, and however many at a time."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from inspector.compiled_part import VARIABLE
from inspector.decode import transcoding
from inspector.export.stream import Stream
from inspector.session import reading, walking
from inspector.session.reading import MessageText
from inspector.session.session import Session
from inspector.session.walking import every_message, every_record
from tests.builders import layouts
from tests.builders.layouts import Rec
from tests.decode.damage import demo_blobs


@pytest.fixture(params=[layouts.v0, layouts.v2], ids=["v0", "v2"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A store of what daemons write, and of what they do not."""
    records = [
        Rec(one.kind, f"{one.kind}-{at:04}", one.data) for at, one in enumerate(demo_blobs())
    ]
    odd = [Rec("agent", "agent-0000a", b"\xff\xff"), Rec("strange", "s-1", b"\x08\x01")]
    made: Path = request.param(tmp_path / "s.db", [*records, *odd])
    with closing(sqlite3.connect(made)) as connection, connection:
        sql = "INSERT INTO resources (kind, id, data) VALUES (?, ?, ?)"
        connection.execute(sql, ("agent", "agent_audit/agent-0001/1700000001", b"old"))
        connection.execute(
            "INSERT INTO resources (kind, id, data) VALUES ('skill', CAST(? AS TEXT), x'')",
            (b"\xfe",),
        )
    return made


def _exported(path: Path, *, array: bool, reveal: bool) -> tuple[bytes, int]:
    session = Session.open(path)
    parts: list[bytes] = []
    stream = Stream(parts.append, array=array, reveal=reveal)
    count = 0
    for one in every_message(
        *(session, [kind.kind for kind in session.kinds()]),
        between=stream.between,
        indent=stream.indent,
        level=stream.level,
        reveal=reveal,
    ):
        if isinstance(one, MessageText):
            stream.put_text(one.text.write)
            count += one.records
        else:
            stream.add(one)
            count += 1
    stream.close()
    return b"".join(parts), count


@pytest.mark.parametrize("array", [False, True])
@pytest.mark.parametrize("reveal", [False, True])
def test_messages_are_those_of_the_records(
    path: Path, array: bool, reveal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session.open(path)
    parts: list[bytes] = []
    stream = Stream(parts.append, array=array, reveal=reveal)
    count = 0
    for record in every_record(session, [kind.kind for kind in session.kinds()]):
        stream.add(record)
        count += 1
    stream.close()
    expected = b"".join(parts), count
    assert count > 20
    assert _exported(path, array=array, reveal=reveal) == expected
    monkeypatch.setattr(walking, "_ROWS", 3)
    monkeypatch.setattr(walking, "_BYTES", 5000)
    monkeypatch.setattr(transcoding, "_ROOM", 2000)
    assert _exported(path, array=array, reveal=reveal) == expected
    monkeypatch.setattr(reading, "LONG", 100)
    assert _exported(path, array=array, reveal=reveal) == expected
    monkeypatch.setenv(VARIABLE, "python")
    assert _exported(path, array=array, reveal=reveal) == expected


def test_rows_without_a_blob_are_among_them(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "CREATE TABLE resources (kind TEXT, id TEXT, data BLOB, updated_at TEXT,"
            " PRIMARY KEY (kind, id))"
        )
        rows = (("agent", f"a-{at}", None if at == 1 else b"") for at in range(3))
        connection.executemany("INSERT INTO resources (kind, id, data) VALUES (?, ?, ?)", rows)
    text, count = _exported(path, array=False, reveal=False)
    assert count == len(text.splitlines()) == 3
    assert b"holds no data" in text.splitlines()[1]
