"""``info``: the file as a whole."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from inspector.cli.command import Command
from inspector.cli.output import Output
from inspector.errors import StoreError, StoreErrorKind
from inspector.exit_codes import Exit
from inspector.invisible import named
from inspector.plurals import counted
from inspector.session.session import Session
from inspector.session.store_info import info
from inspector.session.summaries import Info
from inspector.store.default_store import locate
from inspector.store.rows import Form, Journal, StoreFacts, TableType
from inspector.store.store import label_of


def run(session: Session, words: argparse.Namespace, output: Output) -> int:
    """The file as a whole."""
    _write(info(session, None, output.progress), words.json, output)
    return Exit.DONE


def unopened(words: argparse.Namespace, error: StoreError, output: Output) -> int:
    """What can be said of a BadgerDB directory, which is not opened.

    Raises:
        StoreError: the one given, where the file is none.
    """
    if error.kind is not StoreErrorKind.BADGER:
        raise error
    place = Path(words.db) if words.db is not None else locate().path
    real = os.path.realpath(place)
    try:
        size = sum(one.stat().st_size for one in place.iterdir() if one.is_file())
    except OSError as failed:
        raise error from failed
    label = label_of(str(place), real)
    facts = StoreFacts(str(place), real, label, Form.BADGER, None, Journal.UNKNOWN, size, 0, None)
    _write(Info(facts, (), 0, 0, 0, 0, (), ()), words.json, output)
    output.note(str(error))
    return Exit.DONE


def _write(found: Info, as_json: bool, output: Output) -> None:
    facts = found.facts
    output.note(facts.newer)
    tables = [table for table in found.tables if table.type is TableType.TABLE]
    views = [table.name for table in found.tables if table.type is TableType.VIEW]
    answer: dict[str, object] = {
        "path": facts.path,
        "realPath": facts.real_path,
        "label": facts.label.value,
        "store": facts.form.value,
        "layout": facts.layout,
        "journal": facts.journal.value,
        "size": facts.size,
        "walSize": facts.wal_size,
        "schema": [
            {"name": use.name, "why": use.why, "records": use.records} for use in found.schemas
        ],
        "kinds": found.kinds,
        "records": found.records,
        "versions": found.versions,
        "tables": [{"name": table.name, "rows": table.rows} for table in tables],
        "problems": [
            {"code": p.code, "path": p.path, "offset": p.offset, "message": p.message}
            for p in found.problems
        ],
    }
    if as_json:
        output.document(answer)
        return
    tables_told = ", ".join(
        f"{named(table.name)} ({'?' if table.rows is None else table.rows})" for table in tables
    )
    schemas = [f"{use.name}: {counted(use.records, 'record')}, {use.why}" for use in found.schemas]
    if found.unread:
        schemas.append(f"none: {counted(found.unread, 'record')}, read by number")
    lines = [
        ("File", facts.path),
        ("Label", facts.label.value),
        ("Store", facts.form.value if facts.layout is None else f"layout {facts.layout}"),
        ("Journal", _journal(facts)),
        ("Size", f"{counted(facts.size, 'byte')}, WAL {counted(facts.wal_size, 'byte')}"),
        (
            "Holds",
            f"{counted(found.records, 'record')}, {counted(found.versions, 'version')},"
            f" {counted(found.kinds, 'kind')}",
        ),
        *(("Schema", text) for text in schemas),
        ("Tables", tables_told or "none"),
        *([("Views", f"{', '.join(views)} (not run)")] if views else []),
        *(("Problem", problem.message) for problem in found.problems),
    ]
    for name, text in lines:
        output.line(f"{name + ':':10}{text}")


def _journal(facts: StoreFacts) -> str:
    foreign = facts.form is Form.FOREIGN
    said = {
        Journal.CLEAN: "clean, not in use",
        Journal.LIVE: f"live, in use by {'another program' if foreign else 'a daemon'}",
        Journal.LEFT: f"left, {'' if foreign else 'the daemon was killed; '}WAL included",
        Journal.ROLLBACK: "has a rollback journal",
        Journal.UNKNOWN: "unknown whether it is in use",
    }[facts.journal]
    if facts.journal is Journal.CLEAN and not facts.asleep:
        # Without a WAL a program that has it open is seen only while it reads or writes.
        said = "clean, not being read or written"
    if facts.journal is Journal.LIVE and not facts.asleep:
        said = "live, being read or written"
    return f"{said} (pid {facts.daemon_pid})" if facts.daemon_pid else said


COMMAND = Command(run, any_sqlite=True, unopened=unopened)
