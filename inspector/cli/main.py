"""Runs a command: arguments in, data on stdout, one sentence on stderr where it fails."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.cli.arguments import parse
from inspector.cli.commands import run
from inspector.cli.guard import guarded
from inspector.cli.output import Output


def main(arguments: Sequence[str]) -> int:
    """Answers one command.

    Returns:
        The exit code.
    """
    return guarded(lambda: _answer(arguments))


def _answer(arguments: Sequence[str]) -> int:
    words = parse(arguments)
    output = Output()
    code = run(words, output)
    output.flush()
    return code
