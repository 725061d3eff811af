"""Two stores, record by record: what differs in data, and nothing else, a page at a time."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from inspector.errors import CancelledError, NotFoundError, StoreError, UsageError
from inspector.history.difference import Change
from inspector.session import store_comparison
from inspector.session.reading import BlobReader
from inspector.session.session import Session
from inspector.session.store_comparison import StoreComparison
from inspector.store import records as store_records
from inspector.store.rows import PAGE
from inspector.store.store import Store
from tests.builders import layouts
from tests.builders.demo import wire
from tests.builders.layouts import Rec
from tests.cli.made import blobs

RUN = "aex_01m7y9fzwf75bytj0yyjq8931k"
Told = tuple[str, str, str, list[str] | None]


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


class Two:
    """Makes and opens the two stores of a test."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder = folder
        self._stack = stack

    def opened(self, name: str, records: Sequence[Rec], schema: str = "auto") -> Session:
        path = layouts.v2(self._folder / name, records)
        return self._stack.enter_context(closing(Session.open(path, schema=schema)))

    def __call__(
        self, old: Sequence[Rec], new: Sequence[Rec], schemas: tuple[str, str] = ("auto", "auto")
    ) -> StoreComparison:
        return StoreComparison(
            self.opened("a.db", old, schemas[0]), self.opened("b.db", new, schemas[1])
        )


@pytest.fixture
def two(tmp_path: Path, stack: ExitStack) -> Two:
    return Two(tmp_path, stack)


def told(found: StoreComparison, **more: Any) -> list[Told]:
    return [(one.kind, one.id, one.change.value, one.fields) for one in found.run(**more)]


def named(kind: str, name: str) -> bytes:
    return wire.text(2, kind) + wire.text(3, wire.text(1, name))


def test_rows_of_one_name_are_paired_whichever_comes_first(
    tmp_path: Path, stack: ExitStack
) -> None:
    """In a table without a key there may be several."""
    one, two, three = (named("Agent", name) for name in ("one", "two", "three"))

    def opened(name: str, *data: bytes) -> Session:
        records = [Rec("agent", "a", each) for each in data]
        path = layouts.create(tmp_path / name, layouts.RESOURCES_BARE, records=records)
        return stack.enter_context(closing(Session.open(path)))

    both = opened("both.db", one, two)
    assert told(StoreComparison(both, both)) == []
    assert told(StoreComparison(both, opened("turned.db", two, one))) == []
    assert told(StoreComparison(both, opened("other.db", three, two))) == [
        ("agent", "a", "changed", ["metadata.name"])
    ]
    assert told(StoreComparison(both, opened("one.db", two))) == [("agent", "a", "removed", None)]
    more = opened("more.db", one, three, two)
    assert told(StoreComparison(both, more)) == [("agent", "a", "added", None)]


def test_what_is_added_removed_and_changed_in_order(two: Two) -> None:
    a, b = named("Agent", "a"), named("Agent", "b")
    old = [Rec("agent", "1", a), Rec("agent", "2", a), Rec("agent", "4", a), Rec("session", "s")]
    new = [Rec("agent", "2", b), Rec("agent", "3", a), Rec("agent", "4", a), Rec("skill", "k", b)]
    found = two(old, new)
    assert told(found) == [
        ("agent", "1", "removed", None),
        ("agent", "2", "changed", ["metadata.name"]),
        ("agent", "3", "added", None),
        ("session", "s", "removed", None),
        ("skill", "k", "added", None),
    ]
    assert found.counts == {Change.ADDED: 2, Change.REMOVED: 2, Change.CHANGED: 1}
    assert found.compared == 6
    assert told(found, kind="Agent")[0] == ("agent", "1", "removed", None)
    with pytest.raises(NotFoundError):
        told(found, kind="plumbing")


@pytest.mark.parametrize("seed", range(24))
def test_it_is_what_two_dictionaries_say(seed: int, two: Two) -> None:
    """Few ids or many, so that most are in one store, in both, or the stores are the same."""
    dice = random.Random(seed)
    size = dice.choice([0, 1, 3, 30, 700])
    sides = []
    for _ in range(2):
        keys = [
            (dice.choice(["agent", "run", "x", "é"]), f"{dice.randrange(1 + size * 4 // 3):x}")
            for _ in range(dice.choice([size, size, 0]))
        ]
        sides.append({key: str(dice.randrange(3)) for key in keys})
    old, new = sides
    wanted = {(key, "removed") for key in old.keys() - new.keys()}
    wanted |= {(key, "added") for key in new.keys() - old.keys()}
    wanted |= {(key, "changed") for key in old.keys() & new.keys() if old[key] != new[key]}
    before, after = (
        [Rec(*key, named("", name)) for key, name in dice.sample(list(side.items()), len(side))]
        for side in sides
    )
    found = two(before, after)
    changes = list(found.run())
    assert {((one.kind, one.id), one.change.value) for one in changes} == wanted
    assert len(changes) == len(wanted) == found.counts.total()
    assert found.compared == len(old.keys() | new.keys())
    order = [(one.kind.encode(), one.id.encode()) for one in changes]
    assert order == sorted(order)
    for one in changes:
        if one.change == Change.CHANGED:
            assert one.fields is not None and len(one.fields) == 1
            assert one.fields[0].startswith("<3>" if one.kind in "xé" else "metadata.name")
        else:
            assert one.fields is None


def test_the_same_bytes_are_never_decoded(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    records = [Rec("agent", f"{n:04}", blobs("agent")[0]) for n in range(700)]
    found = two(records, [*records[:-1], Rec("agent", "0699", blobs("agent")[0] + b"\x0a\x01y")])
    read: list[str] = []
    record = BlobReader.record

    def counted(reader: BlobReader, row: Any, *more: Any) -> Any:
        read.append(row.id)
        return record(reader, row, *more)

    monkeypatch.setattr(BlobReader, "record", counted)
    assert [one[1] for one in told(found)] == ["0699"]
    assert read == ["0699", "0699"]


def test_what_is_known_of_a_store_is_worked_out_once(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not for each record that changed: it takes longer than to read one."""
    old, new = ([Rec("agent", f"{n}", named("", f"{n}{side}")) for n in range(40)] for side in "ab")
    found = two(old, new)
    made: list[BlobReader] = []
    reader = Session.reader

    def counted(session: Session, *more: Any) -> BlobReader:
        made.append(reader(session, *more))
        return made[-1]

    monkeypatch.setattr(Session, "reader", counted)
    assert len(told(found)) == 40
    assert len(made) == 2


def test_so_many_that_cannot_be_read_are_named(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [Rec("agent", f"{n}", bytes(1001)) for n in range(40)]
    found = two(rows, rows)
    monkeypatch.setattr(store_records, "HUGE", 1000)
    assert told(found) == []
    assert (found.unreadable, len(found.named)) == (40, store_comparison.MOST_NAMED)


def test_pages_are_read_once_and_side_by_side(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    """So what is held does not grow: of each store one page, whatever its size."""
    records = [Rec("agent", f"{n:05}", b"\x0a\x01x") for n in range(5 * PAGE + 9)]
    found = two(records, records)
    pages: list[tuple[str, str | None]] = []
    rows = Store.rows

    def counted(store: Store, kind: str, after: str | None = None, *more: Any, **most: Any) -> Any:
        pages.append((Path(store.path).name, after))
        return rows(store, kind, after, *more, **most)

    monkeypatch.setattr(Store, "rows", counted)
    assert told(found) == []
    ends = [None, *(records[PAGE * page - 1].id for page in range(1, 6))]
    assert pages == [(name, end) for end in ends for name in ("a.db", "b.db")]
    pages.clear()
    late = two.opened("c.db", [*records, Rec("agent", "zzz")])
    first = next(StoreComparison(late, found._after).run())
    assert (first.id, len(pages)) == ("zzz", 2 * len(ends))


def test_what_differs_is_told_before_the_rest_is_read(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [Rec("agent", f"{n:05}", b"\x0a\x01x") for n in range(5 * PAGE)]
    found = two(records[1:], records)
    pages: list[str] = []
    rows = Store.rows

    def counted(store: Store, *more: Any, **most: Any) -> Any:
        pages.append(store.path)
        return rows(store, *more, **most)

    monkeypatch.setattr(Store, "rows", counted)
    assert next(found.run()).id == "00000"
    assert len(pages) == 2


def test_what_differs_only_in_names_is_the_same_data(two: Two) -> None:
    """A field that a release renamed, and an enum's value; the bytes differ in their order."""
    metadata, status = (
        wire.text(3, wire.text(1, "n") + wire.integer(5, 4)),
        wire.text(5, wire.text(3, RUN)),
    )
    old, new = metadata + status, status + metadata
    schemas = ("3.41.0", "apis-0.1.0.dev0")
    found = two([Rec("schedule", "s", old)], [Rec("schedule", "s", new)], schemas)
    sides = [session.record("schedule", "s") for session in (found._before, found._after)]
    written = [_names(record.tree) for record in sides]
    assert written[0] != written[1], "the two releases do call it otherwise"
    assert told(found) == []
    assert found.alike == 1


def _names(tree: Any) -> set[str]:
    stack, found = [tree.root], set()
    while stack:
        node = stack.pop()
        found.add(node.field.name if node.field is not None else "")
        stack.extend(node.children)
    return found


def test_beside_other_names_what_really_changed_is_told(two: Two) -> None:
    old = wire.text(3, wire.text(1, "old")) + wire.text(5, wire.text(3, RUN))
    new = wire.text(3, wire.text(1, "new")) + wire.text(5, wire.text(3, RUN))
    found = two(
        [Rec("schedule", "s", old)], [Rec("schedule", "s", new)], ("3.41.0", "apis-0.1.0.dev0")
    )
    assert told(found) == [("schedule", "s", "changed", ["metadata.name"])]


def test_elements_that_change_places_are_a_difference(two: Two) -> None:
    """They have the same number and the same bytes, as a renamed field has."""
    tags = [wire.text(8, one) for one in ("x", "y")]
    old = wire.text(3, wire.text(1, "n") + b"".join(tags))
    new = wire.text(3, wire.text(1, "n") + b"".join(reversed(tags)))
    found = two([Rec("agent", "1", old)], [Rec("agent", "1", new)])
    [(_, _, change, fields)] = told(found)
    assert change == "changed"
    assert fields


@pytest.mark.parametrize("old_kind", ["agent_execution", "agent_run", "run"])
def test_a_renamed_kind_is_one_kind(old_kind: str, two: Two) -> None:
    same, other = wire.text(3, wire.text(1, "a")), wire.text(3, wire.text(1, "b"))
    found = two(
        [Rec(old_kind, "1", same), Rec(old_kind, "2", same), Rec(old_kind, "3", same)],
        [Rec("run", "1", same), Rec("run", "2", other), Rec("agent_execution", "4", same)],
    )
    assert told(found) == [
        ("run", "2", "changed", ["metadata.name"]),
        (old_kind, "3", "removed", None),
        ("agent_execution", "4", "added", None),
    ]
    assert found.renamed == (old_kind != "run")
    assert [one[1] for one in told(found, kind="AgentRun")] == ["2", "3", "4"]


def test_two_names_with_one_id_are_paired_by_name_first(two: Two) -> None:
    a, b = (wire.text(3, wire.text(1, one)) for one in "ab")
    old = [Rec("agent_execution", "1", a), Rec("run", "1", b)]
    assert told(two(old, [Rec("run", "1", b)])) == [("agent_execution", "1", "removed", None)]


def test_no_schema_and_no_decoding(two: Two) -> None:
    found = two(
        [Rec("plumbing", "1", b"\x0a\x01x"), Rec("agent", "1", b"\x0a\x05x")],
        [Rec("plumbing", "1", b"\x0a\x01y"), Rec("agent", "1", b"\x0a\x05y")],
    )
    assert told(found) == [("agent", "1", "changed", None), ("plumbing", "1", "changed", ["<1>"])]


def test_a_secret_that_changed_is_said_and_not_shown(two: Two) -> None:
    def environment(value: str) -> bytes:
        entry = wire.text(1, "TOKEN") + wire.text(2, wire.text(1, value) + wire.integer(2, 1))
        return wire.text(3, wire.text(1, "e")) + wire.text(4, wire.text(2, entry))

    found = two(
        [Rec("environment", "1", environment("hunter-two"))],
        [Rec("environment", "1", environment("hunter-three"))],
    )
    [change] = found.run()
    assert change.fields == ['spec.data["TOKEN"].value']
    assert change.difference is not None
    assert [entry.hidden for entry in change.difference.entries] == [True]


def test_the_json_store_is_compared_with_its_like(
    tmp_path: Path, stack: ExitStack, two: Two
) -> None:
    def store(name: str, data: str) -> Session:
        path = layouts.create(
            tmp_path / name, layouts.RESOURCES_JSON, records=[Rec("Agent", "1", data)]
        )
        return stack.enter_context(closing(Session.open(path)))

    old = store("j1", '{"metadata": {"name": "a"}, "x": 1}')
    new = store("j2", '{"x": 1, "metadata": {"name": "b"}}')
    assert told(StoreComparison(old, new)) == [("Agent", "1", "changed", ["metadata.name"])]
    with pytest.raises(UsageError):
        told(StoreComparison(old, two.opened("p.db", [])))


def test_damage_ends_what_can_be_said_and_no_more(tmp_path: Path, stack: ExitStack) -> None:
    records = [Rec("agent", f"{n:05}", named("Agent", "a") * 20) for n in range(400)]
    whole = layouts.create(
        tmp_path / "a.db",
        layouts.RESOURCES_BARE,
        records=records,
        journal_mode="DELETE",
        page_size=1024,
    )
    content = bytearray(whole.read_bytes())
    middle = len(content) // 2 // 1024 * 1024
    content[middle : middle + 1024] = b"\xee" * 1024
    (tmp_path / "b.db").write_bytes(content)
    sessions = [
        stack.enter_context(closing(Session.open(tmp_path / name))) for name in ("a.db", "b.db")
    ]
    for pair in (sessions, sessions[::-1]):
        found = StoreComparison(*pair)
        assert told(found) == [], "what lies behind the damage is not said to be missing"
        assert found.damage
        assert "b.db: " in str(found.damage[0])


def test_cancelling_and_a_file_that_goes(two: Two, tmp_path: Path) -> None:
    records = [Rec("agent", f"{n:05}", b"\x0a\x01x") for n in range(1500)]
    found = two(records, records)
    stop = threading.Event()
    seen: list[int] = []

    def progress(_kind: str, done: int) -> None:
        seen.append(done)
        stop.set()

    with pytest.raises(CancelledError):
        told(found, cancel=stop, progress=progress)
    assert seen == [256]
    (tmp_path / "a.db").unlink()
    with pytest.raises(StoreError, match=r"a\.db: "):
        told(found)
