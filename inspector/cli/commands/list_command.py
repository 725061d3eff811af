"""``list``: the records of a kind."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from inspector.cli.arguments import add_counts, add_facets, count, facets_of, text
from inspector.cli.command import Command
from inspector.cli.output import Output
from inspector.errors import StoreError, UsageError
from inspector.exit_codes import Exit
from inspector.invisible import named
from inspector.plurals import counted
from inspector.session.facet_filter import FacetFilter, match_words
from inspector.session.record_lookup import resolve_kind
from inspector.session.session import Session
from inspector.session.since import PERIODS, earliest
from inspector.session.summaries import RecordHead
from inspector.store.rows import PAGE, Page, Row

if TYPE_CHECKING:
    from inspector.session.facet_counts import FacetCount

Listed = TypeVar("Listed", Row, RecordHead)
_Read: TypeAlias = Callable[[str, str | None, int], Page[Listed]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the kind and what of it."""
    parser.add_argument("kind", metavar="KIND", type=text, help="kind to list, such as agent")
    parser.add_argument("--limit", type=count, metavar="N", help="maximum number of records")
    parser.add_argument("--after", type=text, metavar="ID", help="start after this ID")
    add_facets(parser, "list")
    parser.add_argument(
        "--gone", action="store_true", help="list deleted records that have history"
    )
    add_counts(parser)


def run(session: Session, words: argparse.Namespace, output: Output) -> int:
    """The records of a kind."""
    kind = resolve_kind(session, words.kind)
    if words.has_error and words.gone:
        raise UsageError(
            "--has-error looks at live records only.", "Leave out --gone, or --has-error."
        )
    if words.counts:
        return write_counts(session, kind, words, output)
    heads = _Heads(session, kind, words, output)
    if words.json:
        output.items(map(_head, heads))
        output.note(_replaced(heads))
    else:
        rows = (
            (named(h.id), h.name or h.problem, h.state, h.org, h.updated_at, h.size, h.versions)
            for h in heads
        )
        head = ("ID", "NAME", "STATE", "ORG", "UPDATED", "BYTES", "VERSIONS")
        output.table(head, rows, "lllllrr")
    if heads.unread:
        output.note(f"{heads.unread:,} of the records cannot be read; their problems say why")
    if heads.damage is not None:
        output.note(str(heads.damage))
    return Exit.NO if heads.unread or heads.damage is not None else Exit.DONE


def write_counts(
    session: Session,
    kind: str,
    words: argparse.Namespace,
    output: Output,
    expression: str = "",
) -> int:
    """How many of what matches have which state, organization, time and error.

    Args:
        session: the store.
        kind: as stored.
        words: the arguments of :func:`~inspector.cli.arguments.add_facets` among them.
        output: where it is written.
        expression: CEL that has to be true as well; then JSON stands in one line.
    """
    from inspector.session.facet_counts import count_facets  # noqa: PLC0415 - seldom asked

    gone = not expression and words.gone
    if words.limit is not None or (not expression and words.after is not None):
        out = "--limit" if expression else "--limit and --after"
        raise UsageError("--counts looks at all records.", f"Leave out {out}.")
    found = count_facets(
        *(session, [kind]),
        choice=facets_of(session, kind, words),
        expression=expression,
        gone=gone,
        progress=lambda so_far: output.progress(counted(so_far.looked, "record")),
    )
    if found.damage is not None and not found.looked:
        raise found.damage
    if words.json and expression:
        made = json.dumps(found.document(), ensure_ascii=False, separators=(",", ":"))
        output.text(f"{made}\n")
    elif words.json:
        output.document(found.document())
    else:
        output.table(("FACET", "VALUE", "RECORDS"), _counts(found, gone=gone), "llr")
    if found.unread:
        output.note(f"{counted(found.unread, 'record')} cannot be read")
    output.note(str(found.damage or ""))
    output.note(f"{match_words(found.matched, found.looked)}.")
    # As without the counts: find ends with 1 where nothing matches, list does not.
    incomplete = found.unread or found.damage is not None
    return Exit.NO if incomplete or (expression and not found.matched) else Exit.DONE


def _counts(found: FacetCount, *, gone: bool) -> Iterator[tuple[str, str, int]]:
    for name, values in (("state", found.states), ("org", found.orgs)):
        for value, number in values.most_common():
            yield name, value or "(none)", number
    for period in PERIODS:
        yield "since", period, found.since[period]
    if not gone:
        yield "error", "", found.failed


class _Heads:
    """The lines asked for, page by page, and what ended them early.

    Attributes:
        seen: lines looked at, a page at a time.
        replaced: names and organizations that are not valid UTF-8; ``first`` is whose was first.
        unread: of those looked at, how many rows could not be read.
        damage: what ended them early.
    """

    def __init__(
        self, session: Session, kind: str, words: argparse.Namespace, output: Output
    ) -> None:
        self.session = session
        self.kind = kind
        self.words = words
        self.output = output
        self.facets = facets_of(session, kind, words)
        self.filter = FacetFilter(session, kind, self.facets)
        self.earliest = earliest(self.facets.since)
        self.seen = self.unread = self.replaced = 0
        self.first = ""
        self.versions: dict[str, int] = {}  #: of the rows of a page, by id
        self.damage: StoreError | None = None

    def __iter__(self) -> Iterator[RecordHead]:
        lines = self._gone() if self.words.gone else self._live()
        return map(self._counted, islice(lines, self.words.limit))

    def _live(self) -> Iterator[RecordHead]:
        reader = self.session.reader()
        for page in self._pages(self._rows):
            for row in page.rows:
                self.unread += row.data is None
                if not self.facets.any or self.filter.holds(row):
                    yield reader.head(row, self.versions.get(row.id, 0))

    def _rows(self, kind: str, after: str | None, size: int) -> Page[Row]:
        page = self.session.store.rows(kind, after, size)
        self.versions, damage = self.session.version_counts(kind, page.rows)
        return page._replace(damage=page.damage or damage)

    def _gone(self) -> Iterator[RecordHead]:
        for page in self._pages(self.session.gone):
            for head in page.rows:
                self.unread += head.unread
                if not self.facets.any or self._is_wanted(head):
                    yield head

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

    def _pages(self, read: _Read[Listed]) -> Iterator[Page[Listed]]:
        words = self.words
        size = PAGE if words.limit is None or self.facets.any else min(PAGE, words.limit)
        after: str | None = words.after
        while size:
            page = self._page(read, after, size)
            self.seen += len(page.rows)
            if page.damage is not None and not self.seen:
                raise page.damage
            self.output.progress(counted(self.seen, "record"))
            yield page
            self.damage = self.damage or page.damage
            if not page.more or not page.rows:
                return
            after = page.rows[-1].id

    def _page(self, read: _Read[Listed], after: str | None, size: int) -> Page[Listed]:
        try:
            return read(self.kind, after, size)
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
