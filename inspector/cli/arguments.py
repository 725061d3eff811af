"""The words of the command line."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from typing import Any, Final, NoReturn

from inspector.cli.output import Output
from inspector.errors import UsageError
from inspector.schema.catalog import AUTO

_PROGRAM: Final = "stigmer-inspector"
#: Enough for more records than any file can hold.
_MOST_DIGITS: Final = 18
_VERSION: Final = (
    "live, previous, audit:N, legacy:DIGITS, tag:T, hash:H, a hash, a tag, or a hash's beginning"
)


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, as an error of ours."""

    def error(self, message: str) -> NoReturn:
        """Raises the error.

        Raises:
            UsageError: always.
        """
        sentence = message[:1].upper() + message[1:].rstrip(".") + "."
        raise UsageError(sentence, f"{self.prog} --help says how it is called.")

    def print_help(self, file: object = None) -> None:
        """Writes the help, in UTF-8 whatever the locale."""
        output = Output()
        output.text(self.format_help())
        output.flush()


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The arguments of a command, whose name comes first.

    Raises:
        UsageError: they are wrong.
    """
    command, *rest = arguments
    about, add = _COMMANDS[command]
    made = Parser(prog=f"{_PROGRAM} {command}", description=about, allow_abbrev=False)
    _common(made)
    add(made)
    head, tail = _split(rest)
    words = made.parse_intermixed_args([*head, *(f"\0{index}" for index in range(len(tail)))])
    for name in ("kind", "names"):
        if name in words:
            setattr(words, name, _restored(getattr(words, name), tail))
    words.command = command
    return words


def _split(words: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """The words before ``--`` and those behind, which are names even with a hyphen in front."""
    if "--" not in words:
        return words, ()
    at = words.index("--")
    return words[:at], words[at + 1 :]


def _restored(value: Any, tail: Sequence[str]) -> Any:
    """What stands behind ``--``, in place of its stand-in: argparse loses its way there."""
    if isinstance(value, list):
        return [_restored(one, tail) for one in value]
    return _text(tail[int(value[1:])]) if value.startswith("\0") else value


def _common(made: Parser) -> None:
    which = made.add_mutually_exclusive_group()
    which.add_argument("--db", metavar="FILE", help="the store; without it the one of this machine")
    which.add_argument("--demo", action="store_true", help="the built-in demo store")
    made.add_argument(
        "--schema", default=AUTO, help="a release to read blobs with; else auto", metavar="S"
    )
    made.add_argument("--json", action="store_true", help="one JSON document")
    made.add_argument("--reveal-secrets", action="store_true", help="write secrets as they are")


def _text(argument: str) -> str:
    """An argument as the store has its texts, whatever the locale read it with."""
    try:
        return os.fsencode(argument).decode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return argument


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is no number")
    return int(text.lstrip("0")[:_MOST_DIGITS] or "0")


def _nothing(made: Parser) -> None:
    pass


def _list(made: Parser) -> None:
    made.add_argument("kind", metavar="KIND", type=_text)
    made.add_argument("--limit", type=_count, metavar="N", help="at most so many")
    made.add_argument("--after", type=_text, metavar="ID", help="those whose id comes after it")
    made.add_argument("--org", type=_text, metavar="O", help="only those of an organisation")
    made.add_argument("--gone", action="store_true", help="those with history only")


def _record(made: Parser) -> None:
    made.add_argument(
        "names", metavar="[KIND] ID", nargs="+", type=_text, help="an id, or a slug of the kind"
    )


def _history(made: Parser) -> None:
    _record(made)
    made.add_argument("--summary", action="store_true", help="what each of them changed")


def _diff(made: Parser) -> None:
    _record(made)
    made.add_argument("--from", metavar="V", dest="since", type=_text, help="else previous")
    made.add_argument("--to", metavar="V", type=_text, help="else live")
    made.add_argument(
        "--with", metavar="ID2", dest="other", type=_text, help="another record of the kind"
    )


def _show(made: Parser) -> None:
    _record(made)
    made.add_argument("--version", type=_text, metavar="V", default="live", help=_VERSION)
    form = made.add_mutually_exclusive_group()
    form.add_argument("--envelope", action="store_true", help="with all that JSON leaves out")
    form.add_argument("--tree", action="store_true", help="fields with types, numbers and bytes")


def _export(made: Parser) -> None:
    made.add_argument(
        "names", metavar="KIND [ID]", nargs="*", type=_text, help="all kinds where left out"
    )
    made.add_argument("--version", type=_text, metavar="V", help=_VERSION)
    made.add_argument("--history", action="store_true", help="with all versions")
    made.add_argument("--envelope", action="store_true", help="with all that JSON leaves out")
    made.add_argument("-o", "--output", metavar="OUT", default="-", help="a file; - is stdout")
    made.add_argument("--format", choices=("json", "ndjson"), help="several records: how")


def _dump(made: Parser) -> None:
    made.add_argument("--filter", type=_text, metavar="F", help="only this kind")


_COMMANDS: Final[dict[str, tuple[str, Callable[[Parser], None]]]] = {
    "info": ("The file: layout, journal, schemas, tables.", _nothing),
    "kinds": ("The kinds of the store and how many of each.", _nothing),
    "list": ("The records of a kind.", _list),
    "show": ("One record as JSON.", _show),
    "history": ("The versions of a record, newest first.", _history),
    "export": ("Records as JSON, to a file or standard output.", _export),
    "dump": ("All rows in the shape of the removed debug endpoint.", _dump),
    "diff": ("What differs between two versions, or two records.", _diff),
    "events": ("What the store keeps of a record beside it: its events, oldest first.", _record),
    "check": ("Every record, version and event, decoded, and what is odd.", _nothing),
}
