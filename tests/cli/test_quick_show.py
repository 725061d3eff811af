"""``show`` answers in the quick way what it answers in the full one, and loads little for it."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from inspector import assets
from inspector.cli.main import main as full
from inspector.decode.prepared import prepared_releases
from inspector.history.record import Record
from inspector.history.versions import Version
from inspector.session import reading
from inspector.session.reading import BlobReader
from inspector.session.session import Session
from inspector.session.usual_text import usual_text
from inspector.store.rows import Row
from tests.cli.calls import Answer, call
from tests.places import REAL, ROOT

STORE = REAL / "v2-clean" / "stigmer.db"
DEMO = assets.path("demo", "stigmer.sqlite")


def fully(*arguments: str) -> Answer:
    """The answer of the command alone."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    err = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = full(arguments)
    streams = []
    for stream in (out, err):
        stream.flush()
        assert isinstance(stream.buffer, io.BytesIO)
        streams.append(stream.buffer.getvalue())
    return Answer(int(code), streams[0], streams[1].decode())


@pytest.mark.parametrize("file", [STORE, DEMO], ids=["daemon", "demo"])
@pytest.mark.parametrize("options", [(), ("--reveal-secrets",), ("--json",), ("--envelope",)])
def test_the_answer_is_the_same(file: Path, options: tuple[str, ...]) -> None:
    session = Session.open(file)
    for kind in session.store.kinds():
        for row in session.store.rows(kind.kind, limit=5).rows:
            words = ("show", row.kind, row.id, "--db", str(file), *options)
            assert call(*words) == fully(*words)


def test_the_store_of_this_machine_is_found_in_the_same_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = next(iter(Session.open(STORE).rows("agent")))
    words = ("show", row.kind, row.id)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.delenv("DB_PATH", raising=False)
    assert call(*words) == fully(*words)
    assert call(*words).code == 3
    monkeypatch.setenv("DB_PATH", str(STORE))
    assert usual_text(None, row.kind, row.id) == usual_text(str(STORE), row.kind, row.id)
    assert call(*words) == fully(*words)
    assert call(*words).code == 0
    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere")
    assert usual_text(None, row.kind, row.id) is None
    assert call(*words) == fully(*words)


@pytest.mark.parametrize(
    "words",
    [
        ("show", "agent", "agt-nowhere", "--db", str(STORE)),
        ("show", "nothing", "agt-nowhere", "--db", str(STORE)),
        ("show", "agent", "--db", str(STORE)),
        ("show", "agent", "x", "y", "--db", str(STORE)),
        ("show", "agent", "x", "--db", str(STORE.parent)),
        ("show", "agent", "x", "--db", str(ROOT / "README.md")),
        ("show", "agent", "x", "--db", "nowhere.sqlite"),
        ("show", "agent", "x", "--db", ""),
        ("show", "agent", "x", "--db"),
        ("show", "agent", "", "--db", str(STORE)),
        ("show", "agent", "x", "--nothing", "--db", str(STORE)),
        ("show",),
        ("show", "--help"),
    ],
)
def test_what_fails_fails_in_the_same_way(words: tuple[str, ...]) -> None:
    assert call(*words) == fully(*words)


@pytest.mark.skipif(prepared_releases() is None, reason="nothing is prepared")
def test_neither_parser_nor_schema_is_loaded_for_it() -> None:
    rows = Session.open(STORE).rows("agent")
    id_ = next(row.id for row in rows if usual_text(str(STORE), "agent", row.id))
    code = (
        "import sys; from inspector.__main__ import main;"
        f"main(['show', 'agent', {id_!r}, '--db', {str(STORE)!r}]);"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, cwd=ROOT
    )
    loaded = set(done.stderr.split())
    assert '"metadata"' in done.stdout
    assert "inspector.cli.quick_show" in loaded
    assert loaded.isdisjoint(
        {"argparse", "inspector.cli.main", "inspector.schema.merged", "inspector.decode.decoder"}
    )


@pytest.mark.parametrize("options", [(), ("--reveal-secrets",), ("--version", "previous")])
def test_a_long_record_is_written_as_its_tree_would_be(
    options: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session.open(DEMO)
    some = [row for kind in session.kinds() for row in islice(session.rows(kind.kind), 1)]
    named = [("show", row.kind, row.id, "--db", str(DEMO), *options) for row in some]
    made = tmp_path / "one.json"
    calls = [*named, *(("export", *words[1:], "-o", str(made)) for words in named)]
    # Without a version, exports are of all there are of a record.
    calls = calls if "--version" in options else named

    def answers() -> list[tuple[Answer, bytes]]:
        made.unlink(missing_ok=True)
        return [(fully(*words), made.read_bytes() if made.exists() else b"") for words in calls]

    expected = answers()
    read: list[str] = []
    real = BlobReader.record

    def counted(self: BlobReader, row: Row, version: Version | None = None) -> Record:
        read.append(row.id)
        return real(self, row, version)

    monkeypatch.setattr(BlobReader, "record", counted)
    monkeypatch.setattr(reading, "LONG", 100)
    assert answers() == expected
    assert len(read) < len(calls) / 2
