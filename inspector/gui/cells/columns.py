"""Columns as data, and the rule by which they give way when a view becomes narrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QHeaderView, QTableView, QTreeView

from inspector.gui.style.fonts import px, unit
from inspector.named_tuple import NamedTuple


class Column(NamedTuple):
    """A column of a table or tree.

    Attributes:
        key: its name in settings and code.
        title: its head.
        width: for a 13 px font; of a stretched column, the width it has at least.
        right: numbers.
        stretch: takes what is left, in equal parts where several columns do; at least one does.
        drop: columns are hidden in ascending order of this number until the stretched one has its
            width; 0 is never hidden.
        off: not shown unless asked for.
        sample: what must fit whatever the font: numbers and times are never cut.
        narrow: the width it shrinks to before others are hidden; 0 where it does not shrink.
        spoken: what its head is called for those who hear it, where that has no words.
        after: columns that give way up to this number are hidden before it shrinks.
    """

    key: str
    title: str
    width: int
    right: bool = False
    stretch: bool = False
    drop: int = 0
    off: bool = False
    sample: str = ""
    narrow: int = 0
    after: int = 0
    spoken: str = ""


def head(columns: Sequence[Column], section: int, orientation: Qt.Orientation, role: int) -> object:
    """What a model's ``headerData`` answers; None where there is no such column."""
    if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(columns):
        return None
    column = columns[section]
    if role == Qt.ItemDataRole.DisplayRole:
        return column.title
    if role == Qt.ItemDataRole.AccessibleTextRole:
        return column.title or column.spoken
    if role == Qt.ItemDataRole.TextAlignmentRole:
        side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter
    return None


def shown(
    columns: Sequence[Column],
    widths: Sequence[int],
    least: int,
    room: int,
    full: Sequence[int] | None = None,
) -> list[bool]:
    """Which columns are shown in a room.

    Args:
        columns: all columns in their order.
        widths: of each, the least it has; the stretched one's is not looked at.
        least: of the stretched one.
        room: width of the view.
        full: of each, what it has before it shrinks; as ``widths`` where None.
    """
    result = [not column.off for column in columns]
    order = sorted(
        (i for i, column in enumerate(columns) if column.drop), key=lambda i: columns[i].drop
    )
    for index in order:
        fixed = sum(
            whole if columns[index].drop <= column.after else width
            for column, width, whole, on in zip(
                columns, widths, full or widths, result, strict=True
            )
            if on and not column.stretch
        )
        if room - fixed >= least:
            break
        result[index] = False
    return result


def squeezed(
    narrow: Sequence[int], widths: Sequence[int], on: Sequence[bool], room: int
) -> list[int]:
    """Widths of columns of which some shrink, the first ones first.

    Args:
        narrow: what each shrinks to.
        widths: what each would have.
        on: whether each is shown.
        room: for all that are shown.
    """
    result = list(widths)
    missing = sum(width for width, there in zip(widths, on, strict=True) if there) - room
    for index, there in enumerate(on):
        if there and missing > 0:
            taken = min(missing, max(0, widths[index] - narrow[index]))
            result[index] -= taken
            missing -= taken
    return result


class ColumnKeeper(QObject):
    """Applies columns to a view: widths, resize modes, and hiding on every resize.

    A width the person dragged is kept; ``switch`` turns a column on or off where nobody chose
    otherwise with ``choose``.
    """

    def __init__(self, view: QTableView | QTreeView, columns: Sequence[Column]) -> None:
        super().__init__(view)
        self._view = view
        self._columns = list(columns)
        self._chosen: dict[str, bool] = {}
        self._wide: dict[int, int] = {}  #: what columns that shrink would have
        self._dragged: set[int] = set()  #: those of them that a person gave their width
        self._squeezing = False
        self._header: QHeaderView = (
            view.horizontalHeader() if isinstance(view, QTableView) else view.header()
        )
        self._header.setStretchLastSection(False)
        self._header.setCascadingSectionResizes(False)
        self._header.setSectionsMovable(False)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._header.sectionResized.connect(self._resized)

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Take other columns, after the model was set or its columns have changed."""
        self._columns = list(columns)
        self.reset_widths()

    def reset_widths(self) -> None:
        """Give every column its width for the view's font."""
        mode = QHeaderView.ResizeMode
        if self._header.count() != len(self._columns):
            return
        self._wide.clear()
        for index, column in enumerate(self._columns):
            self._header.setSectionResizeMode(
                index, mode.Stretch if column.stretch else mode.Interactive
            )
            if not column.stretch:
                self._header.resizeSection(index, self._width(column))
            if column.narrow:
                # Qt tells of no size that is the one there was.
                self._wide[index] = self._width(column)
        self._dragged.clear()
        self.arrange()

    def fit(self, key: str, width: int) -> None:
        """Let a column that shrinks have this width where there is room, or more if it had more.

        A width that a person dragged it to stays.
        """
        index = next(i for i, column in enumerate(self._columns) if column.key == key)
        if index not in self._dragged and width > self._wide.get(index, 0):
            self._wide[index] = width
            self.arrange()

    def _width(self, column: Column) -> int:
        width = px(self._view, column.width)
        for widget, words in ((self._header, column.title), (self._view, column.sample)):
            if words and not column.stretch:
                advance = widget.fontMetrics().horizontalAdvance(words)
                width = max(width, advance + 2 * px(self._view, 8) + 2)
        return width

    def dragged(self, before: Mapping[str, int]) -> dict[str, int]:
        """Widths that differ from the columns' own, for a 13 px font, by key; 0 is hidden by hand.

        Args:
            before: the widths given to :meth:`drag`, which hold for what is hidden now.
        """
        found = {}
        for index, column in enumerate(self._columns):
            size = self._header.sectionSize(index)
            if size and not column.stretch and size != self._width(column):
                found[column.key] = round(size / unit(self._view.font()))
            elif not size and column.key in before:
                found[column.key] = before[column.key]
            if column.key in self._chosen:
                own = round(self._width(column) / unit(self._view.font()))
                found[column.key] = found.get(column.key, own) if self._chosen[column.key] else 0
        return found

    def drag(self, widths: Mapping[str, int]) -> None:
        """Give columns the widths they were dragged to, and the others their own."""
        self._chosen = {key: width > 0 for key, width in widths.items()}
        for index, column in enumerate(self._columns):
            if column.stretch or index >= self._header.count():
                continue
            width = widths.get(column.key)
            own = self._width(column)
            self._header.resizeSection(index, px(self._view, width) if width else own)
        self.arrange()

    def switch(self, key: str, on: bool) -> None:
        """Show or hide a column by its key."""
        self._change([c._replace(off=not on) if c.key == key else c for c in self._columns])

    def rank(self, key: str, drop: int) -> None:
        """Let a column give way sooner or later than it would by itself."""
        self._change([c._replace(drop=drop) if c.key == key else c for c in self._columns])

    def _change(self, columns: list[Column]) -> None:
        if columns != self._columns:
            self._columns = columns
            self.arrange()

    def choose(self, key: str, on: bool) -> None:
        """Show or hide a column because a person wants it so."""
        self._chosen[key] = on
        self.arrange()

    def _wanted(self, column: Column) -> Column:
        """A column as it was chosen: what was asked for gives way last."""
        asked = self._chosen.get(column.key, False)
        drop = column.drop + len(self._columns) if asked else column.drop
        return column._replace(off=not self.is_on(column), drop=drop)

    def is_on(self, column: Column) -> bool:
        """Whether a column is shown where there is room for it."""
        return self._chosen.get(column.key, not column.off)

    def is_seen(self, column: Column) -> bool:
        """Whether a column is shown and there is room for it."""
        index = next(i for i, one in enumerate(self._columns) if one.key == column.key)
        return not self._header.isSectionHidden(index)

    def offered(self) -> list[Column]:
        """The columns that can be shown or hidden."""
        return [column for column in self._columns if column.drop]

    def reset(self) -> None:
        """Forget what was chosen and dragged."""
        self._chosen = {}
        self.reset_widths()

    def arrange(self) -> None:
        """Hide and show columns for the width there is."""
        if self._header.count() != len(self._columns):
            return
        widths = [
            self._wide.get(i) or self._header.sectionSize(i) or self._width(column)
            for i, column in enumerate(self._columns)
        ]
        least = px(self._view, sum(c.width for c in self._columns if c.stretch))
        narrow = [
            min(width, px(self._view, column.narrow) or width)
            for column, width in zip(self._columns, widths, strict=True)
        ]
        wanted = [self._wanted(column) for column in self._columns]
        on = shown(wanted, narrow, least, self._view.viewport().width(), widths)
        self._squeezing = True
        for index, visible in enumerate(on):
            if self._header.isSectionHidden(index) == visible:
                self._header.setSectionHidden(index, not visible)
        self._squeeze(narrow, widths, on, least)
        self._squeezing = False

    def _squeeze(
        self, narrow: Sequence[int], widths: Sequence[int], on: Sequence[bool], least: int
    ) -> None:
        """Let columns shrink that can, so that the stretched one has its least width."""
        fixed = [
            there and not column.stretch for column, there in zip(self._columns, on, strict=True)
        ]
        found = squeezed(narrow, widths, fixed, self._view.viewport().width() - least)
        for index, column in enumerate(self._columns):
            if column.narrow and on[index]:
                self._header.resizeSection(index, found[index])

    def _resized(self, index: int, _before: int, now: int) -> None:
        """Keep the width a column was given, whatever it shrinks to."""
        own = now and not self._squeezing and index < len(self._columns)
        if own and self._columns[index].narrow:
            self._wide[index] = now
            self._dragged.add(index)
