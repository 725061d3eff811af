"""Blobs without their secrets: the same length, read as before, and nothing of a secret left."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.decode.decoder import decode
from inspector.decode.document import read_document
from inspector.decode.json_writer import write
from inspector.decode.redaction import filler, redacted, secrets_of
from inspector.decode.secrets import covered
from inspector.history.record import Record
from inspector.session.session import Session
from inspector.session.walking import every_record
from inspector.store.rows import Row
from tests.builders.demo import wire

NOTHING: frozenset[int] = frozenset()


@pytest.mark.parametrize("size", range(300))
def test_what_stands_in_place_is_text_fields_and_numbers(size: int) -> None:
    made = filler(size)
    assert len(made) == size
    assert made.isascii()
    tree = decode(made, None)
    assert tree.malformed == (size == 1)
    assert size == 1 or {child.number for child in tree.root.children} <= {15}


@pytest.fixture(scope="module")
def records() -> list[Record]:
    session = Session.demo()
    return list(every_record(session, [one.kind for one in session.kinds()], history=True))


def test_all_else_of_the_demo_is_read_as_before(records: list[Record]) -> None:
    """Every record and version with every oddity, and with each of them the same JSON."""
    reader = Session.demo().reader()
    changed = 0
    for record in records:
        assert record.tree is not None
        out = redacted(record.tree, record.covered)
        assert len(out) == len(record.tree.data)
        again = reader.record(Row(record.kind, record.id, out, len(out), record.updated_at))
        assert again.tree is not None
        assert again.tree.malformed == record.tree.malformed
        changed += out != record.tree.data
        if not record.tree.malformed:
            assert write(again.tree.root, again.covered) == write(record.tree.root, record.covered)
            assert len(again.covered) == len(record.covered)
    assert changed > 40


def test_nothing_of_a_secret_of_the_demo_is_left(records: list[Record]) -> None:
    secrets = {one for r in records if r.tree for one in secrets_of(r.tree, r.covered)}
    assert len(secrets) > 60
    for record in records:
        assert record.tree is not None
        out = redacted(record.tree, record.covered)
        assert b"demo-secret" not in out


def test_what_has_no_name_keeps_number_wire_type_and_length() -> None:
    inner = wire.integer(3, 300) + wire.text(4, "known to nobody")
    data = (
        wire.text(1, "hidden text")
        + wire.integer(2, 1 << 40)
        + wire.double(5, 1.5)
        + wire.fixed32(6, 77)
        + wire.group(7, inner + wire.group(8, inner))
    )
    before, after = decode(data, None), decode(redacted(decode(data, None), NOTHING), None)

    def shape(children: object) -> object:
        return [
            (one.tag, one.start, one.body, one.end, shape(one.children))
            for one in children  # type: ignore[attr-defined]
        ]

    assert shape(after.root.children) == shape(before.root.children)
    assert b"hidden" not in after.data
    assert b"known" not in after.data
    assert wire.double(5, 0.0) + wire.fixed32(6, 0) in after.data
    number = after.root.children[1]
    assert set(after.data[number.body : number.end]) == {0, 0x80}


@given(st.binary(max_size=80))
def test_any_bytes_keep_nothing_that_has_no_name(data: bytes) -> None:
    tree = decode(data, None)
    out = redacted(tree, NOTHING)
    assert len(out) == len(data)
    again = decode(out, None)
    assert again.malformed == tree.malformed
    for node in again.root.children:
        if node.wire_type == 2:
            assert out[node.body : node.end] == filler(node.end - node.body)


def test_a_document_is_written_with_its_secrets_covered() -> None:
    data = json.dumps(
        {"spec": {"data": {"A": {"is_secret": True, "value": "hunter-two"}}, "x": 1}}
    ).encode()
    tree = read_document(data)
    hidden = covered(tree)
    assert hidden
    assert json.loads(redacted(tree, hidden))["spec"]["data"]["A"]["value"] == "[covered]"
    assert set(secrets_of(tree, hidden)) == {b"hunter-two"}
    broken = read_document(b'{"value": "hunter')
    assert b"hunter" not in redacted(broken, NOTHING)
