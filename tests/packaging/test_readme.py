"""The README's examples: each command line on the demo store does what is written beside it."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from inspector.cli.names import COMMANDS
from tests.packaging import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
WRITES = re.compile(r" -o (\S+)")
EXIT = re.compile(r"#.*\bexit (\d)")


def examples() -> list[str]:
    lines = "".join(BLOCK.findall(README)).splitlines()
    split = ((line, shlex.split(line, comments=True)) for line in lines)
    return [
        line
        for line, words in split
        if words[:1] == ["stigmer-inspector"] and words[1:2] and words[1] in COMMANDS
    ]


def test_every_command_has_an_example() -> None:
    assert {shlex.split(line)[1] for line in examples()} == set(COMMANDS)


def run(line: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    _, *arguments = shlex.split(line, comments=True)
    return subprocess.run(
        [sys.executable, "-m", "inspector", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )


def needed(line: str) -> list[str]:
    """The examples that write a file which this one reads."""
    words = shlex.split(line, comments=True)
    return [one for one in examples() if (out := WRITES.search(one)) and out[1] in words[2:3]]


@pytest.mark.parametrize("line", examples())
def test_example(line: str, tmp_path: Path) -> None:
    for one in needed(line):
        assert run(one, tmp_path).returncode == 0
    ended = run(line, tmp_path)
    written = EXIT.search(line)
    assert ended.returncode == (int(written[1]) if written else 0), ended.stderr
    if ended.returncode < 2:
        # The demo store stays as it is, so that there is nothing to tell of it.
        quiet = ended.stderr == b"watching\n"
        files = any(file.read_bytes() for file in tmp_path.iterdir())
        assert quiet or ended.stdout or files
    else:
        assert not ended.stdout
        assert len(ended.stderr.splitlines()) == 1
