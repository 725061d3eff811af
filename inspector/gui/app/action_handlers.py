"""What every action of a window does: its name stands here once, beside what is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu

from inspector.gui.actions import SPECS, Actions

if TYPE_CHECKING:
    from inspector.gui.app.deferred_parts import DeferredParts
    from inspector.gui.records.records_pane import RecordsPane

#: Called when an action is triggered.
Commands = Mapping[str, Callable[[], object]]
#: Called with whether an action is checked, whoever checks it.
Switches = Mapping[str, Callable[[bool], object]]
#: Menus that stand in the place of an action.
Menus = Mapping[str, QMenu]

SWITCHES: Final = frozenset(spec.name for spec in SPECS if spec.checkable and not spec.group)
#: Whose answer would be about the store before, and gone with it, while another is being opened.
_ASKING: Final = frozenset({"search", "go_to", "filter_expression", "check"})


class ActionDispatcher:
    """Connects the actions of a window, each to the one thing it does.

    What most of them do is made only after the first rows are on screen: an action that is chosen
    before has it made first, and then does what it would have done, as soon as that can be done.

    Args:
        actions: of the window.
        complete: makes and adds what is not there yet.
    """

    def __init__(self, actions: Actions, complete: Callable[[], None]) -> None:
        self._actions, self._complete = actions, complete
        self._handlers: dict[str, Callable[[bool], object] | None] = {}
        self._opening = False
        self._waiting: dict[str, None] = {}  #: actions to be done once the store is open, in order
        for spec in SPECS:
            action = actions[spec.name]
            signal = action.toggled if spec.name in SWITCHES else action.triggered
            signal.connect(partial(self._handle, spec.name))

    def add_commands(self, commands: Commands) -> None:
        """Say what actions do when they are triggered."""
        for name, do in commands.items():
            self._add(name, partial(_call, do))

    def add_switches(self, switches: Switches) -> None:
        """Say what actions do that are switched on and off."""
        for name, do in switches.items():
            self._add(name, do)

    def add_menus(self, menus: Menus) -> None:
        """Give actions their menus."""
        for name, menu in menus.items():
            self._add(name, None)
            self._actions[name].setMenu(menu)

    def begin(self) -> None:
        """A store is being opened: what cannot be done before waits for it, and for no other."""
        self._opening = True
        self._waiting.clear()

    def settle(self, *, opened: bool) -> None:
        """Do what was chosen while a store was being opened, where it can be done now.

        Args:
            opened: whether it was opened; else it is never done.
        """
        names, self._waiting, self._opening = self._waiting, {}, False
        for name in names if opened else ():
            self._actions[name].trigger()

    def put_off(self, keys: QKeySequence) -> bool:
        """Let the action of a key wait that Qt does not hand on: it is disabled until then.

        Returns:
            Whether there is one.
        """
        if not self._opening:
            return False
        for spec in SPECS:
            action = self._actions[spec.name]
            if keys in action.shortcuts() and not action.isEnabled() and spec.name not in SWITCHES:
                self._waiting[spec.name] = None
                return True
        return False

    def names(self) -> frozenset[str]:
        """The actions of which it is known what they do."""
        return frozenset(self._handlers)

    def _add(self, name: str, do: Callable[[bool], object] | None) -> None:
        if name in self._handlers:
            raise ValueError(f"{name} does something already")
        self._handlers[name] = do

    def _handle(self, name: str, checked: bool = False) -> None:
        if name not in self._handlers:
            self._complete()
            # What can be done is known only now.
            if not self._actions[name].isEnabled():
                # A switch is the other way round by then.
                if self._opening and name not in SWITCHES:
                    self._waiting[name] = None
                return
        if self._opening and name in _ASKING:
            self._waiting[name] = None
            return
        do = self._handlers[name]
        if do is not None:
            do(checked)


def _call(do: Callable[[], object], _checked: bool) -> None:
    do()


def program_commands(
    *,
    new_window: Callable[[], object],
    show_start: Callable[[], object],
    turn: Callable[[int], object],
    show_preferences: Callable[[], object],
    appear: Callable[[str], object],
    copy_diagnostics: Callable[[], object],
    show_about: Callable[[], object],
) -> Commands:
    """What concerns the whole program, and is there before any store is."""
    return {
        "new_window": new_window,
        "start": show_start,
        "next_window": partial(turn, 1),
        "last_window": partial(turn, -1),
        "preferences": show_preferences,
        "theme_system": partial(appear, "system"),
        "theme_light": partial(appear, "light"),
        "theme_dark": partial(appear, "dark"),
        "diagnostics": copy_diagnostics,
        "about": show_about,
    }


def window_commands(
    *,
    ask_open: Callable[[], object],
    open_demo: Callable[[], object],
    close: Callable[[], object],
    close_all: Callable[[], object],
    tell_files: Callable[[], object],
) -> Commands:
    """What a window does with files, which needs nothing that is shown of them."""
    return {
        "open": ask_open,
        "demo": open_demo,
        "close": close,
        "quit": close_all,
        "about_file": tell_files,
    }


def part_commands(
    parts: DeferredParts,
    records: RecordsPane,
    *,
    read_again: Callable[[], object],
    show_keys: Callable[[], object],
) -> Commands:
    """What is done with what is shown."""
    from inspector.gui.fields.filter_by_value import equality  # noqa: PLC0415 - not at start
    from inspector.gui.history.compare_controller import Against  # noqa: PLC0415 - not at start
    from inspector.gui.style.time_format import TimeStyle  # noqa: PLC0415 - not at start

    def filter_by_value() -> None:
        tree = parts.record.tree
        item = tree.current()
        expression = equality(item, tree.fields.look) if item is not None else ""
        if expression:
            records.add_test(expression)

    def find() -> None:
        if not parts.record_actions.find():
            records.ask_filter()

    record, history = parts.record, parts.record.history
    difference, json = history.difference, parts.record.json.view
    return {
        # File
        "reveal_file": parts.file_actions.reveal,
        "copy_file_path": parts.file_actions.copy_path,
        "snapshot": parts.snapshot.ask,
        "commits": parts.state_actions.ask_commit,
        "compare_store": parts.state_actions.ask_compare,
        "compare_newest": parts.state_actions.compare_newest,
        "check": parts.check.ask,
        "use_map": parts.foreign.ask_map,
        "leave_map": parts.foreign.leave_map,
        "save_map": parts.foreign.ask_save,
        "mark_now": parts.changes.mark,
        # Edit
        "copy": parts.focused_copy.copy,
        "copy_path": parts.focused_copy.copy_path,
        "copy_tree": parts.record_copy.copy_tree,
        "copy_json": parts.record_copy.copy_json,
        "copy_markdown": parts.record_copy.copy_markdown,
        "copy_command": parts.record_copy.copy_command,
        "copy_id": parts.record_copy.copy_id,
        "copy_hash": parts.version_actions.copy_hash,
        "copy_tag": parts.version_actions.copy_tag,
        "copy_hex": partial(parts.record_actions.copy_bytes, "hex"),
        "copy_base64": partial(parts.record_actions.copy_bytes, "base64"),
        "copy_text": partial(parts.record_actions.copy_bytes, "text"),
        "find": find,
        "filter_expression": records.ask_expression,
        "complete": records.complete,
        "filter_by_value": filter_by_value,
        "search": parts.search.ask,
        "find_next": partial(parts.record_actions.step, 1),
        "find_last": partial(parts.record_actions.step, -1),
        # View
        "fields": partial(record.choose_tab, "fields"),
        "json": partial(record.choose_tab, "json"),
        "bytes": partial(record.choose_tab, "bytes"),
        "history": partial(record.tabs.choose, "history"),
        "activity": partial(record.tabs.choose, "activity"),
        "events": partial(record.tabs.choose, "events"),
        "again": read_again,
        "fold": partial(json.fold, True),
        "unfold": partial(json.fold, False),
        "fold_all": partial(json.fold_all, True),
        "unfold_all": partial(json.fold_all, False),
        "utc": partial(parts.view_settings.set_times, TimeStyle.UTC),
        "local": partial(parts.view_settings.set_times, TimeStyle.LOCAL),
        "relative": partial(parts.view_settings.set_times, TimeStyle.RELATIVE),
        "next_times": parts.view_settings.next_times,
        "axis_in": partial(history.axis.zoom, 2.0),
        "axis_out": partial(history.axis.zoom, 0.5),
        "axis_all": history.axis.show_all,
        "sort_name": partial(parts.list_actions.sort, "name"),
        "sort_state": partial(parts.list_actions.sort, "state"),
        "sort_id": partial(parts.list_actions.sort, "id"),
        "sort_updated": partial(parts.list_actions.sort, "updated"),
        "sort_size": partial(parts.list_actions.sort, "size"),
        "sort_versions": partial(parts.list_actions.sort, "versions"),
        "sort_org": partial(parts.list_actions.sort, "org"),
        "sort_error": partial(parts.list_actions.sort, "error"),
        "sort_column": parts.foreign.sort_by_column,
        "ascending": partial(parts.list_actions.turn, descending=False),
        "descending": partial(parts.list_actions.turn, descending=True),
        "larger": partial(parts.view_settings.zoom, 1),
        "smaller": partial(parts.view_settings.zoom, -1),
        "normal": partial(parts.view_settings.zoom, 0),
        # Go
        "back": partial(parts.navigation.step, -1),
        "forward": partial(parts.navigation.step, 1),
        "go_to": parts.navigation.ask,
        "follow": record.follow,
        "referrers": parts.navigation.referrers,
        "goto_offset": parts.record_actions.ask_offset,
        "go_kinds": parts.pane_focus.go_kinds,
        "go_records": parts.pane_focus.go_records,
        "go_record": record.focus,
        "next_pane": partial(parts.pane_focus.step, 1),
        "last_pane": partial(parts.pane_focus.step, -1),
        "older": partial(record.step, 1),
        "newer": partial(record.step, -1),
        "open_version": parts.version_actions.open,
        "live": partial(record.version_wanted.emit, None),
        "open_state": partial(parts.state_actions.open_listed, parts.version_actions),
        "next_change": partial(difference.step, 1),
        "last_change": partial(difference.step, -1),
        # Compare
        "field_history": parts.blame.tell_field,
        "artifact": parts.blame.ask_artifact,
        "mark_base": parts.compare.mark,
        "pick_before": difference.before.ask,
        "pick_after": difference.after.ask,
        "against_previous": partial(parts.compare.set_against, Against.PREVIOUS),
        "against_live": partial(parts.compare.set_against, Against.LIVE),
        "compare_selected": parts.compare.compare_selected,
        "compare_record": parts.compare.ask_record,
        "compare_rows": parts.list_actions.compare_two,
        "compare_table_rows": parts.table_actions.compare,
        "copy_difference": parts.compare.copy,
        "export_difference": parts.compare.export,
        # Record
        "uncover": record.toggle_cover,
        "grow": parts.record_actions.grow,
        "open_below": parts.record_actions.open_below,
        "export": partial(parts.record_copy.ask_file, reveal=False),
        "export_secrets": partial(parts.record_copy.ask_file, reveal=True),
        "export_events": parts.events.ask_file,
        "export_rows": parts.rows_export.ask,
        "bundle": parts.bundle.ask,
        "export_kind": parts.rows_export.ask_kind,
        "row_history": parts.table_actions.show_history,
        "export_table": parts.table_actions.ask_export,
        "read_as": parts.foreign.ask,
        # Help
        "keys": show_keys,
    }


def part_switches(parts: DeferredParts, records: RecordsPane) -> Switches:
    """What is switched on and off of what is shown."""
    record, view = parts.record, parts.view_settings

    def set_secrets(on: bool) -> None:
        view.set_secrets(on)
        parts.compare.look(again=True)
        parts.activity.tell_again()
        records.tables.reveal(on)

    def set_only_changes(on: bool) -> None:
        view.keep("only_changes", on)
        parts.compare.look(again=True)

    def set_side_by_side(on: bool) -> None:
        view.keep("side_by_side", on)
        record.history.difference.arrange()

    return {
        "pause": parts.updates.set_paused,
        "unset": record.set_unset,
        "types": record.set_types,
        "secrets": set_secrets,
        "wrap": view.set_wrap,
        "wrap_json": view.set_wrap_json,
        "only_record": parts.pane_focus.set_only_record,
        "reader": view.set_reader,
        "since": parts.blame.switch,
        "only_changes": set_only_changes,
        "side_by_side": set_side_by_side,
    }
