"""The status bar: read-only, which file, how it is read, how much is in it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, TypeVar

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from inspector.gui.actions import SPECS, Actions
from inspector.gui.style.fonts import fonts_of, px
from inspector.gui.style.icons import icon
from inspector.gui.style.text_format import count, short_path, visible
from inspector.gui.style.theme import ColourTokens, tokens_of
from inspector.gui.style.time_format import TimeStyle
from inspector.session.summaries import KindSummary, Record
from inspector.store.rows import Form, Journal, Label, StoreFacts, TableInfo, TableType


def announce(widget: QWidget, sentence: str) -> None:
    """Have a sentence read out, politely: after what is being said, and only once."""
    if not sentence:
        return
    from PySide6.QtGui import (  # noqa: PLC0415 - hundreds of names that the first rows do not need
        QAccessible,
        QAccessibleAnnouncementEvent,
    )

    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, sentence))


P = TypeVar("P", "StatusPart", "StatusWords")
_EDGE: Final = 14  #: of an icon, for a 13 px font
#: The palette of the line may be the new one only with the second of these.
_DRESSED_BY: Final = (
    QEvent.Type.ApplicationPaletteChange,
    QEvent.Type.PaletteChange,
    QEvent.Type.FontChange,
)


class StatusWords(QLabel):
    """Words in the status line, hidden where there are none. ``said`` tells that they are others.

    Args:
        name: what they are about, for screen readers.
        dim: whether they are less important than others.
        gives_way: where there is no room for all the highest goes first; never where 0.
    """

    said = Signal()

    def __init__(self, name: str, *, dim: bool = False, gives_way: int = 0) -> None:
        super().__init__()
        self._name, self._dim, self.gives_way = name, dim, gives_way
        self.setTextFormat(Qt.TextFormat.PlainText)
        # As far apart as buttons with the same words.
        self.setContentsMargins(6, 0, 6, 0)
        # It is dressed when it says something.
        _name(self, name, "", "")

    def say(self, words: str, tip: str = "") -> None:
        """Set the words and the tooltip."""
        self.setText(words)
        _name(self, self._name, words, tip)
        self.dress()
        self.said.emit()

    def dress(self) -> None:
        """Follow palette and text size."""
        _dress(self, "dim" if self._dim else "text")


class StatusPart(QToolButton):
    """Words of the status line that can be pressed, perhaps with an icon.

    Args:
        name: what it is about, for screen readers.
        icon_name: of the icon before the words.
        gives_way: where there is no room for all the highest goes first; never where 0.
    """

    said = Signal()

    def __init__(self, name: str, icon_name: str = "", *, gives_way: int = 0) -> None:
        super().__init__()
        self._name, self._icon_name, self.gives_way = name, icon_name, gives_way
        self._accent = ""
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolButtonStyle(
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            if icon_name
            else Qt.ToolButtonStyle.ToolButtonTextOnly
        )
        # It is dressed when it says something.
        _name(self, name, "", "")

    def say(self, words: str, tip: str = "", accent: str = "") -> None:
        """Set the words, the tooltip, and the token of the icon's colour."""
        self._accent = accent
        self.setText(words.replace("&", "&&"))
        _name(self, self._name, words, tip)
        self.dress()
        self.said.emit()

    def dress(self) -> None:
        """Follow palette and text size, the icon too."""
        tokens = _dress(self, "text")
        edge = px(self, _EDGE)
        self.setIconSize(QSize(edge, edge))
        if self._icon_name:
            self.setIcon(icon(self._icon_name, tokens.color(self._accent or "dim")))


def _name(part: QWidget, name: str, words: str, tip: str) -> None:
    """Show a part that has words, and say to the ear what they are about."""
    part.setToolTip(tip)
    part.setAccessibleName(f"{name}: {words}" if name else words)
    part.setVisible(bool(words))


def _dress(part: QWidget, ink: str) -> ColourTokens:
    """Give a part the small font and the colour of a token; all tokens."""
    # The line's, since a part's own palette follows it only later.
    tokens = tokens_of((part.parentWidget() or part).palette())
    part.setFont(fonts_of(part.window().font()).small)
    palette = QPalette()
    for role in (palette.ColorRole.ButtonText, palette.ColorRole.WindowText):
        palette.setColor(role, tokens.color(ink))
    part.setPalette(palette)
    return tokens


class StatusLine(QWidget):
    """A line of parts, some at the left, some at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parts: list[StatusPart | StatusWords] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(6, 1, 6, 0)
        self._row.setSpacing(9)
        self._gap = 0

    def add(self, part: P, *, right: bool = False) -> P:
        """Put a part at the end of the left or the right side; left parts come first."""
        if right and not self._gap:
            self._row.addStretch(1)
            self._gap = len(self.parts)
        self.parts.append(part)
        self._row.addWidget(part)
        part.said.connect(self.fit)
        return part

    def fit(self) -> None:
        """Show the parts there is room for: they go whole, and the line's tooltip has them."""
        shown = [part for part in self.parts if part.text()]
        margins, spacing = self._row.contentsMargins(), self._row.spacing()
        room = self.width() - margins.left() - margins.right() + spacing
        needed = sum(part.sizeHint().width() + spacing for part in shown)
        left_out = []
        for part in sorted(shown, key=lambda each: each.gives_way, reverse=True):
            if needed > room and part.gives_way:
                needed -= part.sizeHint().width() + spacing
                left_out.append(part)
        for part in shown:
            part.setVisible(part not in left_out)
        self.setToolTip("\n".join(part.accessibleName() for part in shown if part in left_out))

    def event(self, event: QEvent) -> bool:
        """Paint the lines between the parts anew when these are put elsewhere."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.update()
        return done

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width."""
        super().resizeEvent(event)
        self.fit()

    def sizeHint(self) -> QSize:
        """Never lower than 26."""
        return QSize(super().sizeHint().width(), max(26, px(self, 26)))

    def minimumSizeHint(self) -> QSize:
        """Parts that have no room are cut; the line never widens the window."""
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line above and those between the parts."""
        painter = QPainter(self)
        painter.setPen(tokens_of(self.palette()).color("line"))
        painter.drawLine(0, 0, self.width(), 0)
        shown = [part for part in self.parts if not part.isHidden()]
        for before, after in pairwise(shown):
            gap = after.x() - before.geometry().right()
            if gap < 2 * self._row.spacing():
                x = before.geometry().right() + gap // 2
                painter.drawLine(x, 7, x, self.height() - 7)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Pass palette and text size on."""
        super().changeEvent(event)
        if event.type() in _DRESSED_BY:
            for part in self.parts:
                part.dress()
            self.fit()


_FORMS: Final = {
    Form.JSON: "JSON store",
    Form.FOREIGN: "SQLite database (not Stigmer)",
    Form.BADGER: "BadgerDB directory",
}
_JOURNALS: Final = {
    Journal.CLEAN: "Not in use",
    Journal.LIVE: "Daemon running",
    Journal.LEFT: "Daemon was killed; WAL included",
    Journal.ROLLBACK: "Has a rollback journal; fully readable",
    Journal.UNKNOWN: "Unknown who has it open",
}
#: The same where no daemon of Stigmer writes the file.
_OTHERS: Final = {
    Journal.LIVE: "In use by another program",
    Journal.LEFT: "Not closed by its program; WAL included",
}
#: Without a WAL who has a file open and does nothing with it is not seen.
_NOT_IN_USE: Final = "Not being read or written"
_IN_USE: Final = "Being read or written"
_NOTE_LEAVES: Final = 8000  #: milliseconds after which what was just done is no longer said
_READ_ONLY: Final = "Opened read-only. Nothing beside the file was created or changed."


class StatusBar(StatusLine):
    """The status line of a window."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lock = self.add(StatusPart("", "lock"))
        self.label = self.add(StatusWords("Label", gives_way=2))
        self.file = self.add(StatusWords("File", gives_way=1))
        self.layout_ = self.add(StatusWords("", dim=True, gives_way=6))
        self.schema = self.add(StatusPart("", gives_way=3))
        self.note = self.add(StatusWords(""), right=True)
        self.secrets = self.add(StatusPart("", "changed"), right=True)
        self.counts = self.add(StatusWords("", dim=True, gives_way=4), right=True)
        self.daemon = self.add(StatusWords("", dim=True, gives_way=5), right=True)
        self.times = self.add(StatusPart("Times"), right=True)
        self.mode = self.add(StatusPart(""), right=True)
        self.mode.clicked.connect(actions["pause"].trigger)
        self.secrets.clicked.connect(actions["secrets"].trigger)
        self.times.clicked.connect(actions["next_times"].trigger)
        self.note_leaves = QTimer(self, singleShot=True, interval=_NOTE_LEAVES)
        self.note_leaves.timeout.connect(self._clear_note)
        # Before all that actions do, which may say something; switches act before they trigger.
        for spec in SPECS:
            if not spec.checkable:
                actions[spec.name].triggered.connect(self._clear_note)
        self.lock.say("Read-only", _READ_ONLY)
        self.tell_times(TimeStyle.UTC)

    def tell_store(
        self,
        facts: StoreFacts,
        kinds: Sequence[KindSummary],
        tables: Sequence[TableInfo] = (),
        *,
        damaged: bool = False,
    ) -> None:
        """Say what the file is.

        Args:
            facts: the file as a whole.
            kinds: what a store holds.
            tables: what a file holds that is no store.
            damaged: not everything in it could be counted.
        """
        demo = "Demo store" if facts.label is Label.DEMO else ""
        self.label.say("Test database" if facts.is_test else demo)
        self.lock.say("Read-only", _READ_ONLY)
        # Where the demo lies says nothing to anybody.
        shown = "built in" if facts.label is Label.DEMO else short_path(facts.path)
        self.file.say(shown, visible(facts.real_path))
        layout = f"Layout {facts.layout}" if facts.layout is not None else ""
        self.layout_.say(_FORMS.get(facts.form, layout))
        if facts.form is Form.FOREIGN:
            views = sum(table.type is TableType.VIEW for table in tables)
            said = count(len(tables) - views, "table")
            self.counts.say(f"{said}, {count(views, 'view')}" if views else said)
        else:
            self.tell_counts(kinds, versioned=facts.form is Form.SQLITE, damaged=damaged)
        self.tell_daemon(facts)
        self.tell_snapshot(facts)

    def tell_daemon(self, facts: StoreFacts | None) -> None:
        """Say who has the file open; nothing for None."""
        self.daemon.say(_in_use(facts) if facts is not None else "")

    def tell_snapshot(self, facts: StoreFacts | None = None) -> None:
        """Say that the store is not followed, and which earlier state of it is read."""
        if facts is not None and facts.as_of:
            words = f"{facts.as_of.removeprefix('as of ')[:1].upper()}"
            words += facts.as_of.removeprefix("as of ")[1:]
            tip = f"The store {facts.as_of} of its write-ahead log. It is not followed."
            self._tell_mode(words, tip, "changed", follows=False)
            return
        self._tell_mode("Snapshot", "Data as last read. Press F5 to refresh.", follows=False)

    def _tell_mode(self, words: str, tip: str, ink: str = "text", *, follows: bool = True) -> None:
        self.mode.setEnabled(follows)
        self.mode.say(words, tip, ink)

    def tell_live(self, read: int | None = None) -> None:
        """Say that what is shown follows the store.

        Args:
            read: of how many rows changes are told so far; None for all of them.
        """
        if read is None:
            self._tell_mode("Live", "Changes are shown as they are seen. Click to pause.")
            return
        tip = "Each row is read once, then all changes are seen; until then those of what was read."
        self._tell_mode(f"Live, {count(read, 'row')} read", f"{tip} Click to pause.")

    def tell_paused(self, waiting: int) -> None:
        """Say that what is shown stays as it is, and what is held back."""
        held = f", {count(waiting, 'change')} waiting" if waiting else ""
        self._tell_mode(f"Paused{held}", "Changes are held back. Click to resume.", "changed")

    def tell_lost(self, sentence: str) -> None:
        """Say that the file cannot be read now."""
        self._tell_mode("Not readable", visible(sentence), "removed")

    def tell_counts(
        self, kinds: Sequence[KindSummary], *, versioned: bool = True, damaged: bool = False
    ) -> None:
        """Say how much there is.

        Args:
            kinds: what is in the store.
            versioned: whether it can hold versions at all.
            damaged: not everything could be counted; no versions may mean that none can be read.
        """
        if not all(kind.counted for kind in kinds):
            self.counts.say("Counting\N{HORIZONTAL ELLIPSIS}")
            return
        records = sum(kind.records for kind in kinds)
        versions = sum(kind.versions for kind in kinds)
        parts = [count(records, "record")] if records or not damaged else []
        if versioned and (versions or not damaged):
            parts.append(count(versions, "version"))
        self.counts.say(", ".join(parts) + (" counted" if damaged and parts else ""))

    def tell_no_store(self) -> None:
        """Say that no store is open."""
        self.lock.say("Read-only: nothing this app opens is ever changed", _READ_ONLY)
        parts = (self.label, self.file, self.layout_, self.schema, self.counts, self.daemon)
        for part in (*parts, self.mode, self.note):
            part.say("")

    def tell_record(self, record: Record) -> None:
        """Say what a record was read with, and why."""
        schema = record.choice.schema
        words = f"Schema {schema}" if schema else "No schema"
        tip = f"{record.choice.why[:1].upper()}{record.choice.why[1:]}. Click to choose another."
        self.schema.say("" if record.json_store else words, tip)

    def tell_no_record(self) -> None:
        """Say that nothing is read with a schema now."""
        self.schema.say("")

    def tell_times(self, style: TimeStyle) -> None:
        """Say how times are written."""
        self.times.say(style.value, "How times are written. Click to switch.")

    def tell_secrets(self, *, shown: bool) -> None:
        """Say that secrets are shown, as long as they are."""
        self.secrets.say("Secrets shown" if shown else "", "Click to hide them.", "changed")

    def tell(self, sentence: str) -> None:
        """Say what was just done, for a while or until the next is done."""
        self.note.say(visible(sentence))
        self.note_leaves.start()
        announce(self, visible(sentence))

    def _clear_note(self) -> None:
        self.note_leaves.stop()
        self.note.say("")


def _in_use(facts: StoreFacts) -> str:
    """Who has the file open, as far as it is known; of the one that is built in nobody asks."""
    if facts.label is Label.DEMO:
        return ""
    words = _JOURNALS[facts.journal]
    if facts.form is Form.FOREIGN:
        words = _OTHERS.get(facts.journal, words)
    if facts.journal is Journal.CLEAN and not facts.asleep:
        words = _NOT_IN_USE
    if facts.journal is Journal.LIVE and not facts.asleep:
        words = _IN_USE
    if facts.form is not Form.FOREIGN and facts.daemon_pid is not None:
        words += f", pid {facts.daemon_pid}"
    return words
