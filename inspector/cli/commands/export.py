"""``export``: records as JSON, to a file that is replaced whole, or to standard output."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO

from inspector.cli.commands.record import resolve, say_notes, write_record
from inspector.cli.output import Output
from inspector.errors import Exit, UsageError
from inspector.export.record_text import covered_note
from inspector.export.stream import Stream
from inspector.export.target import refuse_store, replacing
from inspector.history.record import Record
from inspector.session.session import Session


def export(session: Session, words: argparse.Namespace, output: Output) -> int:
    """Writes one record as ``show`` does, several as an array or as lines."""
    if len(words.names) > 2:
        raise UsageError("There are too many names.", "Give a kind and an id, a kind, or nothing.")
    single = len(words.names) == 2 and not words.history
    if words.version is not None and not single:
        raise UsageError("A version is of one record.", "Give a kind and an id with --version.")
    if not single:
        return _several(session, words, output)
    kind, id_ = resolve(session, words.names)
    record = session.record(kind, id_, session.select(kind, id_, words.version or "live"))
    with _target(session, words, output) as file:
        written = write_record(record, words, Output(file))
    say_notes(written, output)
    output.note(f"1 record of {kind} written to {words.output}" * (words.output != "-"))
    return Exit.DONE


def _target(
    session: Session, words: argparse.Namespace, output: Output
) -> AbstractContextManager[BinaryIO]:
    if words.output == "-":
        return nullcontext(output.data)
    refuse_store(Path(words.output), Path(session.store.real_path))
    return replacing(Path(words.output))


def _several(session: Session, words: argparse.Namespace, output: Output) -> int:
    records = _records(session, words)
    as_array = words.format == "json" or (
        words.format is None and words.output.lower().endswith(".json")
    )
    counts: Counter[str] = Counter()
    versions = 0
    with _target(session, words, output) as file:
        envelopes = words.envelope or words.history
        stream = Stream(
            file.write, array=as_array, reveal=words.reveal_secrets, envelopes=envelopes
        )
        for record in records:
            stream.add(record)
            counts[record.kind] += record.version is None
            versions += record.version is not None
            output.progress(f"{sum(counts.values()) + versions:,} written")
        stream.close()
    for note, times in stream.notes.items():
        output.note(f"{note} ({times:,} records)" if times > 1 else note)
    output.note(covered_note(stream.covered))
    many = ", ".join(f"{count:,} of {kind}" for kind, count in counts.items() if count)
    history = f"; {versions:,} versions" if versions else ""
    output.note(f"{sum(counts.values()):,} records written: {many or 'none'}{history}")
    return Exit.DONE


def _records(session: Session, words: argparse.Namespace) -> Iterator[Record]:
    """The records asked for, in kind and id order, each before its versions."""
    if len(words.names) == 2:
        kind, id_ = resolve(session, words.names)
        return session.with_history(kind, id_)
    kinds = [kind.kind for kind in session.kinds()]
    if words.names:
        kinds = [session.resolve_kind(words.names[0])]
    return session.every_record(kinds, history=words.history)
