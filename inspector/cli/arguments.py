"""The words of the command line."""

from __future__ import annotations

import argparse
from typing import Final, NoReturn

from inspector.errors import UsageError

COMMANDS: Final = ("info", "kinds", "list", "show", "history", "export", "dump", "check", "diff")


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, as an error of ours."""

    def error(self, message: str) -> NoReturn:
        """Raises the error.

        Raises:
            UsageError: always.
        """
        sentence = message[:1].upper() + message[1:].rstrip(".") + "."
        raise UsageError(sentence, f"{self.prog} --help says how it is called.")


def parser() -> Parser:
    """The parser of all commands."""
    made = Parser(
        prog="stigmer-inspector",
        description="Answers about a Stigmer store, read-only. Without a command: a window.",
        allow_abbrev=False,
    )
    commands = made.add_subparsers(dest="command", required=True, parser_class=Parser)
    source = _source()
    json_flag = Parser(add_help=False)
    json_flag.add_argument("--json", action="store_true", help="one JSON document")
    reveal = Parser(add_help=False)
    reveal.add_argument("--reveal-secrets", action="store_true", help="write secrets as they are")

    def add(name: str, text: str, *parents: Parser) -> argparse.ArgumentParser:
        return commands.add_parser(
            name, help=text, description=text, parents=[source, *parents], allow_abbrev=False
        )

    add("info", "The file: layout, journal, schemas, tables.", json_flag)
    add("kinds", "The kinds of the store and how many of each.", json_flag)
    _list(add("list", "The records of a kind.", json_flag))
    _show(add("show", "One record as JSON.", json_flag, reveal))
    history = add("history", "The versions of a record, newest first.", json_flag)
    _record(history)
    history.add_argument("--summary", action="store_true", help="what each of them changed")
    _export(add("export", "Records as JSON, to a file or standard output.", json_flag, reveal))
    dump = add("dump", "All rows in the shape of the removed debug endpoint.", json_flag, reveal)
    dump.add_argument("--filter", metavar="F", help="only this kind")
    _diff(add("diff", "What differs between two versions, or two records.", json_flag, reveal))
    add("check", "Every record and version, decoded, and what is odd.", json_flag)
    return made


def _source() -> Parser:
    made = Parser(add_help=False)
    which = made.add_mutually_exclusive_group()
    which.add_argument("--db", metavar="FILE", help="the store; without it the one of this machine")
    which.add_argument("--demo", action="store_true", help="the built-in demo store")
    made.add_argument(
        "--schema",
        metavar="S",
        default="auto",
        help="auto, 2026-01-25, 2026-01-26 or 2026-10: what blobs are read with",
    )
    return made


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is no number")
    return int(text)


def _list(made: argparse.ArgumentParser) -> None:
    made.add_argument("kind", metavar="KIND")
    made.add_argument("--limit", type=_count, metavar="N", help="at most so many")
    made.add_argument("--after", metavar="ID", help="those whose id comes after this one")
    made.add_argument("--org", metavar="O", help="only those of an organisation")
    made.add_argument("--gone", action="store_true", help="those with history only")


def _record(made: argparse.ArgumentParser) -> None:
    made.add_argument("names", metavar="[KIND] ID", nargs="+", help="an id, or a slug of the kind")


def _show(made: argparse.ArgumentParser) -> None:
    _record(made)
    made.add_argument("--version", metavar="V", default="live", help=_VERSION)
    made.add_argument("--envelope", action="store_true", help="with all that JSON leaves out")
    made.add_argument("--tree", action="store_true", help="fields with types, numbers and bytes")


def _diff(made: argparse.ArgumentParser) -> None:
    _record(made)
    made.add_argument("--from", metavar="V", dest="since", help="previous where left out")
    made.add_argument("--to", metavar="V", help="live where left out")
    made.add_argument("--with", metavar="ID2", dest="other", help="another record of the kind")


def _export(made: argparse.ArgumentParser) -> None:
    made.add_argument("names", metavar="KIND [ID]", nargs="*", help="all kinds where left out")
    made.add_argument("--version", metavar="V", help=_VERSION)
    made.add_argument("--history", action="store_true", help="with all versions")
    made.add_argument("--envelope", action="store_true", help="with all that JSON leaves out")
    made.add_argument("-o", "--output", metavar="OUT", default="-", help="a file; - is stdout")
    made.add_argument("--format", choices=("json", "ndjson"), help="several records: how")


_VERSION = "live, previous, audit:N, legacy:DIGITS, tag:T, hash:H, a tag, a hash or its beginning"
