"""A record within which nothing is odd is shown before all of it is read, and shows the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from inspector.decode.decoder import Decoder
from inspector.decode.field_runs import within
from inspector.decode.json_writer import write
from inspector.decode.nested_runs import are_read_again
from inspector.decode.node import Node, Tree
from inspector.decode.secrets import MOST_IN_A_LIST, nodes_of
from inspector.decode.transcoding import is_compiled
from inspector.history.difference import difference
from inspector.history.record import Record
from inspector.session.record_links import links
from inspector.session.session import Session
from inspector.store.rows import Row
from tests.builders.demo import wire
from tests.decode.test_field_runs import flat

pytestmark = pytest.mark.skipif(not is_compiled(), reason="the compiled part is not built")

HEAD = wire.text(1, "v1") + wire.text(2, "AgentExecution")


def _message(number: int) -> bytes:
    call = wire.text(1, f"call-{number}") + wire.text(2, "bash") + wire.text(4, f"done {number}")
    call += wire.text(3, wire.struct_entry("command", wire.text(3, f"ls {number}")))
    said = wire.integer(1, 2) + wire.text(2, f"step {number}") + wire.text(3, "2026-01-23T04:06")
    return wire.text(1, said + wire.text(4, call) * 2)


def _talk(size: int, *, first: int = 0) -> bytes:
    """What an agent said, in at least so many bytes."""
    found, number = bytearray(), first
    while len(found) < size:
        found += _message(number)
        number += 1
    return HEAD + wire.text(5, bytes(found))


def _secret(number: int, size: int) -> bytes:
    value = wire.text(1, f"hush {number}".ljust(size, "!")) + wire.integer(2, 1)
    return wire.text(5, wire.text(1, f"K{number}") + wire.text(2, value))


@pytest.fixture(scope="module")
def session() -> Session:
    return Session.demo()


def _record(session: Session, data: bytes) -> Record:
    row = Row("agent_execution", "aex-1", data, len(data), "2026-03-01 10:00:00", None)
    return session.reader().record(row)


def _tree(record: Record) -> Tree:
    assert record.tree is not None
    return record.tree


def _both(session: Session, data: bytes, patch: pytest.MonkeyPatch) -> Iterator[Record]:
    """The record as it is read, and with all of it kept as nodes."""
    yield _record(session, data)
    with patch.context() as of:
        of.setattr(Decoder, "sound_from", len(data) + 1)
        yield _record(session, data)


def _again(root: Node) -> int:
    return sum(are_read_again(one.children) for one in within(root))


def test_it_is_read_when_it_is_asked_for(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    data = _talk(Decoder.sound_from)
    quick, whole = _both(session, data, monkeypatch)
    assert (_tree(quick).sound, _tree(whole).sound) == (True, False)
    assert _again(_tree(quick).root)
    assert not _again(_tree(whole).root)
    assert flat(_tree(quick)) == flat(_tree(whole))
    assert write(_tree(quick).root) == write(_tree(whole).root)
    assert quick.problems == whole.problems
    assert (quick.choice.schema, quick.choice.why) == (whole.choice.schema, whole.choice.why)
    assert [one.reference.place.path for one in links(session, quick)] == [
        one.reference.place.path for one in links(session, whole)
    ]


@pytest.mark.parametrize("size", [Decoder.sound_from - 1000, Decoder.sound_from])
def test_an_odd_one_and_a_smaller_one_are_kept_as_nodes(session: Session, size: int) -> None:
    odd = wire.integer(900, 1) if size == Decoder.sound_from else b""
    record = _record(session, _talk(size) + odd if odd else _talk(size)[:size])
    assert not _tree(record).sound
    assert record.problems


def test_differences_are_the_same(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Elements in other bytes that mean the same stay as well, as in any record of this size."""
    size = Decoder.sound_from
    # Two members of a Struct in another order, in the middle.
    members = [wire.struct_entry(key, wire.text(3, key)) for key in "ab"]
    said = [
        wire.text(1, wire.text(4, wire.text(1, "c") + wire.text(3, b"".join(some))))
        for some in (members, members[::-1])
    ]
    # Either state has both of them: only in records of megabytes do bytes count there.
    states = [
        HEAD + wire.text(5, _talk(size)[len(HEAD) + 4 :] + b"".join(both) + _message(number))
        for both, number in ((said, 7), (said[::-1], 8))
    ]
    (old, plain_old), (new, plain_new) = (_both(session, one, monkeypatch) for one in states)
    assert _tree(old).sound
    assert _tree(new).sound
    found = difference(_tree(old), _tree(new)).entries
    plain = difference(_tree(plain_old), _tree(plain_new)).entries
    assert len({one.path for one in found}) == 1  # the last message
    assert [(one.change, one.path) for one in found] == [(one.change, one.path) for one in plain]


@pytest.mark.parametrize("size", [1, 80])
def test_the_same_nodes_are_covered(
    session: Session, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """However many there are: only where nodes of them take far more than the bytes, as one."""
    secrets = b"".join(_secret(number, size) for number in range(MOST_IN_A_LIST + 10))
    data = HEAD + wire.text(4, secrets) + _talk(Decoder.sound_from)[len(HEAD) :]
    quick, whole = _both(session, data, monkeypatch)
    assert _tree(quick).sound
    assert len(data) < Decoder.from_size
    places = [
        [(one.start, one.end) for one in nodes_of(_tree(record), record.covered)]
        for record in (quick, whole)
    ]
    assert places[0] == places[1]
    assert places[0]
