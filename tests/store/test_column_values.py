"""A column of many rows at once: what the rows themselves say, or nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from inspector.store.column_values import ValueColumn
from inspector.store.store import Store
from tests.builders import layouts
from tests.builders.layouts import Rec

KINDS = ("agent", "skill", "SKILL_AUDIT")
RECORDS = [
    Rec(kind, f"{kind[:2].lower()}-{at:03}{'é' * (at % 3)}", bytes(at))
    for kind in KINDS
    for at in range(40)
]
OLD = [Rec("skill", f"skill_audit/sk-{at}/170000000{at}", b"old") for at in range(9)]
OLD += [Rec("SKILL_AUDIT", "sk-1/1700000001", b"old"), Rec("agent", "a/b", b"no version")]


@pytest.fixture(params=[layouts.v0, layouts.v2], ids=["v0", "v2"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    make: Callable[..., Path] = request.param
    made = make(tmp_path / "s.db", [*RECORDS, *OLD])
    with closing(sqlite3.connect(made)) as connection, connection:
        connection.execute("UPDATE resources SET updated_at = '' WHERE id LIKE '%5'")
        connection.execute("UPDATE resources SET updated_at = id WHERE id LIKE '%6%'")
    return made


def _values(store: Store, kind: str, column: ValueColumn) -> list[tuple[str, object]] | None:
    found: list[tuple[str, object]] = []
    after: str | None = None
    while True:
        page = store.column_values(kind, column, after, 7)
        if page is None:
            return None
        found += zip(page.ids, page.values, strict=True)
        after = page.end
        if after is None:
            return found


@pytest.mark.parametrize("kind", [*KINDS, "none", "a"])
def test_a_column_is_what_the_rows_say(path: Path, kind: str) -> None:
    store = Store(path)
    heads = store.heads(kind, limit=100).rows
    assert _values(store, kind, "size") == [(head.id, head.size) for head in heads]
    assert _values(store, kind, "updated") == [(head.id, head.updated_at) for head in heads]


@pytest.mark.parametrize("odd", [b"sk-\xff", 7, b"blob"])
def test_ids_that_are_no_text_are_left_to_the_rows(path: Path, odd: bytes | int) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        id_ = "CAST(? AS TEXT)" if odd == b"sk-\xff" else "?"
        sql = f"INSERT INTO resources (kind, id, data) VALUES ('skill', {id_}, x'')"
        connection.execute(sql, (odd,))
    store = Store(path)
    there = len(store.heads("skill", limit=100).rows)
    found = _values(store, "skill", "size")
    assert there == len([one for one in RECORDS if one.kind == "skill"]) + 1
    assert found is None or len(found) == there


def test_rows_that_the_index_and_the_table_tell_differently_are_left_to_the_rows(
    path: Path,
) -> None:
    content = path.read_bytes()
    place = content.rindex(b"agentag-020")
    path.write_bytes(content[:place] + b"agentag-0zz" + content[place + 11 :])
    store = Store(path)
    assert _values(store, "agent", "size") is None
    ids = {head.id for head in store.heads("agent", limit=100).rows}
    assert {"ag-001é", "ag-039"} <= ids
