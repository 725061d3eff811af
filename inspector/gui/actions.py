"""Every action of the window as data: its words, its keys, its icon, its place in the menus."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from inspector.gui.style.icons import icon
from inspector.named_tuple import NamedTuple

NAME: Final = "Stigmer Inspector"  #: of the program
Keys = QKeySequence.StandardKey


class Spec(NamedTuple):
    """An action.

    Attributes:
        name: how code asks for it.
        text: its words with the mnemonic.
        keys: key sequences, the first is shown; standard keys where there is one.
        icon: name of a line icon, for buttons only.
        group: name of a group of which exactly one is checked, or empty.
        hint: the key that does the same where the focus is in the view, if the action has none.
    """

    name: str
    text: str
    keys: tuple[str | Keys, ...] = ()
    icon: str = ""
    checkable: bool = False
    group: str = ""
    role: QAction.MenuRole = QAction.MenuRole.NoRole
    hint: str = ""


SPECS: Final = (
    Spec("open", "&Open\N{HORIZONTAL ELLIPSIS}", (Keys.Open,)),
    Spec("demo", "Open &demo store"),
    Spec("recent", "Open &recent"),
    Spec("new_window", "&New window", (Keys.New,)),
    Spec("start", "&Start page"),
    Spec("about_file", "File &information\N{HORIZONTAL ELLIPSIS}"),
    Spec("reveal_file", "Show in file &manager"),
    Spec("copy_file_path", "Copy file &path"),
    Spec("snapshot", "Save snapsho&t\N{HORIZONTAL ELLIPSIS}"),
    Spec("commits", "Commits of the write-ahead &log\N{HORIZONTAL ELLIPSIS}"),
    Spec("compare_store", "Compare wit&h another store\N{HORIZONTAL ELLIPSIS}"),
    Spec("compare_newest", "Compare with &newest state"),
    Spec("check", "Chec&k store"),
    Spec("use_map", "&Use map\N{HORIZONTAL ELLIPSIS}"),
    Spec("leave_map", "Stop usin&g map"),
    Spec("save_map", "Sa&ve map\N{HORIZONTAL ELLIPSIS}"),
    Spec("close", "&Close window", (Keys.Close,)),
    Spec("quit", "&Quit", (Keys.Quit, "Ctrl+Q"), role=QAction.MenuRole.QuitRole),
    Spec("copy", "&Copy", (Keys.Copy,), icon="copy"),
    Spec("copy_json", "Copy record as &JSON", ("Ctrl+Shift+C",), icon="copy"),
    Spec("copy_path", "Copy &path", ("Ctrl+Alt+C",)),
    Spec("copy_tree", "Copy &field as JSON"),
    Spec("copy_markdown", "Copy record as &Markdown"),
    Spec("copy_command", "Copy C&LI command"),
    Spec("copy_id", "Copy &ID"),
    Spec("copy_hash", "Copy version ha&sh"),
    Spec("copy_tag", "Copy version ta&g"),
    Spec("copy_hex", "Copy bytes as &hex"),
    Spec("copy_base64", "Copy bytes as &base64"),
    Spec("copy_text", "Copy bytes as &text"),
    Spec("find", "Fi&nd\N{HORIZONTAL ELLIPSIS}", (Keys.Find,)),
    Spec("filter_expression", "Filter b&y expression", ("Ctrl+Shift+L",)),
    Spec("filters", "Filter rec&ords"),
    Spec("complete", "Compl&ete expression", hint="Ctrl+Space"),
    Spec("filter_by_value", "Filter by this val&ue"),
    Spec("search", "Se&arch everything\N{HORIZONTAL ELLIPSIS}", ("Ctrl+Shift+F",), icon="search"),
    Spec("find_next", "Find ne&xt", ("F3",)),
    Spec("find_last", "Fin&d previous", ("Shift+F3",)),
    Spec(
        *("preferences", "P&references\N{HORIZONTAL ELLIPSIS}", (Keys.Preferences, "Ctrl+,")),
        role=QAction.MenuRole.PreferencesRole,
    ),
    Spec("fields", "&Fields", ("Ctrl+1",), checkable=True, group="tab"),
    Spec("json", "&JSON", ("Ctrl+2",), checkable=True, group="tab"),
    Spec("bytes", "&Bytes", ("Ctrl+3",), checkable=True, group="tab"),
    Spec("history", "&History", ("Ctrl+4",), checkable=True, group="tab"),
    Spec("activity", "&Activity", ("Ctrl+5",), checkable=True, group="tab"),
    Spec("events", "E&vents", ("Ctrl+6",), checkable=True, group="tab"),
    Spec("unset", "&Unset fields", ("Ctrl+U",), checkable=True),
    Spec("since", "Bla&me: last changed in", ("Ctrl+B",), checkable=True),
    Spec("field_history", "&Field history", ("Ctrl+Shift+H",)),
    Spec("types", "&Types and numbers", ("Ctrl+Shift+T",), checkable=True),
    Spec("secrets", "Show &secrets", ("Ctrl+Shift+S",), checkable=True),
    Spec("wrap", "&Wrap lines in the reader", ("Alt+Z",), icon="wrap", checkable=True),
    Spec("wrap_json", "Wrap lines i&n JSON", icon="wrap", checkable=True),
    Spec("fold", "&Fold", ("Ctrl+Shift+[",)),
    Spec("unfold", "&Unfold", ("Ctrl+Shift+]",)),
    Spec("fold_all", "Fold &all"),
    Spec("unfold_all", "U&nfold all"),
    Spec("axis_in", "Zoom &in"),
    Spec("axis_out", "Zoom &out"),
    Spec("axis_all", "Show &whole range"),
    Spec("next_times", "&Switch time format", ("Ctrl+T",)),
    Spec("utc", "&UTC", checkable=True, group="times"),
    Spec("local", "&Local", checkable=True, group="times"),
    Spec("relative", "&Relative", checkable=True, group="times"),
    Spec("theme_system", "&Follow system", checkable=True, group="theme"),
    Spec("theme_light", "&Light", checkable=True, group="theme"),
    Spec("theme_dark", "Dar&k", checkable=True, group="theme"),
    Spec("columns", "Visible co&lumns"),
    Spec("sort_name", "&Name", checkable=True, group="sort"),
    Spec("sort_state", "&State", checkable=True, group="sort"),
    Spec("sort_id", "&ID", checkable=True, group="sort"),
    Spec("sort_updated", "&Updated", checkable=True, group="sort"),
    Spec("sort_size", "&Bytes", checkable=True, group="sort"),
    Spec("sort_versions", "&Versions", checkable=True, group="sort"),
    Spec("sort_org", "&Organization", checkable=True, group="sort"),
    Spec("sort_error", "&Error", checkable=True, group="sort"),
    Spec("sort_column", "Sort by this &column"),
    Spec("ascending", "&Ascending", checkable=True, group="direction"),
    Spec("descending", "&Descending", checkable=True, group="direction"),
    Spec("only_record", "Maximize recor&d", ("F9",), checkable=True),
    Spec("larger", "Lar&ger text", (Keys.ZoomIn, "Ctrl+=")),
    Spec("smaller", "S&maller text", (Keys.ZoomOut,)),
    Spec("normal", "&Normal text", ("Ctrl+0",)),
    Spec("go_kinds", "&Kinds", ("Alt+1",)),
    Spec("go_records", "&Records", ("Alt+2",)),
    Spec("go_record", "Re&cord", ("Alt+3",)),
    Spec("reader", "R&eader", ("Alt+4",), checkable=True),
    Spec("schema", "S&chema"),
    Spec("next_window", "&Next window", ("Ctrl+Tab",)),
    Spec("last_window", "&Previous window", ("Ctrl+Shift+Tab",)),
    Spec("next_pane", "&Next pane", ("F6",)),
    Spec("last_pane", "&Previous pane", ("Shift+F6",)),
    Spec("back", "&Back", ("Alt+Left",), icon="back"),
    Spec("forward", "&Forward", ("Alt+Right",), icon="forward"),
    Spec("go_to", "&Go to\N{HORIZONTAL ELLIPSIS}", ("Ctrl+G",)),
    Spec("follow", "Follow l&ink"),
    Spec("referrers", "Fin&d references\N{HORIZONTAL ELLIPSIS}", ("Ctrl+Shift+R",)),
    Spec("older", "&Older version", ("Alt+,",), icon="back"),
    Spec("newer", "Newer &version", ("Alt+.",), icon="forward"),
    Spec("open_version", "Open se&lected version"),
    Spec("live", "Go to curr&ent version"),
    Spec("open_state", "Open store &as of this commit"),
    Spec("artifact", "S&kill artifact\N{HORIZONTAL ELLIPSIS}", ("Ctrl+Shift+A",)),
    Spec("next_change", "Next c&hange", ("F7",), icon="down"),
    Spec("last_change", "Previo&us change", ("Shift+F7",), icon="up"),
    Spec("mark_base", "&Use as comparison base", ("Ctrl+D",), icon="compare"),
    Spec("pick_before", 'Choose "&before" version\N{HORIZONTAL ELLIPSIS}', ("Ctrl+Shift+D",)),
    Spec("pick_after", 'Choose "&after" version\N{HORIZONTAL ELLIPSIS}'),
    Spec("against_previous", "Compare with &previous version"),
    Spec("against_live", "Compare with &current version"),
    Spec("compare_selected", "Compare se&lected versions"),
    Spec(
        *("compare_record", "Compare with another &record\N{HORIZONTAL ELLIPSIS}"),
        icon="compare",
    ),
    Spec("compare_rows", "Compare t&wo selected records"),
    Spec("compare_table_rows", "Compare two rows of a &table"),
    Spec("only_changes", "&Only changes", checkable=True),
    Spec("side_by_side", "&Side by side", checkable=True),
    Spec("copy_difference", "Copy &difference"),
    Spec("export_difference", "&Export difference\N{HORIZONTAL ELLIPSIS}"),
    Spec("goto_offset", "Go to off&set\N{HORIZONTAL ELLIPSIS}", ("Ctrl+Shift+G",)),
    Spec("open_below", "Expand &all"),
    Spec("grow", "Expand &value as tree"),
    Spec("uncover", "Show or &hide secret", icon="eye", hint="Enter"),
    Spec("export", "&Export\N{HORIZONTAL ELLIPSIS}", ("Ctrl+E",), icon="export"),
    Spec("export_rows", "Export se&lected\N{HORIZONTAL ELLIPSIS}", ("Ctrl+Alt+E",)),
    Spec("export_events", "Export even&ts\N{HORIZONTAL ELLIPSIS}", icon="export"),
    Spec("export_secrets", "Export including &secrets\N{HORIZONTAL ELLIPSIS}"),
    Spec("export_kind", "Export &kind\N{HORIZONTAL ELLIPSIS}"),
    Spec("read_as", "Read colum&n as\N{HORIZONTAL ELLIPSIS}"),
    Spec("show_time", "Show column as ti&me"),
    Spec("row_history", "Histor&y of row\N{HORIZONTAL ELLIPSIS}"),
    Spec("export_table", "E&xport rows of table\N{HORIZONTAL ELLIPSIS}"),
    Spec("bundle", "Save &bundle for a bug report\N{HORIZONTAL ELLIPSIS}"),
    Spec("again", "&Refresh", (Keys.Refresh, "Ctrl+R"), icon="refresh"),
    Spec("pause", "Pause f&ollowing", ("Ctrl+Shift+P",), checkable=True),
    Spec("mark_now", "Mar&k now", ("Ctrl+M",)),
    Spec("keys", "&Keyboard shortcuts", (Keys.HelpContents,)),
    Spec("diagnostics", "Copy &diagnostic information"),
    Spec("about", f"&About {NAME}", role=QAction.MenuRole.AboutRole),
)

HINT: Final = "hint"  #: the property of an action that holds its :attr:`Spec.hint`
SEPARATOR: Final = ""
WINDOWS: Final = "&Window"
#: What orders a list of records.
ORDERS: Final = (
    *("sort_name", "sort_state", "sort_id", "sort_updated"),
    *("sort_size", "sort_versions", "sort_org", "sort_error"),
)
Entry = str | tuple[str, tuple[str, ...]]
MENUS: Final[tuple[tuple[str, tuple[Entry, ...]], ...]] = (
    (
        "&File",
        (
            *("open", "recent", "demo", SEPARATOR, "new_window", "start", SEPARATOR),
            *("about_file", "reveal_file", "copy_file_path", "snapshot", SEPARATOR),
            *("commits", "check", SEPARATOR),
            *("use_map", "leave_map", "save_map", SEPARATOR, "close", "quit"),
        ),
    ),
    (
        "&Edit",
        (
            "copy",
            "copy_path",
            "copy_tree",
            SEPARATOR,
            "copy_json",
            "copy_markdown",
            "copy_command",
            "copy_id",
            *("copy_hash", "copy_tag"),
            SEPARATOR,
            *("copy_hex", "copy_base64", "copy_text", SEPARATOR, "find", "find_next", "find_last"),
            *(
                "filters",
                "filter_expression",
                "complete",
                "filter_by_value",
                "search",
                SEPARATOR,
                "preferences",
            ),
        ),
    ),
    (
        "&View",
        (
            *("fields", "json", "bytes", "history", "activity", "events", SEPARATOR),
            *("again", "pause", "mark_now", SEPARATOR),
            *("unset", "since", "types", "schema", SEPARATOR, "secrets"),
            *(
                "wrap",
                "wrap_json",
                SEPARATOR,
                ("JSON foldin&g", ("fold", "unfold", "fold_all", "unfold_all")),
                ("T&imes", ("utc", "local", "relative", "next_times")),
                ("Time a&xis", ("axis_in", "axis_out", "axis_all")),
            ),
            ("Sort b&y", (*ORDERS, SEPARATOR, "sort_column", SEPARATOR, "ascending", "descending")),
            "columns",
            SEPARATOR,
            *("only_record", "reader", SEPARATOR),
            ("Text si&ze", ("larger", "smaller", "normal")),
            ("A&ppearance", ("theme_system", "theme_light", "theme_dark")),
        ),
    ),
    (
        "&Go",
        (
            *("back", "forward", "go_to", "follow", "referrers", "goto_offset", SEPARATOR),
            *("go_kinds", "go_records", "go_record", SEPARATOR, "next_pane", "last_pane"),
            *(SEPARATOR, "older", "newer", "open_version", "live", "open_state"),
            *(SEPARATOR, "next_change", "last_change"),
        ),
    ),
    (
        "&Compare",
        (
            *(
                "field_history",
                "artifact",
                SEPARATOR,
                "mark_base",
                "pick_before",
                "pick_after",
                "against_previous",
                "against_live",
                "compare_selected",
                "compare_record",
                "compare_rows",
                "compare_table_rows",
                SEPARATOR,
                *("compare_store", "compare_newest", SEPARATOR),
            ),
            *("only_changes", "side_by_side", SEPARATOR, "copy_difference", "export_difference"),
        ),
    ),
    (
        "&Record",
        (
            "uncover",
            "grow",
            "open_below",
            SEPARATOR,
            "export",
            "export_secrets",
            "export_events",
            "export_rows",
            "export_kind",
            "export_table",
            *(SEPARATOR, "bundle", SEPARATOR, "row_history", "read_as", "show_time"),
        ),
    ),
    (WINDOWS, ("next_window", "last_window", SEPARATOR)),
    ("&Help", ("keys", SEPARATOR, "diagnostics", "about")),
)


class Actions:
    """The actions of one window; ``actions["export"]`` is one of them."""

    def __init__(self, parent: QObject) -> None:
        self._actions: dict[str, QAction] = {}
        self._groups: dict[str, QActionGroup] = {}
        self.menus: dict[str, QMenu] = {}
        # Not of the window itself, which would be told of each of them, and is in Python.
        owner = QObject(parent)
        for spec in SPECS:
            self._actions[spec.name] = self._made(spec, owner)

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def group(self, name: str) -> QActionGroup:
        """The group of which exactly one action is checked."""
        return self._groups[name]

    def enable(self, names: tuple[str, ...], on: bool) -> None:
        """Enable or disable several actions."""
        for name in names:
            self._actions[name].setEnabled(on)

    def fill(self, bar: QMenuBar) -> None:
        """Put all actions into the menus of a window."""
        for title, entries in MENUS:
            self.menus[title] = bar.addMenu(title)
            self._fill(self.menus[title], entries)

    def _fill(self, menu: QMenu, entries: tuple[Entry, ...]) -> None:
        for entry in entries:
            if isinstance(entry, tuple):
                self._fill(menu.addMenu(entry[0]), entry[1])
            elif entry == SEPARATOR:
                menu.addSeparator()
            else:
                menu.addAction(self._actions[entry])

    def _made(self, spec: Spec, parent: QObject) -> QAction:
        action = QAction(spec.text, parent)
        action.setObjectName(spec.name)
        action.setMenuRole(spec.role)
        if spec.hint:
            action.setProperty(HINT, spec.hint)
        if spec.keys:
            action.setShortcuts(_sequences(spec.keys))
        if spec.checkable:
            action.setCheckable(True)
        if spec.icon:
            action.setIcon(icon(spec.icon))
            action.setIconVisibleInMenu(False)
        if spec.group:
            group = self._groups.setdefault(spec.group, QActionGroup(parent))
            group.addAction(action)
        return action


def _sequences(keys: tuple[str | Keys, ...]) -> list[QKeySequence]:
    found: list[QKeySequence] = []
    for key in keys:
        made = [QKeySequence(key)] if isinstance(key, str) else QKeySequence.keyBindings(key)
        found.extend(sequence for sequence in made if sequence not in found)
    return found
