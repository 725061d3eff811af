"""How files are named to SQLite."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from inspector.store.files import file_uri


@pytest.mark.skipif(sys.platform == "win32", reason="such names there are none")
@pytest.mark.parametrize(
    "name", ["plain.db", "a b?c#d%20&e", "ümläut-\N{SNOWMAN}", "~_.-+=:;@'\"\\", "\udcff", "\n"]
)
def test_a_uri_is_what_pathlib_makes_of_a_path(name: str) -> None:
    path = os.path.join("/folder", name)
    assert file_uri(path) == Path(path).as_uri()
