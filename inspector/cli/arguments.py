"""Arguments that several commands have in common."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING, Final

from inspector.errors import UsageError

if TYPE_CHECKING:
    from inspector.session.facet_filter import FacetChoice
    from inspector.session.session import Session

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


def file_name(argument: str) -> str:
    """The name of a file as it is given; an empty one would be the current folder.

    Raises:
        argparse.ArgumentTypeError: it is empty.
    """
    if not argument:
        raise argparse.ArgumentTypeError("the name of a file is empty")
    return argument


def count(argument: str) -> int:
    """A number of things.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    if not argument.isascii() or not argument.isdigit():
        raise argparse.ArgumentTypeError(f"{argument!r} is not a whole number, 0 or more")
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
        raise argparse.ArgumentTypeError(f"{argument!r} is not a number of seconds")
    try:
        return float(f"{count(whole)}.{part or 0}")
    except argparse.ArgumentTypeError:
        raise argparse.ArgumentTypeError(f"{argument!r} is not a number of seconds") from None


def add_facets(parser: argparse.ArgumentParser, doing: str) -> None:
    """Adds what filters records without an expression, read by :func:`facets_of`.

    Args:
        parser: of a command.
        doing: what is done with the records, such as ``list``.
    """
    parser.add_argument(
        "--org", type=text, metavar="O", help=f"{doing} records of this organization only"
    )
    parser.add_argument(
        "--state",
        action="append",
        type=text,
        metavar="S",
        help=f"{doing} records in this state only, such as failed or EXECUTION_FAILED;"
        " may be repeated",
    )
    parser.add_argument(
        "--since",
        type=text,
        metavar="T",
        help=f"{doing} what was updated since then: a day, a time, or 30m, 24h, 7d or 2w ago",
    )
    parser.add_argument(
        "--has-error", action="store_true", help=f"{doing} records that say what went wrong"
    )


def add_counts(parser: argparse.ArgumentParser) -> None:
    """Adds that counts are wanted in the place of records."""
    parser.add_argument(
        "--counts",
        action="store_true",
        help="give, instead of the records, how many have which state, organization, time and"
        " error; those of each are counted among what the other options leave",
    )


def facets_of(session: Session, kind: str, words: argparse.Namespace) -> FacetChoice:
    """What :func:`add_facets` was given.

    Args:
        session: the store.
        kind: the only one.
        words: the arguments.

    Raises:
        UsageError: there is no such state, or the time is none.
    """
    from inspector.session.facet_filter import FacetChoice, state_names  # noqa: PLC0415 - few commands ask
    from inspector.session.since import earliest  # noqa: PLC0415

    if words.since == "":
        raise UsageError("--since names no time.", "Leave it out for records of any time.")
    earliest(words.since or "")
    return FacetChoice(
        frozenset(state_names(session, kind, words.state or ())),
        frozenset() if words.org is None else frozenset((words.org,)),
        since=words.since or "",
        failed=words.has_error,
    )


def add_record(parser: argparse.ArgumentParser) -> None:
    """Adds ``[KIND] ID``, read by :func:`inspector.cli.commands.record_command.resolve`."""
    parser.add_argument(
        "names", metavar="[KIND] ID", nargs="+", type=text, help="ID, or a slug of the kind"
    )
