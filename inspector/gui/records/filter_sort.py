"""Filters and sorts the list of records: what is wished for, and how it comes on screen.

The order of ids is read by keyset and turned round at once. Everything else takes a look at every
record: it runs beside the other work, is told in the footer, and can be stopped and gone on with.
What was listed before stays until there is something to show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from threading import Event
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QElapsedTimer, QObject, Signal

from inspector.errors import CancelledError, InspectorError, UsageError
from inspector.gui.records.page_cache import KindRowsSource
from inspector.gui.records.records_model import RecordsModel
from inspector.gui.records.row_order import Kept, KeyOrder, KeysetOrder, Order
from inspector.gui.tasks import Report, Tasks
from inspector.gui.widgets.work_footer import WorkFooter
from inspector.named_tuple import NamedTuple
from inspector.session.facet_filter import EVERYTHING, FacetChoice
from inspector.session.summaries import RecordHead, RecordKey

if TYPE_CHECKING:
    from inspector.session.scan import Scan
    from inspector.session.session import Session

CHANNEL: Final = "sift"
AGAIN: Final = "list again"
EXPRESSION: Final = "="  #: a filter that begins with it is a CEL expression
#: Records that are looked at once more for what was written since, without anybody asking for it.
_EASY: Final = 20_000
_PUBLISH: Final = 300  #: milliseconds between two looks at what was found so far
_NAMES: Final = {"size": "bytes", "org": "organization"}


class ListQuery(NamedTuple):
    """What is to be listed, and how.

    Attributes:
        text: words that each have to match.
        expression: CEL that has to be true instead. What the field has before it, with its ``=``,
            are blanks, so that the column of an error is the column in the field.
        column: the order.
        descending: whether the last comes first.
        facets: what the records have to have as well.
    """

    text: str = ""
    column: str = "id"
    descending: bool = False
    expression: str = ""
    facets: FacetChoice = EVERYTHING

    def filtered(self, typed: str) -> ListQuery:
        """This query with another filter, as it is typed; an empty one lists everything."""
        if typed.lstrip().startswith(EXPRESSION):
            expression = typed.replace(EXPRESSION, " ", 1)
            return self._replace(text="", expression=expression if expression.strip() else "")
        return self._replace(text=" ".join(typed.split()), expression="")

    @property
    def typed(self) -> str:
        """The filter as the field has it."""
        if not self.expression:
            return self.text
        blanks = len(self.expression) - len(self.expression.lstrip())
        return f"{EXPRESSION}{' ' * (blanks - 1)}{self.expression.lstrip()}"

    @property
    def filters(self) -> bool:
        """Whether not all are listed."""
        return bool(self.text or self.expression or self.facets.any)

    @property
    def by_keyset(self) -> bool:
        """Whether no look at every record is needed."""
        return not self.filters and self.column == "id"

    @property
    def grows(self) -> bool:
        """Whether what is found first stands first."""
        return self.column == "id" and not self.descending


class ListOutcome(NamedTuple):
    """What is listed: the store, its rows, and which kinds they are of."""

    session: Session
    rows: KindRowsSource
    kinds: Sequence[str]
    total: int
    gone: bool

    def scan(self, wish: ListQuery) -> Scan:
        """What looks at every record for a wish; reads nothing until it runs."""
        from inspector.session.scan import Scan  # noqa: PLC0415 - not before the first rows

        return Scan(
            self.session,
            self.kinds,
            text=wish.text,
            expression=wish.expression,
            column=wish.column,
            descending=wish.descending,
            gone=self.gone,
            facets=wish.facets,
        )

    def heads(self, keys: Sequence[RecordKey], cancel: Event) -> Sequence[RecordHead | None]:
        """The lines of some records, called in the worker."""
        from inspector.session.listing import heads  # noqa: PLC0415 - not before the first rows

        return heads(self.session, keys, cancel, gone=self.gone)


class Ready(NamedTuple):
    """An order that can be shown: the row of the record to stay at, and the pages around it.

    ``failures`` are the records on which the expression has no value; ``note`` says why.
    """

    order: Order
    row: int
    pages: Mapping[int, Kept]
    failures: int = 0
    note: str = ""


class Relisted(NamedTuple):
    """A list that is shown again with what was written since.

    Attributes:
        ready: the order, with the row of the record to stay at.
        keyset: the order of all ids, where that is how it is listed.
        top: the row of the record that was the first in sight, -1 where it is gone.
    """

    ready: Ready
    keyset: KeysetOrder | None
    top: int


def ready(order: Order, keep: RecordKey | None, cancel: Event) -> Ready:
    """Read what is on screen first, called in the worker."""
    row = order.find(keep, cancel) if keep is not None and order.total else -1
    rows = (0, max(0, row)) if order.total else ()
    numbers = {order.place(one)[0] for one in rows}
    return Ready(order, row, {number: order.read(number, cancel) for number in numbers})


class FilterSort(QObject):
    """Brings the wished rows into a model.

    ``sifted`` tells a :class:`Ready` that has been shown anew, ``relisted`` a :class:`Relisted`;
    ``grown`` that rows were found and shown while others are still looked for; ``failed`` an error;
    ``refused`` a :class:`UsageError`, what is wrong with an expression: the list keeps its rows.
    """

    sifted = Signal(Ready)
    relisted = Signal(Relisted)
    grown = Signal()
    failed = Signal(InspectorError)
    refused = Signal(UsageError)

    def __init__(self, tasks: Tasks, model: RecordsModel, footer: WorkFooter) -> None:
        super().__init__(model)
        self._tasks, self._model, self._footer = tasks, model, footer
        self._listed: ListOutcome | None = None
        self._scan: Scan | None = None
        self._partial = False
        self._unfinished = False  #: whether rows of it are not on screen yet
        self._keep: RecordKey | None = None
        self._since = QElapsedTimer()
        self._since.start()
        self.wish = ListQuery()
        self._asked = ListQuery()  #: what is looked for: the wish, or what is listed in its place
        self._shown = ListQuery()  #: what the rows on screen are
        self.is_refused = False
        model.counted.connect(self._counted)

    def begin(self, listed: ListOutcome, wish: ListQuery, keep: RecordKey | None) -> None:
        """List other records."""
        self._listed, self.wish, self._asked = listed, wish, wish
        self._stop()
        self.is_refused = False
        if wish.by_keyset:
            self._keep, self._shown, self._unfinished = keep, wish, False
            self._footer.start("Counting")
            self._model.show(listed.rows)
        else:
            self._shown = ListQuery(column=wish.column, descending=wish.descending)
            self._unfinished = True
            self._model.show(listed.rows, read=False)
            self._look(keep)

    def end(self) -> None:
        """List nothing."""
        self._stop()
        self._listed = None
        self._model.show(None)

    def narrow(self, text: str, keep: RecordKey | None) -> None:
        """List only what a text fits, or an expression after a ``=``; all for an empty one."""
        self._change(self.wish.filtered(text), keep)

    def choose(self, facets: FacetChoice, keep: RecordKey | None) -> None:
        """List only what has what is chosen."""
        self._change(self.wish._replace(facets=facets), keep)

    def sort(self, column: str, *, descending: bool, keep: RecordKey | None) -> None:
        """List in the order of a column."""
        self._change(self.wish._replace(column=column, descending=descending), keep)

    def list_again(
        self, listed: ListOutcome, keep: RecordKey | None, top: RecordKey | None
    ) -> bool:
        """List what was written since, as soon as it is read.

        Args:
            listed: the same kinds, or more.
            keep: the record the cursor stays on.
            top: the first one in sight, which stays there.

        Returns:
            False where something is being listed, or it would take long.
        """
        wish = self.listing
        easy = wish.by_keyset or listed.total <= _EASY
        waiting = any(map(self._tasks.is_busy, (CHANNEL, AGAIN, "anchors", "rows")))
        if self._listed is None or waiting or not easy:
            return False
        self._listed = listed

        def work(cancel: Event, report: Report) -> Relisted:
            keyset = None
            failures, note = 0, ""
            order: Order
            if wish.by_keyset:
                keyset = listed.rows.order(cancel, report)
                order = keyset.turned(descending=wish.descending)
            else:
                scan = listed.scan(wish)
                order = KeyOrder(scan.run(cancel), listed.heads, keyed=listed.rows.keyed)
                failures, note = scan.failures, scan.note
            row = order.find(top, cancel) if top is not None and order.total else -1
            found = ready(order, keep, cancel)._replace(failures=failures, note=note)
            if row >= 0:
                number = order.place(row)[0]
                found = found._replace(pages={number: order.read(number, cancel), **found.pages})
            return Relisted(found, keyset, row)

        def done(answer: Relisted) -> None:
            if answer.keyset is not None:
                self._model.take_keyset(answer.keyset)
            self._model.show_order(answer.ready.order, answer.ready.pages)
            self.relisted.emit(answer)

        self._tasks.run(AGAIN, work, done, lambda _: None)
        return True

    def cancel(self) -> bool:
        """Stop looking; False where nothing is looked for."""
        busy = self._tasks.is_busy(CHANNEL)
        self._tasks.cancel(CHANNEL)
        return busy

    def resume(self) -> bool:
        """Go on looking after it was stopped; False where nothing was."""
        if self._scan is None or self._tasks.is_busy(CHANNEL):
            return False
        self._run(self._scan)
        return True

    @property
    def listed(self) -> ListOutcome | None:
        """Which records it is about; another one whenever they are read anew."""
        return self._listed

    @property
    def listing(self) -> ListQuery:
        """What is listed or looked for: not the wish where that cannot be."""
        return self._asked if self.is_refused else self.wish

    @property
    def busy(self) -> bool:
        """Whether something is looked for."""
        return self._tasks.is_busy(CHANNEL)

    def _change(self, wish: ListQuery, keep: RecordKey | None) -> None:
        if wish == self.wish or self._listed is None:
            return
        self.wish = wish
        self._stop()
        self._keep, self.is_refused = keep, False
        self._list(wish)

    def _list(self, query: ListQuery) -> None:
        before, self._asked = self._asked, query
        if self._listed is None:
            return
        if not query.by_keyset:
            self._look(self._keep)
        elif self._model.keyset is not None:
            self._turn()
        elif not before.by_keyset:
            self._footer.start("Counting")
            self._shown, self._unfinished = query, False
            self._model.show(self._listed.rows)

    def _refuse(self, error: UsageError) -> None:
        """An expression is wrong: what is on screen stays, in the order that is wished for."""
        wrong, wish, unfinished = self._asked.expression, self.wish, self._unfinished
        self._scan, self.is_refused = None, True
        if not self._tasks.is_busy("anchors"):
            self._footer.finish()
        kept = self._shown._replace(column=wish.column, descending=wish.descending)
        if kept.expression == wrong:
            kept = kept._replace(expression="")
        if kept != self._shown or unfinished:
            self._list(kept)
        else:
            self._asked = kept
        self.refused.emit(error)

    def _stop(self) -> None:
        self._tasks.forget(CHANNEL)
        self._tasks.forget(AGAIN)
        self._scan, self._partial = None, False
        if not self._tasks.is_busy("anchors"):
            self._footer.finish()

    # By keyset

    def _counted(self) -> None:
        """What was asked for in another direction can be shown now."""
        if self._asked.by_keyset and self._asked.descending:
            self._turn()

    def _turn(self) -> None:
        keyset, keep = self._model.keyset, self._keep
        if keyset is None:
            return
        order = keyset.turned(descending=self._asked.descending)
        self._tasks.run(
            CHANNEL, lambda cancel, _: ready(order, keep, cancel), self._show, self._fail
        )

    # By a look at every record

    def _look(self, keep: RecordKey | None) -> None:
        listed = self._listed
        if listed is None:
            return
        self._keep = keep
        self._scan = listed.scan(self._asked)
        self._run(self._scan)

    def _run(self, scan: Scan) -> None:
        listed, keep = self._listed, self._keep
        if listed is None:
            return
        keyed = listed.rows.keyed

        def work(cancel: Event, report: Report) -> Ready:
            keys = scan.run(cancel, lambda looked: report(looked, listed.total))
            found = ready(KeyOrder(keys, listed.heads, keyed=keyed), keep, cancel)
            return found._replace(failures=scan.failures, note=scan.note)

        self._footer.start(self._doing())
        self._tasks.run(CHANNEL, work, self._show, self._fail, self._progress, slow=True)

    def _doing(self) -> str:
        column = self._asked.column
        return "Filtering" if self._asked.filters else f"Sorting by {_NAMES.get(column, column)}"

    def _progress(self, looked: int, total: int) -> None:
        self._footer.progress(looked, total)
        # Each time the view lays itself out anew: a few times a second is enough.
        if self._footer.isVisible() and self._since.hasExpired(_PUBLISH):
            self._since.restart()
            self._show_found()

    def _show_found(self) -> None:
        """Show what was found so far, where it stands first."""
        scan, listed = self._scan, self._listed
        if scan is None or listed is None or not self._asked.grows or not scan.found:
            return
        self._shown, self._unfinished = self._asked, True
        order = KeyOrder(scan.found, listed.heads, keyed=listed.rows.keyed)
        if self._partial:
            self._model.grow(order)
        else:
            self._partial = True
            self._model.show_order(order, {})
        self.grown.emit()

    def _show(self, answer: Ready) -> None:
        scan = self._scan
        self._shown, self._unfinished = self._asked, False
        if not self._tasks.is_busy("anchors"):
            self._footer.finish()
        if self._partial:
            self._model.grow(answer.order)
        else:
            self._model.show_order(answer.order, answer.pages)
        self._scan, self._partial = None, False
        self.sifted.emit(answer)
        if scan is not None and scan.damage is not None:
            self.failed.emit(scan.damage)

    def _fail(self, error: InspectorError) -> None:
        scan, listed = self._scan, self._listed
        if isinstance(error, UsageError) and self._asked.expression:
            self._refuse(error)
            return
        if not isinstance(error, CancelledError) or scan is None or listed is None:
            self._scan = None
            self._footer.finish()
            self.failed.emit(error)
            return
        self._show_found()
        far = f"{scan.looked:,} of {listed.total:,}" if listed.total else f"{scan.looked:,}"
        if self._asked.filters:
            rest = f"Matches so far: {len(scan.found):,}."
        else:
            rest = "The list keeps its previous order."
        self._footer.stopped(f"Stopped at {far}. {rest}")
