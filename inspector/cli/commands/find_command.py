"""``find``: the records of a kind for which an expression is true."""

from __future__ import annotations

import argparse
import json

from inspector.cli.arguments import count, text
from inspector.cli.command import Command
from inspector.cli.output import Output
from inspector.errors import StoreError, StoreErrorKind
from inspector.exit_codes import Exit
from inspector.session.finding import resolve_kind
from inspector.session.session import Session


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the expression, the kind and how many."""
    parser.add_argument(
        "expression",
        metavar="EXPR",
        type=text,
        help="CEL over r (the message), id, updated_at, size and versions,"
        " such as 'r.status.phase == EXECUTION_FAILED'",
    )
    parser.add_argument("--kind", metavar="K", type=text, required=True, help="kind to look in")
    parser.add_argument("--limit", type=count, metavar="N", help="stop after this many records")


def run(session: Session, words: argparse.Namespace, output: Output) -> int:
    """The records that match, as they are found."""
    # Only here: no other command but export reads expressions.
    from inspector.session.expression_filter import ExpressionFilter  # noqa: PLC0415

    kind = resolve_kind(session, words.kind)
    found = ExpressionFilter(session, kind, words.expression, reveal=words.reveal_secrets)
    damage: StoreError | None = None
    rows = found.rows(lambda looked: output.progress(f"{looked:,} records"))
    try:
        while words.limit is None or found.matched < words.limit:
            row = next(rows, None)
            if row is None:
                break
            if words.json:
                given = {"kind": row.kind, "id": row.id}
                output.text(json.dumps(given, ensure_ascii=False, separators=(",", ":")) + "\n")
            else:
                output.line(row.id)
            output.flush()
    except StoreError as error:
        if error.kind is not StoreErrorKind.DAMAGED or not found.looked:
            raise
        damage = error
    output.note(found.note)
    output.note(str(damage or ""))
    output.note(f"{found.summary}.")
    incomplete = damage is not None or found.unread
    return Exit.NO if incomplete or not found.matched else Exit.DONE


COMMAND = Command(run, add_arguments)
