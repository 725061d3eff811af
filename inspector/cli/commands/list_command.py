"""``list``: the records of a kind."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from itertools import islice

from inspector.cli.arguments import count, text
from inspector.cli.command import Command
from inspector.cli.output import Output
from inspector.errors import StoreError, UsageError
from inspector.exit_codes import Exit
from inspector.plurals import counted
from inspector.session.facets import FacetChoice, earliest
from inspector.session.finding import resolve_kind
from inspector.session.session import Session
from inspector.session.summaries import RecordHead
from inspector.store.rows import PAGE, Page


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the kind and what of it."""
    parser.add_argument("kind", metavar="KIND", type=text, help="kind to list, such as agent")
    parser.add_argument("--limit", type=count, metavar="N", help="maximum number of records")
    parser.add_argument("--after", type=text, metavar="ID", help="start after this ID")
    parser.add_argument("--org", type=text, metavar="O", help="list this organization only")
    parser.add_argument(
        "--state",
        action="append",
        type=text,
        metavar="S",
        help="list records in this state only, such as failed or EXECUTION_FAILED; may be repeated",
    )
    parser.add_argument(
        "--since",
        type=text,
        metavar="T",
        help="list what was updated since then: a day, a time, or 30m, 24h, 7d or 2w ago",
    )
    parser.add_argument(
        "--has-error", action="store_true", help="list records that say what went wrong"
    )
    parser.add_argument(
        "--gone", action="store_true", help="list deleted records that have history"
    )


def run(session: Session, words: argparse.Namespace, output: Output) -> int:
    """The records of a kind."""
    kind = resolve_kind(session, words.kind)
    heads = _Heads(session, kind, words, output)
    if words.json:
        output.items(map(_head, heads))
        output.note(_replaced(heads))
    else:
        rows = (
            (h.id, h.name or h.problem, h.state, h.org, h.updated_at, h.size, h.versions)
            for h in heads
        )
        head = ("ID", "NAME", "STATE", "ORG", "UPDATED", "BYTES", "VERSIONS")
        output.table(head, rows, "lllllrr")
    if heads.unread:
        output.note(f"{heads.unread:,} of the records cannot be read; their problems say why")
    if heads.damage is not None:
        output.note(str(heads.damage))
    return Exit.NO if heads.unread or heads.damage is not None else Exit.DONE


class _Heads:
    """The lines asked for, page by page, and what ended them early.

    Attributes:
        seen: lines looked at.
        replaced: names and organizations that are not valid UTF-8; ``first`` is whose was first.
        unread: of those looked at, how many rows could not be read.
        damage: what ended them early.
    """

    def __init__(
        self, session: Session, kind: str, words: argparse.Namespace, output: Output
    ) -> None:
        self.pages = session.gone if words.gone else session.records
        self.kind = kind
        self.words = words
        self.output = output
        self.facets = FacetChoice(
            frozenset(_states(session, kind, words.state or ())),
            since=words.since or "",
            failed=words.has_error,
        )
        self.earliest = earliest(self.facets.since)
        if words.since == "":
            raise UsageError("--since names no time.", "Leave it out to list records of any time.")
        if words.has_error and words.gone:
            raise UsageError(
                "--has-error looks at live records only.", "Leave out --gone, or --has-error."
            )
        self.seen = self.unread = self.replaced = 0
        self.first = ""
        self.damage: StoreError | None = None

    def __iter__(self) -> Iterator[RecordHead]:
        lines = self._all()
        if self.words.org is not None:
            lines = (head for head in lines if head.org == self.words.org)
        if self.facets.any:
            lines = filter(self._is_wanted, lines)
        return map(self._counted, islice(lines, self.words.limit))

    def _is_wanted(self, head: RecordHead) -> bool:
        return self.facets.holds(
            state=head.state,
            org=head.org,
            updated_at=head.updated_at,
            error=head.error,
            earliest=self.earliest,
        )

    def _counted(self, head: RecordHead) -> RecordHead:
        if head.replaced and not self.replaced:
            self.first = head.id
        self.replaced += head.replaced
        return head

    def _all(self) -> Iterator[RecordHead]:
        words = self.words
        filtered = words.org is not None or self.facets.any
        size = PAGE if words.limit is None or filtered else min(PAGE, words.limit)
        after: str | None = words.after
        while size:
            page = self._page(after, size)
            for head in page.rows:
                self.seen += 1
                self.unread += head.unread
                self.output.progress(f"{self.seen:,} records")
                yield head
            self.damage = self.damage or page.damage
            if self.damage is not None and not self.seen:
                raise self.damage
            if not page.more or not page.rows:
                return
            after = page.rows[-1].id

    def _page(self, after: str | None, size: int) -> Page[RecordHead]:
        try:
            return self.pages(self.kind, after, size)
        except StoreError as error:
            if not self.output.begun:
                raise
            return Page((), more=False, damage=error)


def _states(session: Session, kind: str, wanted: Sequence[str]) -> Iterator[str]:
    """The names of the states that are meant: whole, or without what they begin with.

    Raises:
        UsageError: the kind has no such state.
    """
    if not wanted:
        return
    from inspector.schema.state import state_field  # noqa: PLC0415 - hardly ever asked

    reader = session.reader()
    names: dict[str, None] = {}
    for message in reader.messages(kind):
        path = state_field(message) if message is not None else None
        if path is not None and path[-1].enum is not None:
            names.update(dict.fromkeys(path[-1].enum.names.values()))
    for enum in reader.document_enums(kind) if reader.documents else ():
        names.update(dict.fromkeys(enum.names.values()))
    for one in wanted:
        whole = "_".join(one.upper().replace("-", "_").split())
        found = [name for name in names if name == whole or name.endswith(f"_{whole}")]
        if not found and not one.isdigit():
            known = f"It has {', '.join(names)}." if names else "It has no states."
            raise UsageError(f"{kind} has no state {one!r}.", known)
        yield from found or [one]


def _replaced(heads: _Heads) -> str:
    """The note about names that are not valid UTF-8, in the words of ``show``; empty for none."""
    if not heads.replaced:
        return ""
    of = heads.first if heads.replaced == 1 else f"first: {heads.first}"
    what = counted(heads.replaced, "name or organization", "names and organizations")
    return f"not valid UTF-8, written with U+FFFD: {what} ({of})"


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


COMMAND = Command(run, add_arguments)
