"""Arguments that several commands have in common."""

from __future__ import annotations

import argparse
import os
from typing import Final

#: Enough for more records than any file can hold.
_MOST_DIGITS: Final = 18
_MOST_READ: Final = 40  #: digits of a number in a sentence
#: How a version is named.
VERSION: Final = (
    "live, previous, audit:N, legacy:DIGITS, wal:N (as of a commit), tag:T, hash:H, a hash, a tag,"
    " or the start of a hash"
)


def text(argument: str) -> str:
    """An argument as the store has its texts, whatever the locale read it with."""
    try:
        return os.fsencode(argument).decode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return argument


def count(argument: str) -> int:
    """A number of things.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    if not argument.isascii() or not argument.isdigit():
        raise argparse.ArgumentTypeError(f"{argument!r} is not a whole number")
    return int(argument.lstrip("0")[:_MOST_DIGITS] or "0")


def ordinal(argument: str) -> int:
    """A number that names a thing, and is spoken of as it was given.

    Raises:
        argparse.ArgumentTypeError: it is none, or has more digits than anybody reads.
    """
    number = count(argument)
    digits = argument.lstrip("0")
    if len(digits) > _MOST_READ:
        raise argparse.ArgumentTypeError(f"a number of {len(digits):,} digits names nothing")
    return int(digits) if digits else number


def seconds(argument: str) -> float:
    """A time in seconds, of which there may be a part.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    whole, _, part = argument.partition(".")
    if "." in argument and not (part.isascii() and part.isdigit()):
        raise argparse.ArgumentTypeError(f"{argument!r} is no number of seconds")
    try:
        return float(f"{count(whole)}.{part or 0}")
    except argparse.ArgumentTypeError:
        raise argparse.ArgumentTypeError(f"{argument!r} is no number of seconds") from None


def add_record(parser: argparse.ArgumentParser) -> None:
    """Adds ``[KIND] ID``, read by :func:`inspector.cli.commands.record_command.resolve`."""
    parser.add_argument(
        "names", metavar="[KIND] ID", nargs="+", type=text, help="ID, or a slug of the kind"
    )
