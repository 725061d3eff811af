from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.builders import layouts
from tests.builders.layouts import Rec
from tests.builders.writer import Writer
from tests.cli.calls import call, document, failed
from tests.cli.made import blobs, v2
from tests.cli.stores import store
from tests.places import REAL, shared

KEYS = [
    "path", "realPath", "label", "store", "layout", "journal", "size", "walSize", "schema",
    "kinds", "records", "versions", "tables", "problems",
]  # fmt: skip


def test_the_demo() -> None:
    answer = call("info", "--json", "--demo")
    info = answer.json
    assert list(info) == KEYS
    assert answer.out == document(info)
    assert (info["label"], info["store"], info["layout"], info["journal"]) == (
        "demo", "sqlite", 27, "clean",
    )  # fmt: skip
    assert [one["name"] for one in info["schema"]] == [
        "2026-01-25", "2026-01-25..2026-01-26", "2026-01-26",
        "0.0.36..0.0.68", "0.0.36..0.0.69", "0.0.37..0.0.40", "0.0.44..0.0.49", "1.0.0..1.0.4",
        "3.1.8", "3.6.0..3.9.0", "3.20.0..3.41.0", "3.27.0..3.41.0", "3.34.0..3.41.0",
        "apis-0.1.0.dev0",
    ]  # fmt: skip
    assert all(list(one) == ["name", "why", "records"] for one in info["schema"])
    kinds = call("kinds", "--json", "--demo").json
    assert info["kinds"] == len(kinds)
    assert info["records"] == sum(one["count"] for one in kinds)
    assert {"name": "resource_audit", "rows": 89} in info["tables"]
    assert call("info", "--json", "--demo").out == answer.out


@pytest.mark.parametrize(
    ("name", "layout", "journal", "form"),
    [
        ("v0", 0, "clean", "sqlite"),
        ("v2-migrated", 2, "clean", "sqlite"),
        ("v2-killed", 2, "left", "sqlite"),
        ("v8", 8, "clean", "sqlite"),
        ("json", None, "clean", "json"),
    ],
)
def test_each_store(name: str, layout: int | None, journal: str, form: str, tmp_path: Path) -> None:
    path = store(name, tmp_path)
    info = call("info", "--json", "--db", path).json
    assert (info["layout"], info["journal"], info["store"]) == (layout, journal, form)
    assert info["size"] == path.stat().st_size
    wal = path.with_name(f"{path.name}-wal")
    assert info["walSize"] == (wal.stat().st_size if wal.exists() else 0)
    counted = sum(one["records"] for one in info["schema"])
    assert counted == (info["records"] if form == "sqlite" else 0)


def test_two_days_of_january_side_by_side() -> None:
    uses = call("info", "--json", "--db", REAL / "v0" / "stigmer.db").json["schema"]
    assert [one["name"] for one in uses] == ["2026-01-25", "2026-01-25..2026-01-26"]


def test_a_path_tells_a_test_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "home" / "stigmer.db"
    path.parent.mkdir()
    shutil.copyfile(REAL / "v0" / "stigmer.db", path)
    assert call("info", "--json", "--db", path).json["label"] == "test"
    # A checkout may itself lie in the temporary directory.
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "elsewhere"))
    assert call("info", "--json", "--db", path).json["label"] == "production"


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(REAL / "v0" / "stigmer.db")
    info = call("info", "--json", "--db", tmp_path / "link.db").json
    assert info["path"] == str(tmp_path / "link.db")
    assert info["realPath"] == str(REAL / "v0" / "stigmer.db")


def test_a_badger_directory_is_named() -> None:
    path = shared("stigmer", "real", "badger", "stigmer.db")
    answer = call("info", "--json", "--db", path)
    assert (answer.code, list(answer.json)) == (0, KEYS)
    info = answer.json
    assert (info["store"], info["layout"], info["journal"]) == ("badger", None, "unknown")
    assert info["size"] == sum(one.stat().st_size for one in path.iterdir())
    assert (info["schema"], info["tables"], info["kinds"]) == ([], [], 0)


def test_a_foreign_file_shows_its_tables(tmp_path: Path) -> None:
    path = tmp_path / "foreign.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE other (a, b)")
    info = call("info", "--json", "--db", path).json
    assert (info["store"], info["layout"], info["kinds"]) == ("foreign", None, 0)
    assert info["tables"] == [{"name": "other", "rows": 0}]


def test_a_daemon_at_work(tmp_path: Path) -> None:
    path = v2(tmp_path, Rec("agent", "a", blobs("agent")[0]))
    with Writer(path) as daemon:
        daemon.sql("UPDATE resources SET updated_at = '2026-01-26 00:00:00'")
        assert call("info", "--json", "--db", path).json["journal"] == "live"
        assert b"pid" in call("info", "--db", path).out
        daemon.kill()
    assert call("info", "--json", "--db", path).json["journal"] == "left"


def test_a_newer_layout_opens(tmp_path: Path) -> None:
    scripts = (layouts.RESOURCES, layouts.SCHEMA_VERSION, "CREATE TABLE later (x);")
    path = layouts.create(
        tmp_path / "new.db", *scripts, records=[Rec("later_kind", "a", b"")], version=99
    )
    info = call("info", "--json", "--db", path).json
    assert (info["layout"], info["records"], info["schema"]) == (99, 1, [])
    assert "later" in [one["name"] for one in info["tables"]]
    assert b"Schema:   none: 1 record, read by number\n" in call("info", "--db", path).out
    said = "note: This store has layout 99; this program knows 27."
    for command in ("info", "check"):
        assert call(command, "--db", path).notes[0] == said
    (kind,) = call("kinds", "--json", "--db", path).json
    assert (kind["displayName"], kind["group"]) == ("later_kind", "")


def test_a_newer_store_beside_the_one_opened_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / ".stigmer"
    folder.mkdir()
    for name in ("stigmer.sqlite", "stigmer.db"):
        shutil.copyfile(REAL / "v0" / "stigmer.db", folder / name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("DB_PATH", raising=False)
    answer = call("info", "--json")
    assert answer.json["path"].endswith("stigmer.sqlite")
    assert len(answer.json["problems"]) == len(answer.notes) == 1
    # A failure says one thing only.
    assert len(call("show", "agent", "nobody").notes) == 1


def test_a_daemon_that_writes_postgres_is_named_and_not_where_it_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("DB_PATH", raising=False)
    monkeypatch.setenv("DATABASE_URL", "postgres://stigmer:hunter2@db.example.org/stigmer")
    sentence = failed(call("kinds"), 3)
    assert "$DATABASE_URL is set: with it the daemon writes Postgres and no file." in sentence
    folder = tmp_path / ".stigmer"
    folder.mkdir()
    path = shutil.copyfile(REAL / "v0" / "stigmer.db", folder / "stigmer.db")
    answer = call("kinds")
    assert answer.code == 0
    (note,) = answer.notes
    assert note.startswith("note: $DATABASE_URL is set: with it the daemon writes Postgres")
    # A file that was named is what was asked for.
    assert call("kinds", "--db", path).notes == []
    for one in (sentence, note, answer.out.decode()):
        assert "hunter2" not in one and "example" not in one
