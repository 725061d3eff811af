"""Calling the program in this process, with its two streams caught as bytes."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from inspector.__main__ import main
from tests.decode.ecmascript import digits_of, law


class Answer(NamedTuple):
    """What a call gave: exit code, standard output, standard error."""

    code: int
    out: bytes
    err: str

    @property
    def json(self) -> Any:
        """Standard output as one JSON document."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """Standard output as JSON, a value a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def notes(self) -> list[str]:
        """The sentences on standard error."""
        return self.err.splitlines()


def call(*arguments: str | Path) -> Answer:
    """Runs a command line, as ``python -m inspector`` would."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    err = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([os.fspath(one) for one in arguments])
    answer = Answer(int(code), _caught(out), _caught(err).decode())
    assert "fault of the program" not in answer.err, answer.err
    return answer


def _caught(stream: io.TextIOWrapper) -> bytes:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue()


def failed(answer: Answer, code: int) -> str:
    """The sentence of a call that failed as the contract says.

    Raises:
        AssertionError: it did not.
    """
    assert answer.code == code, answer
    assert answer.out == b""
    assert len(answer.notes) == 1, answer.err
    assert answer.err.endswith(".\n") or answer.err.endswith(": info.\n"), answer.err
    assert all(one.isprintable() for one in answer.notes[0])
    return answer.notes[0]


def compact(values: Iterable[object]) -> bytes:
    """JSON as NDJSON has it."""
    dumped = (json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in values)
    return "".join(f"{_with_numbers(line)}\n" for line in dumped).encode()


def document(value: object) -> bytes:
    """JSON as ``--json`` has it."""
    return (_with_numbers(json.dumps(value, ensure_ascii=False, indent=2)) + "\n").encode()


def _with_numbers(text: str) -> str:
    """Numbers as JSON has them, which Python writes with an exponent where it has none."""
    return _STRING_OR_REAL.sub(
        lambda found: found[0] if found[0][0] == '"' else _number(float(found[0])), text
    )


def _number(value: float) -> str:
    return law(value, *digits_of(repr(value)))


_STRING_OR_REAL = re.compile(r'"(?:[^"\\]|\\.)*+"|-?[0-9]+(?:\.[0-9]+)?e[-+][0-9]+')
