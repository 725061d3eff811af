"""Store files of any size whose records are numbered, and damage in them that is real."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from functools import cache
from pathlib import Path

import apsw

from inspector.session.summaries import RecordHead
from tests.builders import layouts
from tests.builders.demo import wire
from tests.builders.layouts import Arc

KIND = "skill"
_SAVED = "2026-01-25 20:38:38"
_READY = 2  #: of the enum SkillState
_SMALL = 1024  #: bytes of a page, where one is to be spoiled
_ID, _NUMBER = b"########", b"@"


def id_of(number: int) -> str:
    return f"thing-{number:08}"


def number_of(id_: str) -> int:
    return int(id_.rpartition("-")[2])


def data_of(number: int) -> bytes:
    """The blob of a record: its names and its state."""
    digits = b"%d" % number
    blob = _template(len(digits)).replace(_ID, b"%08d" % number)
    return blob.replace(_NUMBER * len(digits), digits)


@cache
def _template(digits: int) -> bytes:
    number = _NUMBER * digits
    names = (b"thing " + number, b"thing-" + number, b"thing-" + _ID, b"local")
    metadata = b"".join(wire.text(field, name) for field, name in enumerate(names, 1))
    return wire.text(3, metadata) + wire.text(5, wire.integer(3, _READY))


def head(number: int) -> RecordHead:
    """What a list shows of a record."""
    return RecordHead(
        *(KIND, id_of(number), f"thing {number}", "SKILL_STATE_READY", "local", f"thing-{number}"),
        updated_at="2026-01-25T20:38:38Z",
        size=len(data_of(number)),
        versions=0,
    )


def live(path: Path, total: int, *, page_size: int = 4096) -> Path:
    """A store with so many records, numbered from 0."""
    scripts = (layouts.RESOURCES, "DROP INDEX idx_resources_kind_id", layouts.SCHEMA_VERSION)
    mode = "OFF"  # a million records need no log
    layouts.create(
        *(path, *scripts, layouts.AUDIT), version=2, page_size=page_size, journal_mode=mode
    )
    records = ((KIND, id_of(number), data_of(number), _SAVED) for number in range(total))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"PRAGMA journal_mode={mode}")
        connection.executemany("INSERT INTO resources VALUES (?, ?, ?, ?)", records)
    return path


def gone(path: Path, total: int) -> Path:
    """A store that has only the history of so many records."""
    archived = (Arc(KIND, id_of(number), data_of(number)) for number in range(total))
    return layouts.v2(path, archived=archived)


def table(path: Path, name: str, total: int) -> Path:
    """A file with one table, of whose rows each holds an id."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"CREATE TABLE {name} (id TEXT)")
        rows = ((id_of(number),) for number in range(total))
        connection.executemany(f"INSERT INTO {name} VALUES (?)", rows)
    return path


def breaking_off(path: Path, total: int, number: int) -> int:
    """A store whose page with a record is spoiled; how many records can be read before it."""
    content = bytearray(live(path, total, page_size=_SMALL).read_bytes())
    at = content.index(id_of(number).encode() + data_of(number)) // _SMALL * _SMALL
    content[at : at + 12] = b"\xee" * 12
    path.write_bytes(content)
    readable = len(list(_readable(path)))
    assert 0 < readable <= number
    return readable


def _readable(path: Path) -> Iterator[str]:
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    with closing(connection), suppress(apsw.CorruptError):
        for id_, _ in connection.execute("SELECT id, data FROM resources ORDER BY kind, id"):
            yield str(id_)
