"""Our MIME type: two file names have it, and nothing else, however the file is asked about."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging.desktop import SQLITE, STORE, Registry
from tests.places import REAL

# QMimeDatabase reads its folders once in a process.
ASK = """
import json, sys
from PySide6.QtCore import QMimeDatabase
known = QMimeDatabase()
mode = QMimeDatabase.MatchMode[sys.argv[1]]
found = {path: known.mimeTypeForFile(path, mode) for path in sys.argv[2:]}
print(json.dumps({path: [kind.name(), kind.inherits("application/vnd.sqlite3"), kind.iconName()]
                  for path, kind in found.items()}))
"""
# Somebody else's, of the kind that programs for databases bring with them.
GREEDY = """<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="application/x-somebodys-database">
    <comment>Database</comment>
    <glob pattern="*.db" weight="60"/>
    <glob pattern="*.sqlite" weight="60"/>
  </mime-type>
</mime-info>
"""
OURS = ("stigmer.db", "stigmer.sqlite")
OTHERS = ("other.db", "x.sqlite", "stigmer.db.sqlite", "my-stigmer.db", "stigmer")


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """The same real store under names of ours and of others."""
    folder = tmp_path / "files"
    folder.mkdir()
    named = {name: folder / name for name in (*OURS, *OTHERS)}
    for path in named.values():
        shutil.copyfile(REAL / "v2-clean" / "stigmer.db", path)
    return named


def types(
    registry: Registry, files: dict[str, Path], mode: str = "MatchDefault"
) -> dict[str, list[object]]:
    """Type, whether it is one of SQLite, and icon of each file, as Qt's programs see them."""
    registry.update()
    run = subprocess.run(
        [sys.executable, "-c", ASK, mode, *map(str, files.values())],
        env={**os.environ, **registry.variables},
        check=True,
        stdout=subprocess.PIPE,
    )
    said: dict[str, list[object]] = json.loads(run.stdout)
    return {name: said[str(path)] for name, path in files.items()}


def test_the_two_names_are_ours_and_all_else_is_sqlite(
    registry: Registry, files: dict[str, Path]
) -> None:
    found = types(registry, files)
    assert {name: kind for name, (kind, _, _) in found.items()} == {
        **dict.fromkeys(OURS, STORE),
        **dict.fromkeys(OTHERS, SQLITE),
    }
    assert all(is_sqlite for _, is_sqlite, _ in found.values())
    assert found["stigmer.db"][2] == "ai.stigmer.Inspector"


def test_by_its_bytes_alone_a_store_is_a_sqlite_file(
    registry: Registry, files: dict[str, Path]
) -> None:
    found = types(registry, files, "MatchContent")
    assert {str(kind) for kind, _, _ in found.values()} == {SQLITE}


def test_a_pattern_of_somebody_elses_does_not_take_them(
    registry: Registry, files: dict[str, Path], tmp_path: Path
) -> None:
    greedy = tmp_path / "greedy.xml"
    greedy.write_text(GREEDY)
    registry.add_type(greedy)
    found = types(registry, files)
    assert [found[name][0] for name in OURS] == [STORE, STORE]
    assert found["other.db"][0] == "application/x-somebodys-database"
