"""``list``: the records of a kind."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import islice

from inspector.cli.arguments import count, text
from inspector.cli.command import Command
from inspector.cli.output import Output
from inspector.errors import Exit, StoreError
from inspector.plurals import counted
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
    if heads.damage is not None:
        output.note(str(heads.damage))
        return Exit.NO
    return Exit.DONE


class _Heads:
    """The lines asked for, page by page, and what ended them early.

    Attributes:
        seen: lines looked at.
        replaced: names and organizations that are not valid UTF-8; ``first`` is whose was first.
        damage: what ended them early.
    """

    def __init__(
        self, session: Session, kind: str, words: argparse.Namespace, output: Output
    ) -> None:
        self.pages = session.gone if words.gone else session.records
        self.kind = kind
        self.words = words
        self.output = output
        self.seen = self.replaced = 0
        self.first = ""
        self.damage: StoreError | None = None

    def __iter__(self) -> Iterator[RecordHead]:
        lines = self._all()
        if self.words.org is not None:
            lines = (head for head in lines if head.org == self.words.org)
        return map(self._counted, islice(lines, self.words.limit))

    def _counted(self, head: RecordHead) -> RecordHead:
        if head.replaced and not self.replaced:
            self.first = head.id
        self.replaced += head.replaced
        return head

    def _all(self) -> Iterator[RecordHead]:
        words = self.words
        size = PAGE if words.limit is None or words.org is not None else min(PAGE, words.limit)
        after: str | None = words.after
        while size:
            page = self._page(after, size)
            for head in page.rows:
                self.seen += 1
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
