"""The versions of a record by their rows, and what only their blobs tell."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.errors import CancelledError
from inspector.session.record_lookup import find_version
from inspector.session.session import Session
from inspector.session.version_outline import FIRST, versions_of, whole
from inspector.store import audit
from inspector.store.rows import VersionRow
from tests.builders import layouts
from tests.builders.demo import wire
from tests.builders.layouts import Arc, Rec

HASHES = ("a" * 64, "b" * 64, "c" * 64)


class Push(NamedTuple):
    """A skill's state as it was archived: what it says of itself, and what its row says."""

    version_hash: str | None
    tag: str | None
    row_hash: bool = True
    row_tag: bool = True
    text: str = ""

    def blob(self) -> bytes:
        spec = wire.text(1, self.text) + (wire.text(2, self.tag) if self.tag else b"")
        status = wire.text(5, wire.text(1, self.version_hash)) if self.version_hash else b""
        return wire.text(4, spec) + status

    def row(self) -> Arc:
        own_hash = self.version_hash if self.row_hash else None
        return Arc(
            "skill", "s", self.blob(), version_hash=own_hash, tag=self.tag if self.row_tag else ""
        )


def made(path: Path, pushes: list[Push], live: bytes | None) -> Session:
    records = [Rec("skill", "s", live)] if live is not None else []
    path.unlink(missing_ok=True)
    return Session.open(layouts.v2(path, records, [push.row() for push in pushes]))


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the versions whose blobs are read from now on."""
    read: list[int] = []
    whole = audit.version_row

    def count(*args: object) -> VersionRow:
        row = whole(*args)  # type: ignore[arg-type]
        read.append(row.head.audit_id or 0)
        return row

    monkeypatch.setattr(audit, "version_row", count)
    return read


pushes = st.lists(
    st.builds(
        Push, st.sampled_from((None, *HASHES)), st.sampled_from((None, "v1", "v2")),
        st.booleans(), st.booleans(), st.sampled_from(("", "x", "y")),
    ),
    max_size=8,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(pushes, st.one_of(st.none(), pushes.map(lambda some: some[0] if some else Push(None, None))))
def test_a_history_is_what_rows_and_blobs_say(
    tmp_path_factory: pytest.TempPathFactory, pushed: list[Push], live: Push | None
) -> None:
    path = tmp_path_factory.mktemp("outline") / "s.db"
    session = made(path, pushed, live.blob() if live is not None else None)
    newest = pushed[::-1]
    found = whole(session, versions_of(session, "skill", "s"))
    assert [one.version_hash for one in found] == [push.version_hash for push in newest]
    assert [one.tag for one in found] == [push.tag for push in newest]
    assert all(one.whole and one.problem is None for one in found)
    marked: list[int] = []
    if live is not None:
        marked += [i for i, push in enumerate(newest) if push.blob() == live.blob()]
        marked += [
            i
            for i, push in enumerate(newest)
            if live.version_hash and push.version_hash == live.version_hash
        ]
    assert [i for i, one in enumerate(found) if one.live] == marked[:1]


def test_of_many_rows_only_the_first_blobs_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = [Push(HASHES[n % 3], "v1", n % 2 == 0, text=f"{n:04}") for n in range(400)]
    session = made(tmp_path / "s.db", some, some[-1].blob())
    read = counted(monkeypatch)
    rows = versions_of(session, "skill", "s")
    # The newest is compared with the live state; of the others, those whose rows have no hash.
    assert sorted(set(read), reverse=True) == list(range(400, 400 - FIRST, -2))
    assert [one.live for one in rows].index(True) == 0
    assert [one.whole for one in rows] == [i < FIRST or i % 2 == 1 for i in range(400)]
    assert rows[FIRST].version_hash is None
    rest = whole(session, rows[FIRST:], None)
    assert [one.version_hash for one in rest] == [p.version_hash for p in some[::-1][FIRST:]]
    assert len(set(read)) == 200


def test_the_hash_of_the_live_state_is_found_in_blobs_that_hold_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = [Push(f"{n:064x}", None, row_hash=False) for n in range(300)]
    live = Push(f"{7:064x}", "moved").blob()
    session = made(tmp_path / "s.db", some, live)
    rows = versions_of(session, "skill", "s")
    assert [i for i, one in enumerate(rows) if one.live] == [292]
    assert rows[292].version_hash is None
    assert whole(session, versions_of(session, "skill", "s"))[292].version_hash == f"{7:064x}"


def test_a_version_that_is_read_is_whole(tmp_path: Path) -> None:
    some = [Push(HASHES[0], "v1", row_hash=False, row_tag=False) for _ in range(FIRST + 9)]
    session = made(tmp_path / "s.db", some, None)
    last = versions_of(session, "skill", "s")[-1]
    assert (last.whole, last.version_hash, last.tag) == (False, None, None)
    record = session.record("skill", "s", last)
    assert record.version is not None
    assert (record.version.whole, record.version.version_hash) == (True, HASHES[0])
    assert find_version(session, "skill", "s", "audit:1") == record.version
    assert (
        find_version(session, "skill", "s", "tag:v1")
        == whole(session, versions_of(session, "skill", "s"))[0]
    )


def test_a_blob_that_does_not_decode_is_said_where_it_is_asked(tmp_path: Path) -> None:
    arcs = [Arc("skill", "s", b"\xff\xff"), Arc("skill", "s", b"\xff", version_hash="h", tag="t")]
    session = Session.open(layouts.v2(tmp_path / "s.db", [], arcs))
    newest, oldest = whole(session, versions_of(session, "skill", "s"))
    assert (newest.problem, oldest.problem) == (None, "It does not decode.")


class _Set:
    def is_set(self) -> bool:
        return True


def test_a_set_flag_ends_the_reading_of_blobs(tmp_path: Path) -> None:
    session = made(tmp_path / "s.db", [Push(None, None) for _ in range(FIRST * 2)], None)
    rows = versions_of(session, "skill", "s")
    with pytest.raises(CancelledError):
        whole(session, rows, _Set())
    with pytest.raises(CancelledError):
        versions_of(session, "skill", "s", _Set())
