"""Stores of three releases, each read with the package of that release as one's own schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.decode.json_writer import write
from inspector.session.session import Session
from inspector.session.summaries import Record
from inspector.session.walking import archived
from tests.places import shared
from tests.published import published_wheel

each_release = pytest.mark.parametrize(
    ("release", "store"),
    [("0.0.36", "lived/0.0.36"), ("1.0.4", "stores/1.0.4"), ("3.41.0", "stores/3.41.0")],
)


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("wheels")


def store_file(name: str) -> Path:
    """A store beside the project; the test is skipped without it."""
    folder = shared("stigmer", "history", *name.split("/"))
    return next(one for one in folder.iterdir() if one.name in ("stigmer.db", "stigmer.sqlite"))


def every_record(session: Session) -> Iterator[Record]:
    """All records, each before its versions."""
    for kind in session.kinds():
        for row in session.rows(kind.kind):
            yield session.record(kind.kind, row.id)
            yield from archived(session, kind.kind, row.id)


def shown(record: Record) -> tuple[str, str, list[str]]:
    """What a person sees of a record: its JSON with and without secrets, what is said of it."""
    assert record.tree is not None
    root = record.tree.root
    return write(root), write(root, record.covered), [one.message for one in record.problems]


@each_release
def test_a_store_is_shown_as_the_merged_schema_shows_it(
    wheels: Path, release: str, store: str
) -> None:
    """But where that is in doubt: the package tells what the record was written with."""
    file = store_file(store)
    wheel = published_wheel(wheels, release)
    own, merged = Session.open(file, schema=str(wheel)), Session.open(file)
    try:
        pairs = list(zip(every_record(own), every_record(merged), strict=True))
    finally:
        own.close()
        merged.close()
    sure = [(one, other) for one, other in pairs if not is_doubted(other)]
    assert len(sure) > 0.97 * len(pairs)
    for one, other in sure:
        assert shown(one) == shown(other), one.id
    assert {one.choice.schema for one, _ in pairs} == {wheel.name}
    assert not any(is_doubted(one) for one, _ in pairs)


@each_release
def test_and_as_the_package_wrote_it(wheels: Path, release: str, store: str) -> None:
    file = store_file(store)
    truth = json.loads((file.parent / "truth.json").read_bytes())
    wanted = {(one["kind"], one["id"]): one["value"] for one in truth["records"]}
    session = Session.open(file, schema=str(published_wheel(wheels, release)))
    try:
        records = [record for record in every_record(session) if record.version is None]
    finally:
        session.close()
    assert len(records) == len(wanted)
    for record in records:
        assert json.loads(shown(record)[0]) == wanted[record.kind, record.id], record.id


def is_doubted(record: Record) -> bool:
    return any(one.code == "schema-ambiguous" for one in record.problems)
