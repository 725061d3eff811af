"""``info``, ``kinds`` and ``list``."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

from inspector.cli.output import Output
from inspector.errors import Exit, StoreError
from inspector.session.session import Session
from inspector.session.types import Info, RecordHead
from inspector.store.locate import locate
from inspector.store.types import Form, Journal, Label, StoreFacts


def info(session: Session, words: argparse.Namespace, output: Output) -> int:
    """The file as a whole."""
    _answer_info(session.info(), words.json, output)
    return Exit.DONE


def badger(path: str | None, error: StoreError, as_json: bool, output: Output) -> int:
    """What can be said of a BadgerDB directory, which is not opened."""
    place = Path(path) if path is not None else locate().path
    size = sum(one.stat().st_size for one in place.iterdir() if one.is_file())
    real = os.path.realpath(place)
    facts = StoreFacts(
        str(place), real, Label.PRODUCTION, Form.BADGER, None, Journal.UNKNOWN, size, 0, None
    )
    output.note(str(error))
    _answer_info(Info(facts, (), 0, 0, 0, (), ()), as_json, output)
    return Exit.DONE


def _answer_info(found: Info, as_json: bool, output: Output) -> None:
    facts = found.facts
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
        "tables": [{"name": table.name, "rows": table.rows} for table in found.tables],
        "problems": [
            {"code": p.code, "path": p.path, "offset": p.offset, "message": p.message}
            for p in found.problems
        ],
    }
    if as_json:
        output.document(answer)
        return
    tables = ", ".join(f"{table.name} ({table.rows})" for table in found.tables)
    schemas = [f"{use.name}: {use.records:,} records, {use.why}" for use in found.schemas]
    lines = [
        ("File", facts.path),
        ("Label", facts.label.value),
        ("Store", facts.form.value if facts.layout is None else f"layout {facts.layout}"),
        ("Journal", _journal(facts)),
        ("Size", f"{facts.size:,} bytes, WAL {facts.wal_size:,} bytes"),
        ("Holds", f"{found.records:,} records, {found.versions:,} versions, {found.kinds} kinds"),
        *(("Schema", text) for text in schemas),
        ("Tables", tables or "none"),
        *(("Problem", problem.message) for problem in found.problems),
    ]
    for name, text in lines:
        output.line(f"{name + ':':10}{text}")


def _journal(facts: StoreFacts) -> str:
    said = {
        Journal.CLEAN: "clean, nobody has it open",
        Journal.LIVE: "live, a daemon has it open",
        Journal.LEFT: "left behind by a daemon that was killed",
        Journal.ROLLBACK: "a rollback journal lies beside it",
    }.get(facts.journal, facts.journal.value)
    return f"{said} (pid {facts.daemon_pid})" if facts.daemon_pid else said


def kinds(session: Session, words: argparse.Namespace, output: Output) -> int:
    """The kinds of the store."""
    found = session.kinds()
    if words.json:
        output.document(
            [
                {
                    "kind": kind.kind,
                    "displayName": kind.display_name,
                    "group": kind.group,
                    "count": kind.records,
                    "auditCount": kind.versions,
                }
                for kind in found
            ]
        )
        return Exit.DONE
    rows = [(k.kind, k.display_name, k.group, k.records, k.versions) for k in found]
    output.table(("KIND", "NAME", "GROUP", "RECORDS", "VERSIONS"), rows, "lllrr")
    return Exit.DONE


def list_records(session: Session, words: argparse.Namespace, output: Output) -> int:
    """The records of a kind."""
    kind = session.resolve_kind(words.kind)
    heads = _Heads(session, kind, words)
    if words.json:
        output.items(map(_head, heads))
    else:
        rows = [
            (h.id, h.name or h.problem, h.state, h.org, h.updated_at, h.size, h.versions)
            for h in heads
        ]
        head = ("ID", "NAME", "STATE", "ORG", "UPDATED", "BYTES", "VERSIONS")
        output.table(head, rows, "lllllrr")
    if heads.damage is not None:
        output.note(str(heads.damage))
        return Exit.NO
    return Exit.DONE


class _Heads:
    """The lines asked for, page by page, and what ended them early."""

    def __init__(self, session: Session, kind: str, words: argparse.Namespace) -> None:
        self.pages = session.gone if words.gone else session.records
        self.kind = kind
        self.words = words
        self.damage: StoreError | None = None

    def __iter__(self) -> Iterator[RecordHead]:
        words = self.words
        left: int | None = words.limit
        after: str | None = words.after
        while left is None or left > 0:
            size = 256 if left is None or words.org is not None else min(256, left)
            page = self.pages(self.kind, after, size)
            for head in page.rows:
                if words.org is not None and head.org != words.org:
                    continue
                yield head
                left = None if left is None else left - 1
                if left == 0:
                    return
            self.damage = page.damage
            if not page.more or not page.rows:
                return
            after = page.rows[-1].id


def _head(head: RecordHead) -> dict[str, object]:
    made: dict[str, object] = {
        "id": head.id,
        "name": head.name,
        "state": head.state,
        "org": head.org,
        "updatedAt": head.updated_at,
        "size": head.size,
        "versions": head.versions,
    }
    if head.problem is not None:
        made["problem"] = head.problem
    return made
