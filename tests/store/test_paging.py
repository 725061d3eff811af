"""Pages of any size give every row exactly once, in byte order, whoever writes meanwhile."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.store import records
from inspector.store.rows import Head, Page, Row
from inspector.store.store import Store
from inspector.store.text import encode
from tests.builders import layouts
from tests.builders.layouts import Arc, Rec

T = TypeVar("T")

ids = st.one_of(
    st.text(st.sampled_from("ab/-_09"), max_size=4),
    st.binary(max_size=3),
    st.text(max_size=3),
).map(lambda one: one.encode("utf-8", "surrogatepass") if isinstance(one, str) else one)
#: Legacy rows are no records; they lie between those of their kind.
legacy_ids = st.builds(
    lambda prefix, key, digits: f"{prefix}_audit/{key}/{digits}".encode(),
    st.sampled_from(["skill", "", "x_audit/y"]),
    st.sampled_from(["a", "b/c"]),
    st.integers(0, 99),
)
LAYOUTS = [layouts.RESOURCES, layouts.RESOURCES_ROWID, layouts.RESOURCES_BARE]


@contextmanager
def _made(script: str, keys: set[bytes]) -> Iterator[tuple[Store, sqlite3.Connection]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "s.db"
        others = [Rec("agents", b"other"), Rec("agen", b"other")]
        layouts.create(path, script, records=[*(Rec("agent", key, key) for key in keys), *others])
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            yield Store(path), connection


def _all(page_after: Callable[[str | None], Page[T]], id_of: Callable[[T], str]) -> list[bytes]:
    found: list[bytes] = []
    after: str | None = None
    while True:
        page = page_after(after)
        assert page.damage is None
        found += [encode(id_of(row)) for row in page.rows]
        if not page.more:
            return found
        after = id_of(page.rows[-1])


def _id(row: Head | Row) -> str:
    return row.id


@settings(max_examples=25, deadline=None)
@given(st.sets(ids, max_size=25), st.sets(legacy_ids, max_size=6), st.integers(1, 7), st.data())
@pytest.mark.parametrize("script", LAYOUTS, ids=["indexed", "rowid", "bare"])
def test_every_row_exactly_once_in_byte_order(
    script: str, keys: set[bytes], legacy: set[bytes], limit: int, data: st.DataObject
) -> None:
    with _made(script, keys | legacy) as (store, _):
        live = sorted(keys)
        assert _all(lambda after: store.heads("agent", after, limit), _id) == live
        assert _all(lambda after: store.rows("agent", after, limit), _id) == live
        downwards = _all(lambda after: store.heads("agent", after, limit, descending=True), _id)
        assert downwards == live[::-1]
        assert [row.data for row in store.rows("agent").rows] == live

        anchors, count = store.anchors("agent", limit)
        assert count == len(live)
        assert [encode(one) for one in anchors] == live[limit - 1 :: limit]

        raw = [encode(row.id) for row in store.raw_rows("agent")]
        assert raw == sorted(keys | legacy)
        asked = data.draw(st.lists(st.sampled_from(live), max_size=5)) if live else []
        found = store.rows_by_id("agent", [one.decode("utf-8", "surrogateescape") for one in asked])
        assert [row.data for row in found] == asked


@settings(max_examples=25, deadline=None)
@given(
    st.sets(ids, min_size=1, max_size=20),
    st.integers(1, 5),
    st.lists(st.tuples(st.sampled_from(["add", "change", "delete"]), ids), max_size=12),
)
def test_rows_present_throughout_are_given_once_while_a_writer_writes(
    keys: set[bytes], limit: int, writes: list[tuple[str, bytes]]
) -> None:
    with _made(layouts.RESOURCES, keys) as (store, connection):
        pending = iter(writes)
        deleted: set[bytes] = set()
        seen: set[bytes] = set()

        def page(after: str | None) -> Page[Row]:
            found = store.rows("agent", after, limit)
            for action, key in islice(pending, 2):
                seen.add(key)
                _write(connection, action, key, deleted)
            return found

        found = _all(page, _id)
        assert found == sorted(set(found))
        assert keys - deleted <= set(found)
        assert set(found) <= keys | seen


def _write(connection: sqlite3.Connection, action: str, key: bytes, deleted: set[bytes]) -> None:
    if action == "delete":
        deleted.add(key)
        connection.execute("DELETE FROM resources WHERE id = CAST(? AS TEXT)", (key,))
    else:
        layouts.put(connection, [Rec("agent", key, action.encode())])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.text(st.sampled_from("ab/-_"), min_size=1, max_size=3), ids), max_size=30)
)
def test_raw_rows_are_ordered_by_kind_slash_id(keys: list[tuple[str, bytes]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = layouts.v0(Path(folder) / "s.db", [Rec(kind, key) for kind, key in keys])
        found = [encode(f"{row.kind}/{row.id}") for row in Store(path).raw_rows()]
    assert found == sorted(kind.encode() + b"/" + key for kind, key in set(keys))


def test_a_page_of_rows_ends_when_it_grows_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "PAGE_BYTES", 1000)
    path = layouts.v0(tmp_path / "s.db", [Rec("agent", f"{n}", bytes(400)) for n in range(10)])
    store = Store(path)
    first = store.rows("agent")
    assert (len(first.rows), first.more) == (3, True)
    assert _all(lambda after: store.rows("agent", after), _id) == [b"%d" % n for n in range(10)]


@pytest.mark.parametrize("limit", [1, 2, 5, 100])
def test_rows_side_by_side_are_read_together_and_are_the_same_one_by_one(
    limit: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = [Rec("skill", f"skl-{n:02}", bytes([n]) * n * 400) for n in range(12)]
    legacy = [Rec("skill", f"skill_audit/skl-{n:02}/{n}", bytes(9000)) for n in range(12)]
    others = [Rec("skill", f"zz-{n}") for n in range(3)] + [Rec("agent", "skl-05")]
    store = Store(layouts.v2(tmp_path / "s.db", [*live, *legacy, *others]))

    def every() -> list[object]:
        found: list[object] = [store.heads("skill", None, limit, descending=True)]
        for page_of in (store.rows, store.heads):
            after, more = None, True
            while more:
                page = page_of("skill", after, limit)
                found.append(page)
                more, after = page.more, page.rows[-1].id
        return found

    together = every()
    with monkeypatch.context() as patch:
        if limit > 1:
            patch.setattr(records, "_row", None)
            patch.setattr(records, "_head", None)
            assert store.rows("skill", None, limit) == together[1]
            assert store.heads("skill", None, limit, descending=True) == together[0]
    monkeypatch.setattr(records, "_together", lambda *_, **__: None)
    assert every() == together


def test_a_row_that_only_the_index_has_is_told_though_others_are_read_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", f"agt-{n}") for n in range(4)])
    keys = records._keys

    def with_another(*arguments: Any) -> records._LiveKeys:
        found = keys(*arguments)
        return found._replace(
            keys=[*found.keys[:2], records.RowKey(b"agt-1x", None), *found.keys[2:]]
        )

    monkeypatch.setattr(records, "_keys", with_another)
    page = Store(path).rows("agent")
    assert [row.problem for row in page.rows] == [None, None, records._ASTRAY, None, None]


def test_a_huge_record_is_named_and_not_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "HUGE", 1 << 20)
    path = layouts.v0(tmp_path / "s.db", [Rec("agent", "a", bytes(1 << 21)), Rec("agent", "b")])
    large, small = Store(path).rows("agent").rows
    assert (large.data, large.size) == (None, 1 << 21)
    assert large.problem == "The row holds 2097152 bytes; more than 1 MiB are not loaded."
    assert small.problem is None


def _gone(store: Store, limit: int, after: str | None) -> Page[str]:
    return store.history.gone("skill", after, limit)


def test_gone_resources_page_by_bytes(tmp_path: Path) -> None:
    archived = [Arc("skill", f"skl-{n:03}") for n in range(30) for _ in range(n % 3 + 1)]
    live = [Rec("skill", f"skl-{n:03}") for n in range(0, 30, 2)]
    legacy = [Rec("skill", f"skill_audit/skl-{n:03}a/{n}") for n in range(12)]
    store = Store(layouts.v2(tmp_path / "s.db", [*live, *legacy], archived))
    expected = sorted(
        [f"skl-{n:03}" for n in range(1, 30, 2)] + [f"skl-{n:03}a" for n in range(12)]
    )
    for limit in (1, 4, 27, 100):
        found = _all(partial(_gone, store, limit), str)
        assert [one.decode() for one in found] == expected
