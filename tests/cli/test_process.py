"""What only a process of its own can show: pipes, signals, the locale, what is imported."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders.layouts import Arc, Rec
from tests.cli.calls import call
from tests.cli.made import blobs, v2
from tests.cli.stores import folder
from tests.places import ROOT

PROGRAM = [sys.executable, "-m", "inspector"]
QUIET = {"PYTHONPATH": str(ROOT)}
DEVICE = Path("/dev/full")
posix = pytest.mark.skipif(os.name != "posix", reason="signals and devices of POSIX")


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*PROGRAM, *arguments],
        env={**os.environ, **QUIET, **environment},
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("arguments", [("list", "agent"), ("list", "agent", "--json"), ("dump",)])
def test_the_locale_changes_nothing(arguments: tuple[str, ...]) -> None:
    wanted = call(*arguments, "--demo").out
    assert wanted.decode() and not wanted.isascii()
    for environment in (
        {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONUNBUFFERED": "1"},
    ):
        assert run(*arguments, "--demo", **environment).stdout == wanted


def test_an_id_is_read_as_utf_8_whatever_the_locale(tmp_path: Path) -> None:
    path = v2(tmp_path, Rec("agent", "é", b""))
    ended = run(
        "show", "é", "--db", str(path), LC_ALL="POSIX", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0"
    )
    assert ended.stdout == b"{}\n", ended.stderr


@posix
@pytest.mark.parametrize("arguments", [("list", "a"), ("export",), ("dump",), ("snapshot",)])
def test_a_reader_that_goes_away_ends_it_quietly(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    agent = blobs("agent")[0]
    path = v2(tmp_path, *(Rec("a", f"a{number:05d}", agent) for number in range(2000)))
    process = subprocess.Popen(
        [*PROGRAM, *arguments, "--db", str(path)],
        env={**os.environ, **QUIET},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None and process.stderr is not None
    assert process.stdout.read(1)
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(60) == 0


@posix
@pytest.mark.parametrize(
    "arguments", [("kinds", "--demo"), ("dump", "--demo"), ("--version",), ("show", "--help")]
)
def test_an_answer_that_cannot_be_written(arguments: tuple[str, ...]) -> None:
    if not DEVICE.exists():
        pytest.skip("there is no /dev/full here")
    with DEVICE.open("wb") as full:
        ended = subprocess.run(
            [*PROGRAM, *arguments],
            env={**os.environ, **QUIET},
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert ended.returncode == 5
    assert ended.stderr.startswith(b"The answer cannot be written")
    assert ended.stderr.count(b"\n") == 1


@posix
@pytest.mark.parametrize("arguments", ["kinds --demo", "--version", "show --help", "--help"])
def test_standard_output_that_is_closed(arguments: str) -> None:
    command = f'"{sys.executable}" -m inspector {arguments} >&-'
    ended = subprocess.run(
        ["/bin/sh", "-c", command], env={**os.environ, **QUIET}, capture_output=True, check=False
    )
    assert (ended.returncode, ended.stderr.count(b"\n")) == (5, 1)


@posix
@pytest.mark.parametrize("arguments", [("export", "--history"), ("bundle", "skill/s")])
def test_ctrl_c_is_130_and_leaves_nothing(arguments: tuple[str, ...], tmp_path: Path) -> None:
    skill = blobs("skill")[0]
    path = v2(tmp_path, Rec("skill", "s", b""), *(Arc("skill", "s", skill) for _ in range(20_000)))
    out = tmp_path / "out" / "out.json"
    out.parent.mkdir()
    out.write_text("old")
    process = subprocess.Popen(
        [*PROGRAM, *arguments, "-o", str(out), "--db", str(path)],
        env={**os.environ, **QUIET},
        stderr=subprocess.PIPE,
        # A shell's background job ignores the signal, and so would what it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    while len(list(out.parent.iterdir())) < 2:
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60)[1] == b"Stopped.\n"
    assert process.returncode == 130
    assert [one.read_text() for one in out.parent.iterdir()] == ["old"]


@pytest.mark.parametrize(
    "arguments",
    [
        *(("kinds",), ("show", "agent", "support-triage"), ("export",), ("check",)),
        ("bundle", "agent/support-triage", "-o", "-"),
    ],
)
def test_commands_import_no_qt(arguments: tuple[str, ...]) -> None:
    script = (
        "import sys; from inspector.__main__ import main;"
        f"main([*{arguments!r}, '--demo']);"
        "assert not [name for name in sys.modules if name.startswith(('PySide6', 'shiboken6'))]"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, **QUIET},
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize(
    "name", ["csv", "dataclasses", "decimal", "inspect", "logging", "shutil", "tempfile"]
)
def test_show_imports_nothing_that_takes_long(name: str) -> None:
    script = (
        "import sys; from inspector.__main__ import main;"
        f"assert {name!r} not in sys.modules, 'before';"
        "main(['show', 'agent', 'support-triage', '--demo']);"
        f"assert {name!r} not in sys.modules"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, **QUIET},
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr


def test_kinds_needs_no_protobuf() -> None:
    script = (
        "import sys; from inspector.__main__ import main; main(['kinds', '--demo']);"
        "assert 'google.protobuf' not in sys.modules"
    )
    subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, **QUIET},
        stdout=subprocess.DEVNULL,
        check=True,
    )


def _state(place: Path) -> list[tuple[str, int, int, str]]:
    return sorted(
        (
            str(file.relative_to(place)),
            file.stat().st_size,
            file.stat().st_mtime_ns,
            hashlib.sha256(file.read_bytes()).hexdigest(),
        )
        for file in place.rglob("*")
        if file.is_file()
    )


@pytest.mark.parametrize("name", ["v0", "v2-clean", "v2-killed"])
def test_no_command_changes_anything(name: str, tmp_path: Path) -> None:
    place = tmp_path / "store"
    place.mkdir()
    for file in folder(name).glob("stigmer.db*"):
        (place / file.name).write_bytes(file.read_bytes())
    before = _state(place)
    path = str(place / "stigmer.db")
    skill = run("list", "skill", "--json", "--db", path)
    assert skill.returncode == 0
    id_ = json.loads(skill.stdout)[0]["id"]
    for arguments in (
        ("info",), ("kinds",), ("list", "agent"), ("list", "skill", "--gone"), ("dump",),
        ("show", "agent", "nobody"), ("export", "--history"), ("check",),
        ("export", "skill", "-o", str(tmp_path / "out.json")), ("export", "-o", path),
        ("snapshot", "-o", str(tmp_path / "out.db")), ("snapshot",), ("snapshot", "-o", path),
        ("compare", path), ("bundle", f"skill/{id_}", "-o", str(tmp_path / "bundle.db")),
    ):  # fmt: skip
        assert run(*arguments, "--db", path).returncode in (0, 2, 4)
    # This process never opened the files by SQLite, so it may read them.
    assert _state(place) == before
