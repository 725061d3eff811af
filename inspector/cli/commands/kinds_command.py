"""``kinds``: the kinds of the store."""

from __future__ import annotations

import argparse

from inspector.cli.command import Command
from inspector.cli.output import Output
from inspector.exit_codes import Exit
from inspector.invisible import named
from inspector.session.session import Session


def run(session: Session, words: argparse.Namespace, output: Output) -> int:
    """The kinds of the store."""
    found = session.kinds()
    if not found and session.store.damage is not None:
        raise session.store.damage
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
    rows = [(named(k.kind), named(k.display_name), k.group, k.records, k.versions) for k in found]
    output.table(("KIND", "NAME", "GROUP", "RECORDS", "VERSIONS"), rows, "lllrr")
    return Exit.DONE


COMMAND = Command(run)
