"""A line of a list says the same of a record with the compiled part and without it."""

from __future__ import annotations

import os
from random import Random

import pytest

from inspector.compiled_part import VARIABLE
from inspector.decode.record_summary import RecordSummary
from inspector.decode.transcoding import is_compiled
from inspector.schema.catalog import merged_schema
from inspector.session.session import Session
from inspector.session.summaries import RecordHead
from inspector.store.rows import Row
from tests.builders.demo import wire
from tests.decode.blobs import BlobWriter
from tests.decode.damage import demo_blobs, mutated, real_blobs

pytestmark = pytest.mark.skipif(not is_compiled(), reason="the compiled part is not built")

#: Set STIGMER_INSPECTOR_FUZZ=full for the long run.
TIMES = 100 if os.environ.get("STIGMER_INSPECTOR_FUZZ") == "full" else 3
KINDS = sorted({row.kind for row in merged_schema().kinds if row.message})


def lines(session: Session, kind: str, data: bytes) -> tuple[RecordSummary, RecordHead]:
    row = Row(kind, "one", data, len(data), "2026-03-01 10:00:00", None)
    reader = session.reader()
    return reader.peek(data, kind, row.updated_at), reader.head(row, 2)


@pytest.fixture(scope="module")
def session() -> Session:
    return Session.demo()


def same(session: Session, kind: str, data: bytes, patch: pytest.MonkeyPatch) -> RecordHead:
    given = lines(session, kind, data)
    with patch.context() as python:
        python.setenv(VARIABLE, "python")
        assert given == lines(session, kind, data)
    return given[1]


@pytest.mark.parametrize("kind", KINDS)
def test_of_blobs_of_every_form(
    session: Session, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(kind)
    merged = merged_schema()
    key = merged.root(kind)
    assert key is not None
    releases = [at for at in range(len(merged.names)) if merged.releases_of(kind) >> at & 1]
    for plain in (True, False) * (4 * TIMES):
        message = merged.view(random.choice(releases)).message(key)
        data = BlobWriter(random, plain=plain).message(message)
        same(session, kind, data, monkeypatch)
        same(session, kind, mutated(data, random, data), monkeypatch)


@pytest.mark.parametrize("store", ["v0", "v2-clean", "demo"])
def test_of_stored_and_damaged_blobs(
    session: Session, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(store)
    blobs = demo_blobs() if store == "demo" else real_blobs(store)
    problems = named = 0
    for one in blobs:
        found = same(session, one.kind, one.data, monkeypatch)
        named += found.name is not None
        for _ in range(TIMES):
            damaged = mutated(one.data, random, random.choice(blobs).data)
            found = same(session, one.kind, damaged, monkeypatch)
            problems += found.problem is not None
    assert named > len(blobs) / 2
    assert problems


def test_a_name_that_stands_twice_is_the_last(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = wire.text(3, wire.text(1, "first") + wire.text(1, "last"))
    assert same(session, "agent", data, monkeypatch).name == "last"
    data = wire.text(3, wire.text(1, "first")) + wire.text(3, wire.text(4, "org"))
    assert same(session, "agent", data, monkeypatch).name == "first"


def test_lines_are_made_without_decoding(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.session.reading.read", None)
    monkeypatch.setattr("inspector.session.reading.peek", None)
    for one in real_blobs("v2-clean"):
        assert all(lines(session, one.kind, one.data))
