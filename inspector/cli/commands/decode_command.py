"""``decode``: a blob that is no record's, with a message of a schema or by number."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from inspector.cli.arguments import file_name
from inspector.cli.command import Command
from inspector.cli.commands.record_command import write_record
from inspector.cli.commands.tree_text import write_tree
from inspector.cli.notes import Covered
from inspector.cli.output import Output
from inspector.decode.problems import wire_word
from inspector.errors import UnwritableError, UsageError
from inspector.exit_codes import Exit
from inspector.export.record_text import Written
from inspector.foreign.blob_reading import blob_record
from inspector.foreign.map_file import read_map
from inspector.foreign.message_set import MessageSet, find_message, message_set
from inspector.foreign.number_reading import MOST as MOST_FIELDS
from inspector.foreign.number_reading import NumberedField, by_number
from inspector.foreign.wrappers import DEEPEST, MOST, Wrapper, unwrapped
from inspector.plurals import counted
from inspector.schema.catalog import AUTO
from inspector.store.protected_files import why_kept

_STDIN = "-"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the blob, its message and what it is wrapped in."""
    parser.add_argument(
        "file", metavar="FILE", nargs="?", default=_STDIN, help="the blob; default: standard input"
    )
    parser.add_argument(
        "--message",
        metavar="M",
        help="the message it is, by its full name, or the last part where only one has that;"
        " default: none, and its fields are listed by number",
    )
    parser.add_argument(
        "--unwrap",
        metavar="W",
        action="append",
        default=[],
        choices=[one.value for one in Wrapper],
        help=f"take it out of this first: {', '.join(Wrapper)}; may be given"
        f" {DEEPEST} times, the outermost first",
    )
    parser.add_argument(
        "--map", metavar="FILE", type=file_name, help="use the schemas and secrets of this map"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--envelope", action="store_true", help="include all that JSON leaves out")
    form.add_argument(
        "--tree", action="store_true", help="print fields with types, numbers and bytes"
    )


def answer(words: argparse.Namespace, output: Output) -> int:
    """Decodes a blob."""
    if words.tree and words.json:
        raise UsageError("--tree cannot go with --json.", "Use --envelope for JSON.")
    if words.db is not None or words.demo or words.commit is not None:
        raise UsageError(
            "decode reads a blob and no store.", "The command row writes one of a store."
        )
    schema, message = "", None
    if words.message is not None:
        sets = _sets(words, output)
        schema, message = find_message(sets, words.message)
    data = unwrapped(_blob(words.file), [Wrapper(one) for one in words.unwrap])
    covered = Covered()
    if message is None and not words.tree and not words.envelope:
        covered.add(_numbers(data, words, output))
        covered.say(output)
        return Exit.DONE
    name = "standard input" if words.file == _STDIN else Path(words.file).name
    record = blob_record(data, message, table="blob", key=name, schema=schema)
    if words.tree:
        write_tree(record, output, covered, reveal=words.reveal_secrets)
    else:
        covered.add(write_record(record, words, output))
    covered.say(output)
    return Exit.DONE


def _sets(words: argparse.Namespace, output: Output) -> list[MessageSet]:
    mapped = read_map(words.map) if words.map is not None else None
    paths = [*(mapped.schemas if mapped is not None else ())]
    paths += [words.schema] if words.schema != AUTO else []
    if not paths:
        raise UsageError("--message needs a schema.", "Give one with --schema or --map.")
    sets = [message_set(one, mapped.secrets if mapped is not None else ()) for one in paths]
    for one in sets:
        if one.problems:
            things = counted(len(one.problems), "thing of it is", "things of it are")
            output.note(f"{one.name}: {things} not shown by name")
    return sets


def _blob(name: str) -> bytes:
    """The bytes of a file, or of standard input.

    Raises:
        UsageError: they cannot be read, or are too many.
    """
    if name != _STDIN and why_kept(name) is not None:
        raise UsageError(f"{name} {why_kept(name)}, not a blob.", "The command rows reads it.")
    try:
        if name == _STDIN:
            data = sys.stdin.buffer.read(MOST + 1) if sys.stdin is not None else b""
        else:
            with Path(name).open("rb") as file:
                data = file.read(MOST + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"{name} cannot be read: {why}.") from None
    if len(data) > MOST:
        raise UsageError(f"The blob is larger than the {MOST >> 20} MiB that are read of one.")
    if data.startswith(b"SQLite format 3\0"):
        raise UsageError("This is a SQLite file, not a blob.", "The command rows reads it.")
    return data


def _numbers(data: bytes, words: argparse.Namespace, output: Output) -> Written:
    found = by_number(data)
    if found is None:
        raise UnwritableError(
            "This is not protobuf from its first byte to its last.",
            "--tree shows how far it can be read; --unwrap takes it out of gzip and the like.",
        )
    if len(found) > MOST_FIELDS:
        found = found[:MOST_FIELDS]
        output.note(f"only the first {MOST_FIELDS:,} fields are listed; --tree has all of them")
    if words.json:
        output.items(_field(one, words.reveal_secrets) for one in found)
    else:
        for one in found:
            name = wire_word(one.wire_type)
            output.line(f"{one.path}  ({name}, {one.size:,} byte{'s' * (one.size != 1)})")
            for guess in one.guesses if words.reveal_secrets else ():
                output.line(f"    {guess.name}? {guess.text}")
    return Written("", (), 0, 0 if words.reveal_secrets else len(found))


def _field(one: NumberedField, reveal: bool) -> dict[str, object]:
    return {
        "path": one.path,
        "number": one.number,
        "wireType": one.wire_type,
        "offset": one.offset,
        "length": one.length,
        "guesses": {each.name: each.text for each in one.guesses} if reveal else None,
    }


COMMAND = Command(lambda *_: Exit.USAGE, add_arguments, alone=answer)
