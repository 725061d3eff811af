"""What stands over a record: its name and facts, which version it is, what is odd about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from inspector.decode.choice import NO_SCHEMA
from inspector.gui.actions import Actions
from inspector.gui.dialogs import message_boxes
from inspector.gui.history.versions_model import name_of
from inspector.gui.style.fonts import fonts_of, px
from inspector.gui.style.icons import pixmap
from inspector.gui.style.text_format import count
from inspector.gui.style.theme import tokens_of
from inspector.gui.style.time_format import TimeStyle, parse, show, zone_name
from inspector.gui.widgets.banner import Action, Banner, Tone
from inspector.gui.widgets.bar import Bar
from inspector.gui.widgets.buttons import EDGE, SMALL, IconButton
from inspector.gui.widgets.labels import ElidedLabel, PartsLabel
from inspector.history.record import number_of
from inspector.invisible import named
from inspector.schema.catalog import AUTO
from inspector.schema.releases import newest
from inspector.session.seen_changes import SeenChange
from inspector.session.summaries import Problem, Record, Version

_BUTTONS = ("uncover", "compare_record", "copy_json", "export")
_LIVE: Final = "Go to current version"
_LIVE_SHORT: Final = "Current"


class RecordHeader(QWidget):
    """Name, kind and buttons; id, size and time."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        right, middle = Qt.TextElideMode.ElideRight, Qt.TextElideMode.ElideMiddle
        self.name = ElidedLabel(right, keep=160)
        self.kind = ElidedLabel(right, dim=True)
        self.id = ElidedLabel(middle, keep=260)
        self.facts = PartsLabel(right, dim=True)
        self._head = head = Bar(40, left=12)
        head.row.setSpacing(8)
        for name in ("back", "forward"):
            head.row.addWidget(IconButton(actions[name], head))
        head.row.addWidget(self.name, 4)
        head.row.addWidget(self.kind, 1)
        head.row.addStretch()
        for name in _BUTTONS:
            head.row.addWidget(IconButton(actions[name], head))
        facts = Bar(24, left=12)
        facts.row.setSpacing(14)
        facts.row.addWidget(self.id, 2)
        facts.row.addWidget(self.facts, 3)
        facts.row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(facts)
        self._dress()

    def tell(self, record: Record, name: str, versions: int, style: TimeStyle) -> None:
        """Say what a record is.

        Args:
            record: the record.
            name: what it is called.
            versions: how many versions it has, as far as is known.
            style: how times are written.
        """
        self.name.setText(name)
        self.kind.setText(named(record.display_kind or record.kind))
        self.id.setText(named(record.id))
        unread = record.tree is None and not record.size
        facts = [] if unread else [count(record.size, "byte")]
        moment = parse(record.updated_at)
        if moment is not None:
            verb = "archived" if record.version is not None else "updated"
            facts.append(f"{verb} {show(moment, style, datetime.now(UTC), fine=True)}")
        if versions and record.version is None:
            facts.append(count(versions, "version"))
        if record.same_id > 1 and record.version is None:
            facts.append(f"the last of {record.same_id:,} rows with this ID")
        self.facts.setText(", ".join(facts))
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """The name comes first: the kind stands beside it only where both are whole."""
        row, others = self._head.row, 0
        for item in map(row.itemAt, range(row.count())):
            widget = item.widget() if item is not None else None
            if widget is not None and widget not in (self.name, self.kind):
                others += widget.sizeHint().width() + row.spacing()
        margins = row.contentsMargins()
        room = self.width() - margins.left() - margins.right() - others - 2 * row.spacing()
        both = self.name.sizeHint().width() + self.kind.sizeHint().width()
        self.kind.setVisible(bool(self.kind.text()) and both <= room)

    def clear(self) -> None:
        """Say nothing."""
        for label in (self.name, self.kind, self.id, self.facts):
            label.setText("")

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._dress()
            self._arrange()

    def _dress(self) -> None:
        fonts = fonts_of(self.font())
        self.name.setFont(fonts.bold)
        self.id.setFont(fonts.fixed)


_SHOWN = 3
_OTHERS = 2
_NO_RELEASE = "no known release has"


def tell_problems(banner: Banner, record: Record, use: Callable[[str], object]) -> None:
    """Show in a banner what is odd about a record as a whole, or hide it.

    Args:
        banner: where it is said.
        record: the record.
        use: called with a schema that is to be used instead.
    """
    actions = (*_others(record, use), ("Why", lambda: message_boxes.why(banner, record)))
    errors = [problem for problem in record.problems if problem.severity == "error"]
    unknown = [problem for problem in record.problems if problem.code == "unknown-field"]
    if record.tree is None:
        banner.tell(Tone.ERROR, "This record cannot be read.", _words(errors))
    elif record.tree.malformed:
        body = f"{_words(errors)} What could be read is shown."
        banner.tell(Tone.ERROR, "This record can only be decoded in part.", body)
    elif record.choice.schema is None and not record.json_store:
        body = "Its fields are shown by number; their values stay hidden until you show them."
        title = "No schema describes this kind."
        if record.choice.why != NO_SCHEMA:
            title = f"{_sentence(record.choice.why)}."
        banner.tell(Tone.WARNING, title, body, actions)
    elif record.choice.ambiguous:
        doubts = [one for one in record.problems if one.code == "schema-ambiguous"]
        title = f"{count(len(doubts), 'value')} may mean something else, by the release."
        banner.tell(Tone.WARNING, title, _words(doubts), actions)
    elif unknown:
        knows = f"{record.choice.schema} does not know" if record.choice.asked else _NO_RELEASE
        title = f"This record has fields that {knows}."
        number = number_of(unknown)
        fields = count(number, "field")
        verb = "is" if number == 1 else "are"
        names = ", ".join(problem.path for problem in unknown[:_SHOWN])
        more = number - _SHOWN
        names += f" and {more:,} more" if more > 0 else ""
        body = (
            f"{fields} {verb} unknown: {names}, shown as {'it' if verb == 'is' else 'they'} {verb}."
        )
        banner.tell(Tone.WARNING, title, body, actions)
    elif others := [p for p in record.problems if p.code != "unknown-kind"]:
        banner.tell(Tone.WARNING, _title(others), _words(others))
    else:
        banner.hide()


def _others(record: Record, use: Callable[[str], object]) -> tuple[Action, ...]:
    """A button for each other way to read a record that is worth a try, the newest first."""
    choice = record.choice
    names: list[tuple[str, str]] = []
    if choice.asked or (choice.schema is None and choice.why != NO_SCHEMA):
        names = [(AUTO, "Detect per record")]
    elif choice.merged is not None:
        for rival in choice.rivals[:_OTHERS]:
            name = choice.merged.names[newest(rival.releases)]
            names.append((name, f"Use {name}"))
    return tuple((words, lambda name=name: use(name)) for name, words in names)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _title(problems: Sequence[Problem]) -> str:
    return f"{count(number_of(problems), 'problem')} in this record."


def _words(problems: Sequence[Problem]) -> str:
    words = " ".join(problem.message for problem in problems[:_SHOWN])
    more = number_of(problems) - _SHOWN
    return f"{words} {more:,} more." if more > 0 else words


def version_least(version: Version) -> str:
    """The version's name and tag, where there is room for no more."""
    return f"{name_of(version)} ({version.tag})" if version.tag else name_of(version)


def version_words(version: Version, style: TimeStyle, *, gone: bool) -> str:
    """Which version it is, and how it stands to the live state.

    Args:
        version: the one that is read.
        style: how times are written; where that is relative, this one is in UTC.
        gone: the record has only history.
    """
    tag = f" ({version.tag})" if version.tag else ""
    moment = parse(version.archived_at)
    time = ""
    if moment is not None:
        style = TimeStyle.UTC if style is TimeStyle.RELATIVE else style
        zone = "" if style is TimeStyle.UTC else f" {zone_name(moment, style)}"
        time = f", {show(moment, style, moment)}{zone}"
    if gone:
        state = " of a deleted record"
    else:
        state = ", same as the current state" if version.live else ", not the current state"
    # The end is cut where there is no room, and may be missed.
    if version.logged is not None:
        return f"Viewing a state {version.logged.words}{tag}{state}{time}"
    if version.seen is not None:
        return f"Viewing a state, {version.seen.words}{tag}{state}{time}"
    return f"Viewing version {name_of(version)}{tag}{state}{time}"


def seen_words(change: SeenChange, deleted: datetime | None) -> tuple[str, str]:
    """What is said of a state that was seen: how long it was the current one, as far as is known.

    Args:
        change: before which it was seen, or with which where the record is new.
        deleted: when the record was seen to be gone; None where it is not known to be.
    """
    when = f"{change.time.astimezone():%H:%M:%S}"
    since = f"It was deleted, seen at {deleted.astimezone():%H:%M:%S}." if deleted else ""
    if change.after is None:
        return f"This record was deleted, seen at {when}.", "What is shown is its last state."
    if change.before is not None:
        return f"As it was until a change seen at {when}.", since
    return f"As seen at {when}.", since or "It may have changed since."


class VersionBanner(Bar):
    """Version and time, a stepper, and the way back to the live state."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(34, left=12, ground="tint_span", line=True, parent=parent)
        self._icon = QLabel()
        self._words = PartsLabel(Qt.TextElideMode.ElideRight)
        self._place = QLabel()
        self._live = QPushButton(_LIVE)
        self._live.setAccessibleName(_LIVE)
        self._live.clicked.connect(actions["live"].trigger)
        self.row.addWidget(self._icon)
        self.row.addWidget(self._words, 1)
        self.row.addStretch()
        self.row.addWidget(IconButton(actions["older"], self, SMALL))
        self.row.addWidget(self._place)
        self.row.addWidget(IconButton(actions["newer"], self, SMALL))
        self.row.addWidget(self._live)
        self.hide()

    def tell(self, words: str, place: str, *, live: bool, least: str = "") -> None:
        """Show the strip.

        Args:
            words: which version this is.
            least: its name, which stands alone where there is room for no more.
            place: where it stands among the others.
            live: whether there is a live state to go back to.
        """
        self._words.least = least
        self._words.setText(words)
        self._place.setText(place)
        self._live.setVisible(live)
        self._dress()
        self.setAccessibleName(words)
        self._fit_words()
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    @property
    def words(self) -> str:
        """What it says, empty while it is hidden."""
        return "" if self.isHidden() else self._words.text()

    def _fit_words(self) -> None:
        """Give the version room: of the way back and then of the place less is shown."""
        width = self._words.fontMetrics().horizontalAdvance
        self._live.setText(_LIVE)
        self._place.show()
        if self._taken() + width(self._words.first) > self.width():
            self._live.setText(_LIVE_SHORT)
            least = self._words.least or self._words.first
            self._place.setVisible(self._taken() + width(least) <= self.width())
        self._live.setToolTip("" if self._live.text() == _LIVE else _LIVE)

    def _taken(self) -> int:
        """What all but the words take."""
        self.row.invalidate()
        return self.row.totalMinimumSize().width() - self._words.minimumSizeHint().width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the words that fit."""
        super().resizeEvent(event)
        self._fit_words()

    def _dress(self) -> None:
        color = tokens_of(self.palette()).color("link")
        self._icon.setPixmap(pixmap("clock", color, px(self, EDGE), self.devicePixelRatioF()))

    def changeEvent(self, event: QEvent) -> None:
        """Follow palette and text size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()
            self._fit_words()
