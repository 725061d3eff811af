"""``diff``: what differs between two versions of a record, or between two records."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from inspector.cli.arguments import add_record, text
from inspector.cli.command import Command
from inspector.cli.commands.difference_lines import difference_lines
from inspector.cli.commands.record_command import check_names, resolve_in_log
from inspector.cli.output import Output
from inspector.errors import UnwritableError, UsageError
from inspector.exit_codes import Exit
from inspector.export.difference_json import UnsaidTally, write_difference
from inspector.export.json_losses import loss_notes
from inspector.export.json_object import PartsWriter
from inspector.export.record_text import name, unwritable
from inspector.history.difference import Entry, each_difference
from inspector.history.record import Record
from inspector.history.selector import LIVE, PREVIOUS
from inspector.plurals import covered_note
from inspector.session.record_lookup import find_version, resolve
from inspector.session.session import Session

_NOTHING: frozenset[int] = frozenset()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the record and what it is compared with."""
    add_record(parser)
    parser.add_argument(
        "--from", metavar="V", dest="since", type=text, help="version before; default: previous"
    )
    parser.add_argument("--to", metavar="V", type=text, help="version after; default: live")
    parser.add_argument(
        "--with", metavar="ID2", dest="other", type=text, help="compare with this record instead"
    )


def prepare(words: argparse.Namespace) -> None:
    """Refuses arguments that do not go together.

    Raises:
        UsageError: they do not.
    """
    check_names(words)
    between = words.since is not None or words.to is not None
    if words.other is not None and (len(words.names) != 2 or between):
        raise UsageError("--with needs a kind and an ID, and neither --from nor --to.")


def run(session: Session, words: argparse.Namespace, output: Output) -> int:
    """Says what differs; exit 1 where something does."""
    sides = before, after = _sides(session, words)
    reveal = words.reveal_secrets
    covered = _NOTHING if reveal else before.covered | after.covered
    told = _Told(compare(before, after, reveal=reveal), sides, covered)
    if words.json:
        together = PartsWriter(output.text)
        write_difference(told, before, after, together.put, reveal=reveal)
        together.flush()
    else:
        for line in difference_lines(told, before, after, reveal=reveal):
            output.line(line)
        if not told.any:
            output.line("No differences.")
    _notes(told, output)
    return Exit.NO if told.any else Exit.DONE


def compare(before: Record, after: Record, *, reveal: bool) -> Iterator[Entry]:
    """The differences of two records, one after another: there may be a hundred thousand.

    Raises:
        UnwritableError: one of them does not decode.
    """
    for record in (before, after):
        if record.tree is None or record.tree.malformed:
            raise UnwritableError(f"{name(record)} cannot be compared: {unwritable(record)}")
    return each_difference(before, after, reveal=reveal)


class _Told:
    """Differences that are told one after another, and what their values do not say.

    Attributes:
        any: whether there was one so far.
        unsaid: what those so far do not say.
    """

    def __init__(
        self, entries: Iterator[Entry], sides: tuple[Record, Record], covered: frozenset[int]
    ) -> None:
        self._entries = entries
        self.sides = sides
        self.covered = covered
        self.any = False
        self.unsaid = UnsaidTally(sides, covered)

    def __iter__(self) -> Iterator[Entry]:
        for entry in self._entries:
            self.any = True
            self.unsaid.add(entry)
            yield entry


def _notes(told: _Told, output: Output) -> None:
    before, after = (one.tree for one in told.sides)
    assert before is not None and after is not None
    if not told.any and before.data != after.data:
        output.note("the bytes differ, the meaning is the same")
    secrets, payloads, losses = told.unsaid.found
    for note in loss_notes(losses, told.covered):
        output.note(note)
    output.note(covered_note(secrets, payloads))


def _sides(session: Session, words: argparse.Namespace) -> tuple[Record, Record]:
    kind, id_ = resolve_in_log(session, words.names, words.to or words.since or LIVE)
    if words.other is not None:
        _, other = resolve(session, kind, words.other)
        return session.record(kind, id_), session.record(kind, other)
    since = find_version(session, kind, id_, words.since or PREVIOUS)
    to = find_version(session, kind, id_, words.to or LIVE)
    return session.record(kind, id_, since), session.record(kind, id_, to)


COMMAND = Command(run, add_arguments, tells_damage=True, prepare=prepare)
