"""A check tells the same of what it takes for usual without a tree as of what it decodes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

import pytest

from inspector import assets
from inspector.compiled_part import VARIABLE
from inspector.decode.choice import Choice
from inspector.decode.transcoding import is_compiled
from inspector.history.record import Record
from inspector.history.versions import Version
from inspector.schema.catalog import merged_schema
from inspector.session.check import Checked, check_store
from inspector.session.reading import BlobReader
from inspector.session.session import Session
from inspector.store.rows import Row
from tests.builders import layouts
from tests.builders.demo import wire
from tests.builders.layouts import Arc, Rec
from tests.decode.damage import mutated
from tests.places import REAL, SHARED, shared

pytestmark = pytest.mark.skipif(not is_compiled(), reason="the compiled part is not built")

HISTORY: Final = ("stigmer", "history")
#: Stores of many releases, where they are there: one that is not is a test that is skipped.
STORES: Final = sorted(
    str(path.relative_to(SHARED))
    for folder in ("stores", "lived")
    for path in SHARED.joinpath(*HISTORY, folder).glob("*/stigmer.*")
    if path.suffix in (".db", ".sqlite")
)
DEMO: Final = assets.path("demo", "stigmer.sqlite")
UNKNOWN: Final = wire.integer(990, 1)


class _Decoded:
    """Counts the records that are decoded in Python."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        record = BlobReader.record

        def counted(reader: BlobReader, row: Row, version: Version | None = None) -> Record:
            self.count += 1
            return record(reader, row, version)

        monkeypatch.setattr(BlobReader, "record", counted)


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> _Decoded:
    return _Decoded(monkeypatch)


def checked(path: Path) -> Checked:
    with closing(Session.open(path)) as session:
        return check_store(session)


def same(path: Path, decoded: _Decoded, monkeypatch: pytest.MonkeyPatch) -> tuple[Checked, int]:
    """What is told of a store in both ways, and how much of it was not decoded in Python."""
    found = checked(path)
    short = decoded.count
    monkeypatch.setenv(VARIABLE, "python")
    decoded.count = 0
    slow = checked(path)
    assert found == slow
    assert decoded.count >= slow.records + slow.versions
    monkeypatch.delenv(VARIABLE)
    return found, decoded.count - short


@pytest.mark.parametrize("name", STORES)
def test_stores_of_all_releases(
    name: str, decoded: _Decoded, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, spared = same(shared(name), decoded, monkeypatch)
    assert spared > (found.records + found.versions) / 2


@pytest.mark.parametrize("name", ["v0", "v2-clean", "v2-migrated"])
def test_stores_of_january(name: str, decoded: _Decoded, monkeypatch: pytest.MonkeyPatch) -> None:
    found, spared = same(REAL / name / "stigmer.db", decoded, monkeypatch)
    assert spared > (found.records + found.versions) * 0.85


@pytest.mark.parametrize("name", STORES)
def test_a_choice_told_without_a_tree_is_the_one_with_it(name: str) -> None:
    with closing(Session.open(shared(name))) as session:
        reader, told = session.reader(), 0
        for kind in session.store.kinds():
            for row in session.rows(kind.kind):
                assert row.data is not None
                own = reader.plainly(row.data, row.kind, row.updated_at).choice
                choice = reader.choice(row)
                if choice is not None:
                    told += 1
                    assert (choice.releases, choice.release) == (own.releases, own.release)
                    assert choice.contradicted == own.contradicted
                    assert not own.rivals
        assert told > 20


def test_no_row_is_decoded_to_say_of_others_who_wrote_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """But for those that are not usual, which are decoded whatever is asked of them."""
    decoded: list[Row] = []
    choice = BlobReader.choice

    def asked(reader: BlobReader, row: Row) -> Choice | None:
        found = choice(reader, row)
        decoded.extend([row] if found is None else [])
        return found

    monkeypatch.setattr(BlobReader, "choice", asked)
    found = checked(shared("stigmer", "history", "lived", "upgraded", "stigmer.sqlite"))
    assert any(one.problem.code == "schema-ambiguous" for one in found.problems)
    assert len(decoded) < found.records / 20


def test_most_of_the_demo_is_not_decoded(
    decoded: _Decoded, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, spared = same(DEMO, decoded, monkeypatch)
    assert spared > (found.records + found.versions) * 0.8
    assert len(found.problems) > 20


@cache
def rows() -> tuple[Rec, ...]:
    """The live records of the demo and of a store of January that a schema reads."""
    found: dict[tuple[str, str], Rec] = {}
    for path in (DEMO, REAL / "v2-clean" / "stigmer.db"):
        with closing(sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)) as connection:
            for row in connection.execute("SELECT kind, id, data, updated_at FROM resources"):
                if merged_schema().root(row[0]) is not None and len(row[2]) < 1 << 16:
                    found.setdefault(row[:2], Rec(*row))
    return tuple(found.values())


def damages(random: Random) -> Iterator[Rec]:
    """Each record in one of the ways in which something can be odd, or as it is."""
    for one in rows():
        data = one.data
        assert isinstance(data, bytes)
        made = (
            one,
            one._replace(data=mutated(data, random, random.choice((data, UNKNOWN)))),
            one._replace(data=_flipped(data, random)),
            one._replace(data=data[: random.randrange(len(data) + 1)]),
            one._replace(data=data + UNKNOWN),
            one._replace(id=f"{one.id!s}-other"),
            one._replace(kind=random.choice(rows()).kind, id=f"{one.kind}-{one.id!s}"),
            one._replace(data=data + data[: len(data) // 2]),
        )
        yield random.choice(made)


def _flipped(data: bytes, random: Random) -> bytes:
    made = bytearray(data)
    if made:
        made[random.randrange(len(made))] ^= 1 << random.randrange(8)
    return bytes(made)


@pytest.mark.parametrize("seed", range(6))
def test_damaged_records_and_versions(
    seed: int, tmp_path: Path, decoded: _Decoded, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(seed)
    live = {(one.kind, one.id): one for one in damages(random)}
    archived = [
        Arc(
            one.kind, str(one.id), bytes(one.data), one.updated_at,
            random.choice((None, "", "ff" * 32)), random.choice((None, "", "stable")),
        )
        for _ in range(2)
        for one in damages(random)
        if isinstance(one.data, bytes)
    ]  # fmt: skip
    path = layouts.v2(tmp_path / "s.db", live.values(), archived)
    found, spared = same(path, decoded, monkeypatch)
    assert spared > 100
    codes = {one.problem.code for one in found.problems}
    assert codes >= {
        "undecodable", "invalid-utf8", "unknown-field", "id-mismatch", "kind-mismatch",
        "hash-mismatch", "orphan-history",
    }  # fmt: skip


def test_a_schema_that_is_asked_for_is_not_passed_over(decoded: _Decoded) -> None:
    with closing(Session.open(REAL / "v2-clean" / "stigmer.db", schema="3.41.0")) as session:
        found = check_store(session)
    assert decoded.count == found.records + found.versions
