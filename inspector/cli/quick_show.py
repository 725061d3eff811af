"""``show`` of a usual record, without all that other commands and records need.

The answer is that of :mod:`inspector.cli.commands.show_command`, to the byte, which gives it in
every other case.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final

from inspector.cli.guard import guarded
from inspector.cli.output import Output
from inspector.exit_codes import Exit
from inspector.named_tuple import NamedTuple
from inspector.plurals import covered_note
from inspector.session.usual_text import usual_text

#: In place of an exit code: nothing was said, and the answer is the command's.
_UNANSWERED: Final = -1


class _Asked(NamedTuple):
    """What the plainest arguments ask for."""

    kind: str
    id: str
    store: str | None
    reveal: bool


def main(arguments: Sequence[str]) -> int:
    """Answers ``show``.

    Returns:
        The exit code.
    """
    asked = _asked(arguments[1:])
    code = guarded(lambda: _answer(asked)) if asked is not None else _UNANSWERED
    if code != _UNANSWERED:
        return code
    from inspector.cli.main import main as answer  # noqa: PLC0415 - takes as long as all else

    return answer(arguments)


def _answer(asked: _Asked) -> int:
    found = usual_text(asked.store, asked.kind, asked.id, reveal=asked.reveal)
    if found is None:
        return _UNANSWERED
    text, covered = found
    output = Output()
    output.write(text + b"\n")
    output.note(covered_note(covered))
    output.flush()
    return Exit.DONE


def _asked(words: Sequence[str]) -> _Asked | None:
    """What is asked for by ``KIND ID [--db FILE]``; None of any other words."""
    names: list[str] = []
    store: str | None = None
    reveal = False
    rest = iter(words)
    for word in rest:
        if word == "--db" and store is None:
            store = next(rest, "")
            if not _is_plain(store):
                return None
        elif word == "--reveal-secrets":
            reveal = True
        elif word != "--json":
            names.append(word)
    if len(names) != 2 or sys.stdout is None or not all(map(_is_plain, names)):
        return None
    kind, id_ = names
    return _Asked(kind, id_, store, reveal)


def _is_plain(word: str) -> bool:
    """Whether a word is what it stands for: no option, and nothing that is escaped."""
    return word.isascii() and word.isprintable() and word[:1] not in "-" and "\\" not in word
