"""``find``: the records of a kind for which an expression is true."""

from __future__ import annotations

import argparse
import json

from inspector.cli.arguments import add_counts, add_facets, count, facets_of, text
from inspector.cli.command import Command
from inspector.cli.output import Output
from inspector.errors import StoreError, StoreErrorKind
from inspector.exit_codes import Exit
from inspector.plurals import counted
from inspector.session.record_lookup import resolve_kind
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
    add_facets(parser, "find")
    add_counts(parser)


def run(session: Session, words: argparse.Namespace, output: Output) -> int:
    """The records that match, as they are found."""
    # Only here: no other command but export reads expressions.
    from inspector.session.expression_filter import ExpressionFilter  # noqa: PLC0415
    from inspector.session.facet_filter import FacetFilter  # noqa: PLC0415

    kind = resolve_kind(session, words.kind)
    if words.counts:
        from inspector.cli.commands.list_command import write_counts  # noqa: PLC0415

        return write_counts(session, kind, words, output, words.expression)
    choice = facets_of(session, kind, words)
    facets = FacetFilter(session, kind, choice) if choice.any else None
    found = ExpressionFilter(
        session, kind, words.expression, reveal=words.reveal_secrets, facets=facets
    )
    damage: StoreError | None = None
    rows = found.rows(lambda looked: output.progress(counted(looked, "record")))
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
