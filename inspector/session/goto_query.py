"""Records by a few letters of their names, slugs or ids: exact ones first, then beginnings, parts.

The search looks at every record; it can be stopped, and what it found so far is there meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Final

from inspector.decode.record_summary import NOTHING, RecordSummary
from inspector.errors import StoreError
from inspector.named_tuple import NamedTuple
from inspector.schema.catalog import display
from inspector.schema.ids import ids_in
from inspector.schema.kind_names import normal_kind
from inspector.session.record_links import LinkTarget, by_former_name, named
from inspector.session.scan import Prefilter
from inspector.store.rows import Cancel, Row

if TYPE_CHECKING:
    from inspector.session.session import Session

MOST: Final = 200  #: records that are kept of each rank
_NAMING: Final = 3  #: letters of a word that may name a kind
EXACT, PREFIX, PART, BY_KIND = range(4)  #: ranks, the best first


class Match(NamedTuple):
    """A record that was found, and how well it fits: one of the ranks."""

    rank: int
    target: LinkTarget


class QuickFind:
    """One search.

    Attributes:
        looked: records that were looked at so far.
        more: whether more records fit than are kept.
        damage: what ended the reading of a kind early, the first of it.
    """

    def __init__(self, session: Session, text: str, kind: str | None = None) -> None:
        """Sets what is looked for; nothing is read yet.

        Args:
            session: the store.
            text: what was typed or pasted: parts of a name, slug, id or kind; or a line of a log
                with an id in it.
            kind: as the store spells it, to find records of no other; None for all.
        """
        self._session, self._kind = session, kind
        self._text = text.strip().strip("\"'`,;")
        self._whole = " ".join(self._text.casefold().split())
        self._words = self._whole.split()
        self._found: list[list[LinkTarget]] = [[] for _ in range(BY_KIND + 1)]
        self.looked = 0
        self.more = False
        self.damage: StoreError | None = None

    def best(self) -> list[Match]:
        """What was found so far, the best first, in kind and id order within a rank.

        Another thread may ask while the search runs.
        """
        return [Match(rank, one) for rank, some in enumerate(self._found) for one in some[:MOST]]

    def run(
        self, cancel: Cancel | None = None, progress: Callable[[int], None] | None = None
    ) -> list[Match]:
        """Look at every record, unless an id in the text already says which one is meant.

        Args:
            cancel: ends it when set.
            progress: told :attr:`looked` now and then.

        Raises:
            CancelledError: it was cancelled; :meth:`best` has what was found.
            StoreError: the file cannot be read at all.
        """
        if not self._words:
            return []
        kinds = [one.kind for one in self._session.kinds_at_once(cancel)]
        if self._kind is not None:
            kinds = [kind for kind in kinds if kind == self._kind]
        ids = ids_in(self._text.lower())
        if "/" in self._text or ids:
            pasted = named(self._session, self._text, cancel)
            self._found[EXACT] = [target for target in pasted if target.kind in kinds]
            # A line of a log names nothing but by an id.
            if self._found[EXACT] or (ids and len(self._words) > 1):
                return self.best()
        kinds = self._of_kind(kinds)
        self._find_gone(kinds, cancel)
        for kind in kinds:
            self._look(kind, cancel, progress)
        if not self._found[EXACT]:
            self._found[EXACT] += by_former_name(self._session, kinds, self._text, cancel)
        return self.best()

    def _of_kind(self, kinds: list[str]) -> list[str]:
        """Of ``kind/part`` the kinds that are meant; the part is sought in them."""
        before, slash, behind = self._whole.partition("/")
        meant = [kind for kind in kinds if slash and normal_kind(kind) == normal_kind(before)]
        if meant:
            self._whole, self._words = behind, behind.split()
        return meant or kinds

    def _find_gone(self, kinds: Sequence[str], cancel: Cancel | None) -> None:
        """Of what has only history the ids are known, so a whole one is found."""
        store = self._session.store
        self._found[EXACT] += [
            LinkTarget(kind, self._text, None, live=False)
            for kind in kinds
            if store.row(kind, self._text, cancel) is None
            and store.history.versions(kind, self._text, cancel)
        ]

    def _look(
        self, kind: str, cancel: Cancel | None, progress: Callable[[int], None] | None
    ) -> None:
        session, after = self._session, None
        reader = session.reader(cancel)
        known = display(kind)
        called = f"{kind} {known[0] if known else ''}".casefold().replace("_", " ").split()
        # A word that names the kind need not stand in the record.
        naming = {
            word
            for word in self._words
            if len(word) >= _NAMING and any(part.startswith(word) for part in called)
        }
        sought = [word for word in self._words if word not in naming]
        sieve = Prefilter(sought, kind, documents=reader.documents)
        while True:
            page = session.store.rows(kind, after, cancel=cancel)
            for row in page.rows:
                self._take(row, kind, naming, sieve, reader.peek)
            self.looked += len(page.rows)
            self.damage = self.damage or page.damage
            if progress is not None:
                progress(self.looked)
            if not page.more or not page.rows or page.damage is not None:
                return
            after = page.rows[-1].id

    def _take(
        self,
        row: Row,
        kind: str,
        naming: Collection[str],
        sieve: Prefilter,
        peek: Callable[[bytes, str, str | None], RecordSummary],
    ) -> None:
        by_id = all(word in row.id.casefold() for word in self._words)
        if not by_id and (row.data is None or not sieve.may_match(row.id, row.data)):
            return
        summary = peek(row.data, kind, row.updated_at) if row.data is not None else NOTHING
        names = [name.casefold() for name in (summary.name, summary.slug, row.id) if name]
        rank = self._rank(names, naming)
        if rank is None:
            return
        kept = self._found[rank]
        if len(kept) < MOST:
            kept.append(LinkTarget(kind, row.id, summary.name, live=True))
        else:
            self.more = True

    def _rank(self, names: Sequence[str], naming: Collection[str]) -> int | None:
        if self._whole in names:
            return EXACT
        if any(name.startswith(self._whole) for name in names):
            return PREFIX
        whole = "\n".join(names)
        if all(word in whole for word in self._words):
            return PART
        if all(word in whole or word in naming for word in self._words):
            return BY_KIND
        return None
