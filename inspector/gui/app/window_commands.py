"""What the actions of a window do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from inspector.byte_text import escaped
from inspector.gui.fields import field_clipboard
from inspector.gui.fields.field_items import path_of
from inspector.gui.message.message_pane import MessagePane
from inspector.gui.style.fonts import next_zoom, set_zoom
from inspector.gui.style.text_format import copied
from inspector.gui.style.time_format import TimeStyle
from inspector.gui.support.shortcuts_dialog import ShortcutsDialog

if TYPE_CHECKING:
    from inspector.gui.app.main_window import MainWindow

_RECORD_ACTIONS = ("copy", "copy_path")


class WindowCommands(QObject):
    """Connects the actions of a window to its panes."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._actions = window.actions_
        self._style = TimeStyle.UTC
        self._connect()
        self._restore()
        self._actions.enable(_RECORD_ACTIONS, on=False)
        window.desk.shown.connect(lambda _: self._actions.enable(_RECORD_ACTIONS, on=True))

    def _connect(self) -> None:
        window, record = self._window, self._window.record
        does = {
            "open": window.open_wanted.emit,
            "demo": window.demo_wanted.emit,
            "close": window.close,
            "quit": QApplication.closeAllWindows,
            "copy": self.copy,
            "copy_path": self.copy_path,
            "next_times": lambda: self.set_times(self._style.next()),
            "larger": lambda: self._zoom(1),
            "smaller": lambda: self._zoom(-1),
            "normal": lambda: self._zoom(0),
            "go_kinds": lambda: self._go(window.kinds),
            "go_records": lambda: self._go(window.records.view()),
            "go_record": record.focus,
            "next_pane": lambda: self._next_pane(1),
            "last_pane": lambda: self._next_pane(-1),
            "older": lambda: record.step(1),
            "newer": lambda: record.step(-1),
            "live": lambda: record.version_wanted.emit(None),
            "uncover": record.toggle_cover,
            "find": self.find,
            "again": window.read_again,
            "about_file": window.tell_files,
            "keys": lambda: ShortcutsDialog(window.menuBar()).open(),
        }
        for name, do in does.items():
            self._actions[name].triggered.connect(lambda _=False, do=do: do())
        switches = {
            "unset": record.tree.set_unset,
            "types": record.tree.show_types,
            "secrets": self.reveal,
            "wrap": self._wrap,
            "wrap_json": self._wrap_json,
            "only_record": self._only_record,
            "reader": self._reader,
        }
        for name, switch in switches.items():
            self._actions[name].toggled.connect(switch)
        for style in TimeStyle:
            self._actions[style.name.lower()].triggered.connect(
                lambda _=False, style=style: self.set_times(style)
            )

    def _restore(self) -> None:
        settings, actions = self._window.settings, self._actions
        actions["types"].setChecked(settings.types)
        actions["wrap"].setChecked(settings.wrap)
        actions["wrap_json"].setChecked(settings.wrap_json)
        actions["reader"].setChecked(settings.reader)
        self._wrap(settings.wrap)
        self._reader(settings.reader)
        actions["unset"].setChecked(settings.unset)
        self.set_times(TimeStyle(settings.times))

    def follow(self, name: str) -> None:
        """Show a setting that was changed in the preferences; others stay as they are here."""
        value = getattr(self._window.settings, name)
        if name == "times":
            self.set_times(TimeStyle(value))
        elif name in _SWITCHES:
            self._actions[name].setChecked(value)

    # Views

    def set_times(self, style: TimeStyle) -> None:
        """Write times in another way, everywhere in the window."""
        self._style = style
        self._prefer("times", style.value)
        self._actions[style.name.lower()].setChecked(True)
        self._window.records.records.set_times(style)
        self._window.record.set_times(style)
        self._window.looking.set_times(style)
        self._window.status.tell_times(style)

    def _prefer(self, name: str, value: object) -> None:
        settings = self._window.settings
        if getattr(settings, name) != value:
            setattr(settings, name, value)
            self._window.preferred.emit()

    def reveal(self, on: bool) -> None:
        """Show or cover all secrets of the window."""
        self._window.record.reveal_all(on)
        self._window.status.tell_secrets(shown=on)

    def _zoom(self, step: int) -> None:
        settings = self._window.settings
        self._prefer("zoom", next_zoom(settings.zoom, step) if step else 100)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            set_zoom(app, settings.zoom)

    def _wrap(self, on: bool) -> None:
        self._prefer("wrap", on)
        self._window.record.reader.set_wrap(on)

    def _wrap_json(self, on: bool) -> None:
        self._prefer("wrap_json", on)
        self._window.record.json.view.set_wrap(on)

    def _reader(self, on: bool) -> None:
        self._prefer("reader", on)
        self._window.record.show_reader(on)

    def _only_record(self, on: bool) -> None:
        self._window.left.setVisible(not on)
        self._window.records.setVisible(not on)
        if on:
            self._window.record.focus()

    # Focus

    def _go(self, pane: QWidget) -> None:
        self._actions["only_record"].setChecked(False)
        pane.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _next_pane(self, by: int) -> None:
        window = self._window
        panes: list[QWidget] = [
            window.left,
            window.records,
            window.record.tabs,
            window.record.reader,
            window.record.bytes,
        ]
        message = window.record.events.area
        panes += [message] if message is not None else []
        shown = [pane for pane in panes if pane.isVisible()]
        focus = QApplication.focusWidget()
        # Of panes within each other the inner one.
        around = [i for i, pane in enumerate(shown) if focus and pane.isAncestorOf(focus)]
        here = around[-1] if around else -1
        if here < 0 and focus is not None and window.record.isAncestorOf(focus):
            here = shown.index(window.record.tabs)
        self._enter(shown[(here + by) % len(shown)])

    def _enter(self, pane: QWidget) -> None:
        window = self._window
        if pane is window.left:
            self._go(window.kinds)
        elif pane is window.records:
            self._go(window.records.view())
        elif pane is window.record.reader:
            window.record.reader.focus()
        elif pane is window.record.bytes:
            pane.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif isinstance(pane, MessagePane):
            pane.focus()
        else:
            window.record.focus()

    def find(self) -> None:
        """Find in the part of the window that has the focus."""
        if not self._window.looking.find():
            self._window.records.ask_filter()

    # Taking away

    def copy(self) -> None:
        """Copy the selected text, else the value the cursor is on; covered ones stay covered."""
        record = self._window.record
        views, focus = record.at_hand(), QApplication.focusWidget()
        if self._window.lists.copy() or self._window.record_events.copy():
            return
        if focus is not None and views.json.view.isAncestorOf(focus):
            self._put(views.json.view.selected_text(), "selection")
        elif focus is record.history.difference.text:
            self._put(record.history.difference.text.selected_text(), "selection")
        elif focus is not None and views.reader.isAncestorOf(focus) and views.reader.selected():
            self._put(views.reader.selected(), "selection")
        else:
            item = views.tree.current()
            what = path_of(item) if item is not None else ""
            self._put(field_clipboard.value(item, views.tree.fields.look), what or "value")

    def copy_path(self) -> None:
        """Copy the path of the field the cursor is on."""
        item = self._window.record.at_hand().tree.current()
        self._put(path_of(item) if item is not None else "", "path")

    def _put(self, text: str, what: str) -> None:
        if text:
            QGuiApplication.clipboard().setText(escaped(text))
            self._window.status.tell(copied(what, text))


_SWITCHES = frozenset(("wrap", "wrap_json", "types", "unset", "reader"))
