"""Which file is opened when none is named, and what is said about the others."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from inspector.errors import StoreError, StoreErrorKind
from inspector.store.default_store import candidates, locate
from inspector.store.store import Store
from tests.builders import layouts


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / ".stigmer"
    place.mkdir()
    return place


def _badger(place: Path) -> Path:
    place.mkdir()
    (place / "MANIFEST").touch()
    return place


def test_the_daemons_override_wins(tmp_path: Path, folder: Path) -> None:
    layouts.v0(folder / "stigmer.sqlite")
    named = layouts.v0(tmp_path / "named.db")
    assert locate({"DB_PATH": str(named)}, tmp_path) == (named, ())


def test_an_override_that_leads_nowhere_is_an_error(tmp_path: Path, folder: Path) -> None:
    layouts.v0(folder / "stigmer.sqlite")
    with pytest.raises(StoreError) as caught:
        locate({"DB_PATH": str(tmp_path / "none.db")}, tmp_path)
    assert caught.value.kind is StoreErrorKind.MISSING
    assert caught.value.message == f"$DB_PATH names {tmp_path / 'none.db'}, which does not exist."


def test_an_empty_override_is_none(tmp_path: Path, folder: Path) -> None:
    layouts.v0(folder / "stigmer.db")
    assert locate({"DB_PATH": ""}, tmp_path) == (folder / "stigmer.db", ())


@pytest.mark.parametrize(("age", "word"), [(10, "newer"), (-10, "older")])
def test_the_agreed_name_comes_first_and_the_other_is_named(
    age: int, word: str, tmp_path: Path, folder: Path
) -> None:
    agreed, shipped = layouts.v0(folder / "stigmer.sqlite"), layouts.v0(folder / "stigmer.db")
    os.utime(agreed, (1000, 1000))
    os.utime(shipped, (1000 + age, 1000 + age))
    found = locate({}, tmp_path)
    assert found.path == agreed
    assert found.notes == (f"Opened {agreed}; {shipped} is there too and is {word}.",)


def test_a_wal_counts_for_the_age(tmp_path: Path, folder: Path) -> None:
    agreed, shipped = layouts.v0(folder / "stigmer.sqlite"), layouts.v0(folder / "stigmer.db")
    os.utime(agreed, (1000, 1000))
    os.utime(shipped, (2000, 2000))
    (folder / "stigmer.sqlite-wal").touch()
    assert locate({}, tmp_path).notes[0].endswith("older.")


def test_an_old_badger_directory_is_named(tmp_path: Path, folder: Path) -> None:
    layouts.v0(folder / "stigmer.sqlite")
    place = _badger(folder / "data")
    (note,) = locate({}, tmp_path).notes
    assert note == f"{place} is a BadgerDB directory of an older daemon; it is not read."


@pytest.mark.parametrize("name", ["stigmer.db", "data"])
def test_where_there_is_only_a_badger_directory_it_is_refused_by_name(
    name: str, tmp_path: Path, folder: Path
) -> None:
    place = _badger(folder / name)
    found = locate({}, tmp_path)
    assert found.path == place
    with pytest.raises(StoreError) as caught:
        Store(found.path)
    assert caught.value.kind is StoreErrorKind.BADGER


URL = "postgres://stigmer:hunter2@db.example.org/stigmer"


@pytest.mark.parametrize("name", ["stigmer.sqlite", "stigmer.db", "data"])
def test_a_daemon_that_writes_postgres_is_said_without_where(
    name: str, tmp_path: Path, folder: Path
) -> None:
    path = _badger(folder / name) if name == "data" else layouts.v0(folder / name)
    for environment in ({}, {"DB_PATH": str(path)}):
        found = locate({**environment, "DATABASE_URL": URL}, tmp_path)
        assert found.path == path
        assert found.notes[0] == (
            "$DATABASE_URL is set: with it the daemon writes Postgres and no file;"
            f" {path} may be an older store."
        )
        assert locate({**environment, "DATABASE_URL": " "}, tmp_path) == locate(
            environment, tmp_path
        )


@pytest.mark.parametrize("named", [True, False])
def test_where_there_is_no_file_it_is_said_why(named: bool, tmp_path: Path) -> None:
    environment = {"DB_PATH": str(tmp_path / "none")} if named else {}
    with pytest.raises(StoreError) as caught:
        locate({**environment, "DATABASE_URL": URL}, tmp_path)
    hint = caught.value.hint or ""
    assert "$DATABASE_URL is set: with it the daemon writes Postgres and no file." in hint
    assert "start the daemon" not in hint
    assert "hunter2" not in str(caught.value) and "example" not in str(caught.value)


def test_no_store_at_all_is_said_with_the_places(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        locate({}, tmp_path)
    assert caught.value.kind is StoreErrorKind.MISSING
    for place in candidates(tmp_path)[:2]:
        assert str(place) in caught.value.message
