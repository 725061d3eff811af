"""Damaged files open as far as they go: only what is lost is missing, and it is said."""

from __future__ import annotations

import errno
import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import apsw
import pytest

from inspector.compiled_part import VARIABLE
from inspector.errors import StoreError, StoreErrorKind
from inspector.store.error_sentences import row_problem
from inspector.store.rows import Form
from inspector.store.store import Store
from tests.builders import layouts
from tests.builders.layouts import Arc, Rec
from tests.builders.writer import Writer

PAGE = 1024
IDS = [f"agt-{number:03}" for number in range(60)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store of two kinds with many small pages."""
    records = [Rec(kind, one, one.encode() * 20) for kind in ("agent", "skill") for one in IDS]
    return layouts.create(
        tmp_path / "s.db",
        layouts.RESOURCES,
        layouts.SCHEMA_VERSION,
        layouts.AUDIT,
        records=records,
        archived=[Arc("skill", one) for one in IDS],
        version=2,
        page_size=PAGE,
    )


def _pages(path: Path, marker: bytes, leaf: int) -> list[int]:
    """Numbers, from 0, of the leaf pages of a kind that hold a text."""
    content = path.read_bytes()
    pages = (content[start : start + PAGE] for start in range(0, len(content), PAGE))
    return [n for n, page in enumerate(pages) if page[0] == leaf and marker in page]


def _spoil(path: Path, pages: Iterable[int]) -> None:
    with path.open("r+b") as file:
        for page in pages:
            file.seek(page * PAGE)
            file.write(b"\xee" * 12)


def _table_page(path: Path, one: str) -> int:
    """The page of the table, not of its index, with a row of kind agent."""
    (page,) = _pages(path, b"agent" + one.encode() + one.encode() * 20, 0x0A)
    return page


def test_a_spoiled_page_costs_only_its_own_rows(path: Path) -> None:
    spoiled = _table_page(path, "agt-030")
    _spoil(path, [spoiled])
    page = Store(path).rows("agent")

    lost = [row.id for row in page.rows if row.problem]
    assert [row.id for row in page.rows] == IDS
    assert "agt-030" in lost
    assert len(lost) < 15
    assert page.damage is None
    assert {row.problem for row in page.rows if row.problem} == {
        "The file is damaged where this row lies."
    }
    assert all(row.data == row.id.encode() * 20 for row in page.rows if row.problem is None)


def test_where_the_index_is_spoiled_the_table_itself_is_read(path: Path) -> None:
    spoiled = _pages(path, b"agentagt-030", 0x0A)
    _spoil(path, set(spoiled) - {_table_page(path, "agt-030")})
    store = Store(path)
    assert [row.id for row in store.rows("agent").rows] == IDS
    assert [head.id for head in store.heads("agent").rows] == IDS
    assert [kind[:3] for kind in store.kinds()] == [("agent", 60, 0), ("skill", 60, 60)]


def test_rows_before_the_damage_are_kept_and_the_sentence_counts_them(path: Path) -> None:
    _spoil(path, _pages(path, b"agentagt-030", 0x0A))
    store = Store(path)
    page = store.rows("agent")
    count = len(page.rows)
    assert 0 < count <= 30
    assert [row.id for row in page.rows] == IDS[:count]
    assert page.damage is not None
    assert page.damage.kind is StoreErrorKind.DAMAGED
    assert page.damage.message == f"The file is damaged after {count} records of agent."

    later = store.heads("agent", after=IDS[9], limit=256)
    assert later.damage is not None
    assert later.damage.message == page.damage.message


def test_damage_within_the_first_row_is_told_without_a_count(path: Path) -> None:
    _spoil(path, _pages(path, b"agentagt-000", 0x0A))
    page = Store(path).rows("agent")
    assert not page.rows
    assert page.damage is not None
    assert page.damage.message == "The file is damaged before the first record of agent."


def test_other_kinds_stay_whole(path: Path) -> None:
    _spoil(path, _pages(path, b"agentagt-030", 0x0A))
    store = Store(path)
    assert [row.id for row in store.rows("skill").rows] == IDS
    counts = {kind.kind: kind.records for kind in store.kinds()}
    assert counts["skill"] == 60
    assert 0 < counts["agent"] <= 30
    assert store.damage is not None

    rows = []
    with pytest.raises(StoreError, match="damaged after"):
        for row in store.raw_rows():
            rows.append(row)
    assert [row.id for row in rows if row.kind == "skill"] == IDS
    assert [row.id for row in rows if row.kind == "agent"] == IDS[: counts["agent"]]


def test_a_spoiled_version_costs_only_itself(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        layouts.archive(
            connection, [Arc("agent", "agt-000", bytes([n]) * 4000) for n in range(1, 6)]
        )
        connection.commit()
    # The third version's overflow pages, whose links are the first bytes of each page.
    content = path.read_bytes()
    starts = range(0, len(content), PAGE)
    third = [n for n, at in enumerate(starts) if content[at + 4 : at + 500] == b"\x03" * 496]
    _spoil(path, third)
    store = Store(path)
    found = list(store.history.rows_of("agent", "agt-000"))
    assert [row.problem is None for row in found].count(False) == 1
    assert [row.data for row in found if row.data] == [bytes([n]) * 4000 for n in (5, 4, 2, 1)]
    assert [row.head.size for row in found] == [4000] * 5


@pytest.mark.parametrize("kept", [0.5, 0.7, 0.9])
def test_a_truncated_store_gives_what_is_left(path: Path, kept: float) -> None:
    os.truncate(path, int(path.stat().st_size * kept) // PAGE * PAGE)
    store = Store(path)
    assert store.facts().layout in (0, 2)
    rows = [row for kind in store.kinds() for row in store.rows(kind.kind).rows]
    assert all(row.data == row.id.encode() * 20 for row in rows if row.problem is None)
    assert store.damage is not None
    assert store.damage.hint.startswith("What could be read is shown")


@pytest.mark.parametrize("part", ["", "python"])
@pytest.mark.parametrize("lost", [1, 600, PAGE - 1])
def test_a_page_that_is_there_in_part_is_not_filled_up(
    tmp_path: Path, lost: int, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # SQLite counts it as a page and takes zeros for what is missing: a text ended in them.
    monkeypatch.setenv(VARIABLE, part)
    full = b"x" * (40 * (PAGE - 4))  # to the last byte of the last page
    records = [Rec("agent", "a", b"small"), Rec("agent", "b", full)]
    path = layouts.create(tmp_path / "s.db", layouts.RESOURCES, records=records, page_size=PAGE)
    content = path.read_bytes()
    path.write_bytes(content[:-lost])
    store = Store(path)
    found = {row.id: row.data for row in store.rows("agent").rows if row.problem is None}
    assert found == {"a": b"small"}
    assert store.damage is not None

    path.write_bytes(content + b"\xee" * lost)  # nobody's: as whole as before
    store = Store(path)
    assert [row.data for row in store.rows("agent").rows] == [b"small", full]
    assert store.damage is None


@contextmanager
def _beside_a_log(path: Path, state: str) -> Iterator[None]:
    """A store with a log beside it, of which nothing is written back into the file.

    What there is to be cut is cut at the end of the name of the state: ``log`` or ``file``.
    """
    with Writer(path) as writer:
        writer.sql("PRAGMA wal_autocheckpoint=0", "PRAGMA wal_checkpoint(TRUNCATE)")
        if not state.startswith("unwritten"):
            writer.sql("UPDATE resources SET data = 'other' WHERE id = 'a'")
        if state.endswith("log"):
            writer.sql("UPDATE resources SET data = zeroblob(3000) || 'end' WHERE id = 'a'")
        if state.startswith("left"):
            writer.kill()
        if state.startswith("left, without shared memory"):
            Path(f"{path}-shm").unlink()
        yield


@pytest.mark.skipif(sys.platform == "win32", reason="a file that is open cannot be cut there")
@pytest.mark.parametrize("part", ["", "python"])
@pytest.mark.parametrize("lost", [600, PAGE])
@pytest.mark.parametrize(
    "state",
    [
        *("unwritten file", "written file", "written log", "left file"),
        "left, without shared memory, file",
    ],
)
def test_beside_a_log_nothing_is_filled_up_either(
    tmp_path: Path, state: str, lost: int, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The log says how long the file is, so that SQLite misses nothing of what was cut off.
    monkeypatch.setenv(VARIABLE, part)
    full = b"x" * (40 * (PAGE - 4))
    records = [Rec("agent", "a", b"small"), Rec("agent", "b", full)]
    path = layouts.create(tmp_path / "s.db", layouts.RESOURCES, records=records, page_size=PAGE)
    with _beside_a_log(path, state):
        cut = Path(f"{path}-wal") if state.endswith("log") else path
        os.truncate(cut, cut.stat().st_size - lost)
        store = Store(path)
        found = {row.id: (row.data, row.problem) for row in store.rows("agent").rows}
        store.close()
    lies = "The file is damaged where this row lies."
    other = b"small" if state.startswith("unwritten") else b"other"
    if state.endswith("log"):
        assert found == {"a": (None, lies), "b": (full, None)}
    else:
        assert found == {"a": (other, None), "b": (None, lies)}


def test_what_a_journal_makes_longer_is_not_filled_up(tmp_path: Path) -> None:
    # Before SQLite plays it back it makes the file as long as it was, with zeros.
    full = b"x" * (40 * (PAGE - 4))
    records = [Rec("agent", "a", b"small"), Rec("agent", "b", full)]
    path = layouts.create(tmp_path / "s.db", layouts.RESOURCES, records=records, page_size=PAGE)
    size = path.stat().st_size
    with Writer(path, "DELETE") as writer:
        writer.sql("PRAGMA cache_size=1", "PRAGMA cache_spill=1", "BEGIN")
        writer.sql("UPDATE resources SET data = zeroblob(60000) WHERE id = 'a'")
        writer.kill()
    assert Path(f"{path}-journal").stat().st_size > 512
    content = path.read_bytes()
    for end, data in ((size, full), (size - PAGE, None)):
        path.write_bytes(content[:end])
        store = Store(path)
        assert [(row.id, row.data) for row in store.rows("agent").rows] == [
            *(("a", b"small"), ("b", data))
        ]
        store.close()


def test_zeros_that_were_stored_are_none_that_are_missing(tmp_path: Path) -> None:
    path = layouts.create(tmp_path / "s.db", layouts.RESOURCES, page_size=PAGE)
    zeros = bytes(40 * (PAGE - 4))
    with Writer(path) as writer:
        writer.sql("PRAGMA wal_autocheckpoint=0")
        writer.sql(f"INSERT INTO resources VALUES ('agent', 'z', zeroblob({len(zeros)}), '')")
        assert [row.data for row in Store(path).rows("agent").rows] == [zeros]
        writer.kill()
    Path(f"{path}-shm").unlink()
    store = Store(path)
    assert [row.data for row in store.rows("agent").rows] == [zeros]
    store.close()


def _spoil_chain(path: Path, filler: bytes) -> None:
    """Break the chain of the one row that is filled with a byte."""
    content = path.read_bytes()
    starts = range(0, len(content), PAGE)
    _spoil(path, [n for n, at in enumerate(starts) if content[at + 4 : at + 500] == filler * 496])


@pytest.mark.parametrize("lost", [(0,), (7, 8), (3, 11, 29), tuple(range(5, 12))])
def test_a_row_whose_chain_is_broken_does_not_hide_others(
    tmp_path: Path, lost: tuple[int, ...]
) -> None:
    records = [Rec("agent", one, bytes([n + 1]) * 3000) for n, one in enumerate(IDS[:30])]
    archived = [Rec("agent", f"agent_audit/{IDS[n]}/7", one.data) for n, one in enumerate(records)]
    path = layouts.create(
        tmp_path / "s.db", layouts.RESOURCES, records=records + archived, page_size=PAGE
    )
    for number in lost:
        _spoil_chain(path, bytes([number + 1]))
    store = Store(path)
    expected = [None if n in lost else bytes([n + 1]) * 3000 for n in range(30)]
    assert [row.data for row in store.rows("agent").rows] == expected
    sizes = [0 if n in lost else 3000 for n in range(30)]
    assert [head.size for head in store.heads("agent").rows] == sizes
    times = [None if n in lost else "2026-01-25 20:38:38" for n in range(30)]
    assert [head.updated_at for head in store.heads("agent").rows] == times
    alone = [store.row("agent", one) for one in IDS[:30]]
    assert [row and row.data for row in alone] == expected
    versions = [next(store.history.rows_of("agent", one)) for one in IDS[:30]]
    assert [row.data for row in versions] == expected
    assert {row.problem for row in versions} == {
        None, "The file is damaged where this version lies.",
    }  # fmt: skip


def test_layouts_behind_damage_are_left_out_and_the_rest_of_the_facts_stay(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executemany(
            "INSERT INTO schema_version VALUES (?, ?)",
            [(number, f"marked {number:03}") for number in range(100, 200)],
        )
        connection.commit()
    last = _pages(path, b"marked 199", 0x0D)
    assert last
    _spoil(path, last)
    facts = Store(path).facts()
    assert facts.form is Form.SQLITE
    assert (100, "marked 100") in facts.layouts
    assert (199, "marked 199") not in facts.layouts


@pytest.mark.parametrize("hurt", ["cut", "page"])
def test_what_was_said_passes_when_the_file_is_whole_again(path: Path, hurt: str) -> None:
    content = path.read_bytes()
    store = Store(path)
    whole = store.kinds()
    if hurt == "cut":
        os.truncate(path, len(content) // 2 // PAGE * PAGE)
    else:
        _spoil(path, _pages(path, b"agentagt-030", 0x0A))
    with suppress(StoreError):
        store.kinds()
    assert store.damage is not None
    with path.open("r+b") as file:
        file.write(content)
    assert store.kinds() == whole
    assert store.damage is None
    assert [row.data for row in store.rows("agent").rows] == [one.encode() * 20 for one in IDS]
    assert store.facts().layout == 2


def test_a_file_cut_behind_its_first_page_is_damaged_and_no_newer_one(path: Path) -> None:
    """What is known of its tables was read before; now the schema does not have them."""
    store = Store(path)
    store.kinds()
    os.truncate(path, PAGE)
    with pytest.raises(StoreError, match="The file is damaged") as caught:
        store.rows("agent")
    assert caught.value.kind is StoreErrorKind.DAMAGED


def test_what_was_said_stays_as_long_as_the_file_is_damaged(path: Path) -> None:
    _spoil(path, _pages(path, b"agentagt-030", 0x0A))
    store = Store(path)
    store.kinds()
    for _ in range(3):
        os.utime(path)
        store.kinds()
        assert store.damage is not None
        assert store.damage.kind is StoreErrorKind.DAMAGED


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (apsw.NoMemError("out of memory"), "There is not enough memory for this row."),
        (apsw.TooBigError("too big"), "This row is larger than SQLite reads here."),
        (apsw.CorruptError("malformed"), "The file is damaged where this row lies."),
    ],
)
def test_what_is_not_the_files_fault_is_not_called_damage(error: apsw.Error, problem: str) -> None:
    assert row_problem(error) == problem


def test_a_disk_that_fails_is_named(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = path.read_bytes()
    broken = _table_page(path, "agt-030") * PAGE

    read = os.pread

    def failing(descriptor: int, amount: int, offset: int) -> bytes:
        if offset == broken:
            raise OSError(errno.EIO, "the disk fails")
        return read(descriptor, amount, offset)

    monkeypatch.setenv(VARIABLE, "python")  # which reads each page
    monkeypatch.setattr(os, "pread", failing)
    rows = Store(path).rows("agent").rows
    problems = {row.problem for row in rows}
    assert problems == {None, "The disk reports an error where this row lies."}
    assert path.read_bytes() == content
