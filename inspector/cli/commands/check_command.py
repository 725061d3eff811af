"""``check``: every record, version and event decoded, and what is odd about each."""

from __future__ import annotations

import argparse

from inspector.cli.command import Command
from inspector.cli.output import Output
from inspector.errors import Exit
from inspector.session.check import Checked, check_store
from inspector.session.session import Session


def run(session: Session, words: argparse.Namespace, output: Output) -> int:
    """Says what is odd; exit 1 where there are errors."""
    found = check_store(session, progress=output.progress)
    if words.json:
        output.document(_answer(found))
    else:
        _table(found, output)
    return Exit.NO if found.errors else Exit.DONE


def _answer(found: Checked) -> dict[str, object]:
    return {
        "records": found.records,
        "versions": found.versions,
        "decoded": found.decoded,
        "errors": found.errors,
        "warnings": found.warnings,
        "problems": [
            {
                "severity": one.problem.severity,
                "code": one.problem.code,
                "kind": one.kind,
                "id": one.id,
                "auditId": one.audit_id,
                "path": one.problem.path,
                "message": one.problem.message,
            }
            for one in found.problems
        ],
    }


def _table(found: Checked, output: Output) -> None:
    rows = [
        (
            one.problem.severity,
            one.problem.code,
            f"{one.kind}/{one.id}" if one.id is not None else one.kind or "",
            f"audit:{one.audit_id}" if one.audit_id is not None else "",
            one.problem.path,
            one.problem.message,
        )
        for one in found.problems
    ]
    if rows:
        output.table(("", "CODE", "RECORD", "VERSION", "PATH", "WHAT"), rows)
    output.line(
        f"{found.records:,} records and {found.versions:,} versions checked,"
        f" {found.decoded:,} decoded"
        f"{f', {found.events:,} events' if found.events else ''}:"
        f" {found.errors:,} errors, {found.warnings:,} warnings."
        f"{' What lies behind damage was not checked.' if found.damaged else ''}"
    )


COMMAND = Command(run, tells_damage=True)
