"""``search``: every place of the store that holds a text."""

from __future__ import annotations

import argparse
from itertools import islice

from inspector.cli.arguments import count, text
from inspector.cli.command import Command
from inspector.cli.output import Output, say
from inspector.errors import UsageError
from inspector.exit_codes import Exit
from inspector.export.json_object import object_text
from inspector.plurals import counted
from inspector.session.record_lookup import resolve_kind
from inspector.session.session import Session
from inspector.session.store_search import Coverage, SearchHit, SearchQuery, StoreSearch

_REPLACED = "\N{REPLACEMENT CHARACTER}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what is sought, and where."""
    parser.add_argument(
        "text", metavar="TEXT", type=text, help="text of a string, a map key or an unknown field"
    )
    parser.add_argument(
        "--kind",
        metavar="K",
        dest="kinds",
        action="append",
        type=text,
        help="search this kind only; may be given several times",
    )
    parser.add_argument("--ignore-case", action="store_true", help="take upper for lower case")
    parser.add_argument("--history", action="store_true", help="search all versions too")
    parser.add_argument(
        "--events", action="store_true", help="search the events of executions and sessions too"
    )
    parser.add_argument("--limit", type=count, metavar="N", help="stop after this many hits")
    parser.add_argument(
        "--values",
        action="store_true",
        help="search numbers, enum names, times and truth values instead of text; decodes every"
        " record",
    )


def prepare(words: argparse.Namespace) -> None:
    """Refuses what is in every text.

    Raises:
        UsageError: there is nothing to search for.
    """
    if not words.text:
        raise UsageError("There is no text to search for.", "Give at least one character.")


def run(session: Session, words: argparse.Namespace, output: Output) -> int:
    """The hits, each as it is found; exit 1 where there are none, or damage may hide some."""
    kinds = None
    if words.kinds is not None:
        kinds = sorted({resolve_kind(session, one) for one in words.kinds})
    query = SearchQuery(
        *(words.text, words.ignore_case, kinds, words.history, words.values),
        reveal=words.reveal_secrets,
        events=words.events,
    )
    search = StoreSearch(session, query, lambda seen: output.progress(_said(seen, query)))
    replaced = 0
    for hit in islice(search.run(), words.limit):
        if words.json:
            replaced += _REPLACED in hit.snippet.text
            output.text(_json(hit, query))
        else:
            output.line(_line(hit))
        output.flush()
    found = search.coverage
    if found.damage is not None and not found.total:
        raise found.damage
    if found.damage is not None:
        output.note(str(found.damage))
    if replaced:
        output.note(
            f"U+FFFD in {counted(replaced, 'snippet')} may stand for bytes that are not valid"
            " UTF-8; show says where"
        )
    output.note_replaced()
    hits = "1 hit" if words.limit == 1 else f"{words.limit} hits"
    end = "" if found.complete else f"; stopped after {hits}"
    say(_said(found, query) + end)
    whole = found.damage is None and not found.lost
    return Exit.DONE if found.hits and whole else Exit.NO


def _said(found: Coverage, query: SearchQuery) -> str:
    return found.sentence(history=query.history, events=query.events)


def _json(hit: SearchHit, query: SearchQuery) -> str:
    members: list[tuple[str, object]] = [
        ("kind", hit.kind),
        ("id", hit.id),
        ("auditId", hit.version.audit_id if hit.version is not None else None),
        *([("event", hit.event.number if hit.event is not None else None)] if query.events else ()),
        ("path", hit.path),
        ("snippet", hit.snippet.text),
    ]
    return object_text(members, indent=None) + "\n"


def _line(hit: SearchHit) -> str:
    version = "" if hit.version is None else f"  {hit.version.name}"
    if hit.event is not None:
        version = f"  event {hit.event.name}"
    return f"{hit.kind}/{hit.id}{version}  {hit.path}  {hit.snippet.text}"


COMMAND = Command(run, add_arguments, tells_damage=True, prepare=prepare)
