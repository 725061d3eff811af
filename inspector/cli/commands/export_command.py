"""``export``: records as JSON, to a file that is replaced whole, or to standard output."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

from inspector.cli.arguments import VERSION, add_facets, facets_of, file_name, text
from inspector.cli.command import Command
from inspector.cli.commands.record_command import (
    names_of,
    read_record,
    resolve_in_log,
    write_record,
)
from inspector.cli.notes import Covered
from inspector.cli.output import Output
from inspector.errors import NotFoundError, StoreError, UsageError
from inspector.exit_codes import Exit
from inspector.export.record_text import name, unwritable
from inspector.export.replaced_file import refuse_store, replacing
from inspector.export.stream import Stream
from inspector.history.record import Record
from inspector.history.selector import LIVE
from inspector.invisible import named
from inspector.plurals import counted
from inspector.schema.kind_names import normal_kind
from inspector.session.reading import MessageText
from inspector.session.record_lookup import find_version, resolve, resolve_kind
from inspector.session.session import Session
from inspector.session.walking import archived, every_message, every_record, with_history
from inspector.store.temporary_places import Spool
from inspector.store.text import encode

if TYPE_CHECKING:
    from inspector.session.expression_filter import ExpressionFilter
    from inspector.session.facet_filter import FacetFilter
    from inspector.session.log_history import LogRecords

_STDOUT: Final = "-"
_BETWEEN_PROGRESS: Final = 64  #: records


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds which records, in which form and where to."""
    parser.add_argument(
        "names", metavar="[KIND [ID]]", nargs="*", type=text, help="default: records of all kinds"
    )
    parser.add_argument(
        "--version", type=text, metavar="V", help=f"write this version of the record: {VERSION}"
    )
    parser.add_argument("--history", action="store_true", help="include all versions")
    parser.add_argument(
        "--wal",
        action="store_true",
        help="with --history: include the states that the write-ahead log holds",
    )
    parser.add_argument(
        "--where", type=text, metavar="EXPR", help="only records for which this CEL is true"
    )
    add_facets(parser, "write")
    parser.add_argument("--envelope", action="store_true", help="include all that JSON leaves out")
    parser.add_argument(
        "-o",
        "--output",
        type=file_name,
        metavar="OUT",
        default=_STDOUT,
        help="write to this file; default: %(default)s, standard output",
    )
    parser.add_argument(
        "--format",
        choices=("json", "ndjson"),
        help="write several records as one array or as lines; default: by the suffix of OUT",
    )


def prepare(words: argparse.Namespace) -> None:
    """Refuses arguments that do not go together.

    Raises:
        UsageError: they do not.
    """
    if len(words.names) > 2:
        raise UsageError("Too many arguments.", "Give a kind and an ID, a kind, or nothing.")
    if words.version is not None and not _is_of_one(words):
        raise UsageError("--version needs one record.", "Give a kind and an ID.")
    if words.wal and not words.history:
        raise UsageError("--wal needs --history.", "They go together.")
    filtering = next((option for option, given in _filters(words) if given), None)
    if filtering is not None and (len(words.names) != 1 or words.wal):
        raise UsageError(
            f"{filtering} needs one kind.", "Give a kind, and neither an ID nor --wal."
        )


def _is_of_one(words: argparse.Namespace) -> bool:
    """Whether a record is asked for, as it is or as one of its versions was."""
    return len(words.names) == 2 and not words.history


def run(session: Session, words: argparse.Namespace, output: Output) -> int:
    """Writes one record as ``show`` does, several as an array or as lines."""
    if words.output != _STDOUT:
        refuse_store(Path(words.output), Path(session.store.real_path))
    return (_one if _is_of_one(words) else _several)(session, words, output)


def _one(session: Session, words: argparse.Namespace, output: Output) -> int:
    version = words.version or LIVE
    kind, id_ = resolve_in_log(session, words.names, version)
    record = read_record(session, kind, id_, find_version(session, kind, id_, version), words)
    covered = Covered()
    with _target(words, output) as target:
        covered.add(write_record(record, words, target))
    covered.say(output)
    output.note(f"1 record of {named(kind)} written{_where(words)}.")
    return Exit.DONE


def _several(session: Session, words: argparse.Namespace, output: Output) -> int:
    log = _log(session, output) if words.wal else None
    found = _filter(session, words)
    tally = _ExportTally()
    covered = Covered()
    damage: StoreError | None = None
    with _target(words, output) as target, Spool(session.store.real_path) as spool:
        held = _Held(target, spool)
        stream = Stream(
            held.write,
            array=_as_array(words),
            reveal=words.reveal_secrets,
            envelopes=words.envelope or words.history,
        )
        try:
            records = (
                _matching(session, found, words)
                if found is not None
                else _records(session, words, log, stream)
            )
            for record in records:
                # Nothing waits that is known to be readable: it may be very long.
                if not isinstance(record, Record) or record.tree is not None:
                    held.release()
                if isinstance(record, MessageText):
                    stream.put_text(record.text.write)
                    covered.add_secrets(record.text.covered)
                    tally.add_messages(record.kind, record.records)
                    target.progress(tally.text)
                else:
                    covered.add(stream.add(record), name(record))
                    tally.add(record, as_envelope=bool(unwritable(record)))
                    if tally.readable % _BETWEEN_PROGRESS == 0:
                        target.progress(tally.text)
        except StoreError as error:
            damage = error
        damage = damage or session.store.damage
        # Of a damaged file what can be read takes the place of what was there; nothing does not.
        if damage is not None and not tally.readable:
            raise damage
        held.release()
        stream.close()
    output.replaced += stream.replaced
    covered.say(output)
    output.note(tally.undecoded)
    output.note(str(damage or ""))
    for note in _log_notes(log):
        output.note(note)
    if found is not None:
        output.note(found.note)
        output.note(f"{found.summary}.")
    output.note(f"{tally.text} written{_where(words)}.")
    nothing = damage is not None or tally.unreadable
    nothing = nothing or (found is not None and (found.unread or not found.matched))
    return Exit.NO if nothing else Exit.DONE


def _filters(words: argparse.Namespace) -> Iterator[tuple[str, bool]]:
    """The options that say which records of a kind, and whether they are given."""
    yield "--where", words.where is not None
    yield "--org", words.org is not None
    yield "--state", words.state is not None
    yield "--since", words.since is not None
    yield "--has-error", words.has_error


def _filter(session: Session, words: argparse.Namespace) -> ExpressionFilter | FacetFilter | None:
    """What these options ask for."""
    if not any(given for _, given in _filters(words)):
        return None
    from inspector.session.facet_filter import FacetFilter  # noqa: PLC0415

    kind = resolve_kind(session, words.names[0])
    choice = facets_of(session, kind, words)
    facets = FacetFilter(session, kind, choice) if choice.any else None
    if words.where is None:
        return facets
    from inspector.session.expression_filter import ExpressionFilter  # noqa: PLC0415

    return ExpressionFilter(session, kind, words.where, reveal=words.reveal_secrets, facets=facets)


def _matching(
    session: Session, found: ExpressionFilter | FacetFilter, words: argparse.Namespace
) -> Iterator[Record | MessageText]:
    """The records that match, each before its versions where these are asked for."""
    reader = session.reader()
    if not words.history:
        yield from map(reader.record, found.rows())
        return
    # A table without a key may hold an id several times; its versions are those of all of them.
    for (kind, id_), rows in groupby(found.rows(), key=lambda row: (row.kind, row.id)):
        yield from map(reader.record, rows)
        yield from archived(session, kind, id_)


def _as_array(words: argparse.Namespace) -> bool:
    if words.format is not None:
        return bool(words.format == "json")
    return bool(words.output.lower().endswith(".json"))


def _target(words: argparse.Namespace, output: Output) -> AbstractContextManager[Output]:
    return nullcontext(output) if words.output == _STDOUT else _file(Path(words.output))


@contextmanager
def _file(path: Path) -> Iterator[Output]:
    with replacing(path) as file:
        yield Output(file)


def _where(words: argparse.Namespace) -> str:
    return "" if words.output == _STDOUT else f" to {words.output}"


class _Held:
    """Data that waits until something could be read: a call that fails has written nothing.

    Of rows that a damaged file only names there may be very many, so they do not wait in memory.
    """

    def __init__(self, target: Output, spool: Spool) -> None:
        self._target, self._spool = target, spool
        self._waits = True

    def write(self, data: bytes) -> None:
        """Data as it is."""
        (self._spool if self._waits else self._target).write(data)

    def release(self) -> None:
        """Hands on what waited, and from now on everything as it comes."""
        if self._waits:
            self._waits = False
            self._spool.hand_on(self._target.write)


class _ExportTally:
    """How many of what."""

    def __init__(self) -> None:
        self._records: Counter[str] = Counter()
        self._versions = self._states = self._undecoded = 0
        self.readable = self.unreadable = 0  #: rows

    def add(self, record: Record, *, as_envelope: bool) -> None:
        self._undecoded += as_envelope
        self.readable += record.tree is not None
        self.unreadable += record.tree is None
        if record.version is None:
            self._records[record.kind] += 1
        elif record.version.logged is not None:
            self._states += 1
        else:
            self._versions += 1

    def add_messages(self, kind: str, count: int) -> None:
        """Counts live records that are written as their messages."""
        self.readable += count
        self._records[kind] += count

    @property
    def undecoded(self) -> str:
        """How many have no message, empty for none."""
        if not self._undecoded:
            return ""
        verb = "does" if self._undecoded == 1 else "do"
        return f"{self._undecoded:,} of them {verb} not decode; their envelopes say why"

    @property
    def text(self) -> str:
        """Such as ``3 records (2 of agent, 1 of skill) and 4 versions``."""
        total = self._records.total()
        kinds = ", ".join(f"{count:,} of {named(kind)}" for kind, count in self._records.items())
        text = counted(total, "record") + (f" ({kinds})" if kinds else "")
        if self._versions:
            text += f" and {counted(self._versions, 'version')}"
        if self._states:
            text += f" and {counted(self._states, 'state')} of the write-ahead log"
        return text


def _records(
    session: Session, words: argparse.Namespace, log: LogRecords | None, stream: Stream
) -> Iterator[Record | MessageText]:
    """The records asked for, in kind and id order, each before its versions.

    Where nothing but messages is written, usual ones come as the text that they are.
    """
    if len(words.names) == 2:
        return _of_one(session, words, log)
    if words.names:
        kinds = [_kind(session, words.names[0], log)]
    else:
        kinds = [kind.kind for kind in session.kinds()]
        if log is not None:
            kinds = sorted({*kinds, *log.kinds()}, key=encode)
    if words.envelope or words.history:
        return every_record(session, kinds, history=words.history, log=log)
    return every_message(
        *(session, kinds),
        between=stream.between,
        indent=stream.indent,
        level=stream.level,
        reveal=words.reveal_secrets,
    )


def _of_one(
    session: Session, words: argparse.Namespace, log: LogRecords | None
) -> Iterator[Record]:
    if log is None:
        return with_history(session, *resolve(session, *names_of(words.names)))
    kind, id_ = resolve_in_log(session, words.names)
    return chain(with_history(session, kind, id_), log.of(kind, id_))


def _kind(session: Session, text: str, log: LogRecords | None) -> str:
    """A kind of the store, or else one that only its log has.

    Raises:
        NotFoundError: there is none.
    """
    try:
        return resolve_kind(session, text)
    except NotFoundError:
        found = [one for one in log.kinds() if normal_kind(one) == normal_kind(text)] if log else ()
        if not found:
            raise
        return found[0]


def _log(session: Session, output: Output) -> LogRecords:
    # Only here: hardly any call asks for it.
    from inspector.session.log_history import LogRecords  # noqa: PLC0415

    def progress(done: int, total: int) -> None:
        output.progress(f"{done:,} of {counted(total, 'commit')}")

    return LogRecords(session, progress=progress)


def _log_notes(log: LogRecords | None) -> Iterator[str]:
    """What is to be said of the states that are not there."""
    if log is None:
        return
    from inspector.session.log_history import refused_words  # noqa: PLC0415 - hardly ever needed

    if not log.commits:
        yield "There is no write-ahead log with commits beside this file."
    if log.refused:
        yield refused_words(log.refused, log.commits)
    if log.begun_anew:
        yield "The write-ahead log was restarted meanwhile; states are missing"


COMMAND = Command(run, add_arguments, prepare=prepare)
