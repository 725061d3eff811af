"""How the columns of the file of a window are read: as a person chose, else as a map says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from inspector.errors import InspectorError
from inspector.foreign.column_map import ColumnReading, FileMap
from inspector.foreign.message_set import MessageSet, message_set
from inspector.gui.tasks import Report, TaskGroup, Tasks
from inspector.named_tuple import NamedTuple
from inspector.session.foreign_rows import ForeignReading, map_of

if TYPE_CHECKING:
    from inspector.session.session import Session


class LoadedReadings(NamedTuple):
    """What was read of the disk for a file.

    Attributes:
        mapped: the map in use, None for none.
        sets: the messages of each schema that is used.
        unread: why a schema, or the map, cannot be used, by its path.
    """

    mapped: FileMap | None
    sets: tuple[MessageSet, ...]
    unread: Mapping[str, InspectorError]


_NOTHING = LoadedReadings(None, (), {})


class FileReadings(QObject):
    """What is chosen for the columns of a file that is no store, and its map.

    ``changed`` tells that something is read in another way; ``failed`` that schemas or a map could
    not be read, by their paths.

    Attributes:
        chosen: what a person chose, in the order in which it was.
        map_path: the map in use; empty for none.
        schemas: where the map's messages are looked for besides what it names.
    """

    changed = Signal()
    failed = Signal(Mapping)  # why, by path

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = TaskGroup(tasks, "readings")
        self._source: Session | None = None
        self._loaded = _NOTHING
        self.chosen: tuple[ColumnReading, ...] = ()
        self.map_path = ""
        self.schemas: tuple[str, ...] = ()

    @property
    def mapped(self) -> FileMap | None:
        """The map in use; None for none, and for one that could not be read."""
        return self._loaded.mapped

    @property
    def sets(self) -> tuple[MessageSet, ...]:
        """The messages that can be chosen from."""
        return self._loaded.sets

    @property
    def unread(self) -> Mapping[str, InspectorError]:
        """Why a schema or the map cannot be used, by its path."""
        return self._loaded.unread

    def begin(
        self,
        source: Session | None,
        chosen: Sequence[ColumnReading] = (),
        map_path: str = "",
        schemas: Sequence[str] = (),
    ) -> None:
        """Another file is looked at.

        Args:
            source: the file; None where it is a store, whose records say what they are.
            chosen: how columns of it are read.
            map_path: a map that is in use for it; empty for none.
            schemas: where the map's messages are looked for besides what it names.
        """
        self._tasks.forget("load")
        before = (self._source, self.chosen, self.map_path)
        if before != (source, tuple(chosen), map_path):
            self._loaded = _NOTHING
        self._source = source
        self.chosen, self.map_path, self.schemas = tuple(chosen), map_path, tuple(schemas)
        if source is not None and (chosen or map_path):
            self._load()
        self.changed.emit()

    def choose(self, reading: ColumnReading) -> None:
        """Read a column in another way."""
        others = [one for one in self.chosen if not _is_same(one, reading.table, reading.column)]
        self.chosen = (*others, reading)
        self._load()

    def forget(self, table: str, column: str) -> None:
        """Read a column as the map says, or by number."""
        self.chosen = tuple(one for one in self.chosen if not _is_same(one, table, column))
        self._load()

    def use_map(
        self, path: str, done: Callable[[FileMap | None], None], schemas: Sequence[str] = ()
    ) -> None:
        """Read what is not chosen otherwise as a map says.

        Args:
            path: of the map; empty to read without one.
            done: told the map, None where there is none or it cannot be used.
            schemas: where its messages are looked for besides what it names.
        """
        self.map_path, self.schemas = path, tuple(schemas)
        self._load(done)

    def chosen_for(self, table: str, column: str) -> ColumnReading | None:
        """What a person chose for a column."""
        found = (one for one in self.chosen if _is_same(one, table, column))
        return next(found, None)

    def of_table(self, table: str) -> dict[str, list[ColumnReading]]:
        """How the columns of a table are read; of several for one the first that applies."""
        found: dict[str, list[ColumnReading]] = {}
        for one in self.whole().columns:
            if one.table == table:
                found.setdefault(one.column, []).append(one)
        return found

    def words_for(self, table: str, column: str) -> str:
        """What a column is read as and where that is declared, for people; empty for neither."""
        found = self.of_table(table).get(column)
        if not found:
            return ""
        words = found[0].words if len(found) == 1 else "what other columns of the row say"
        schema = next((s.name for s in self.sets if s.schema and s.schema == found[0].schema), "")
        if self.chosen_for(table, column) is None and self.mapped is not None:
            schema = self.mapped.name
        return f"{words} from {schema}" if schema else words

    def whole(self) -> FileMap:
        """What is chosen and what the map says, as one map."""
        mapped = self._loaded.mapped or FileMap("")
        places = {(one.table, one.column) for one in self.chosen}
        others = [one for one in mapped.columns if (one.table, one.column) not in places]
        return replace(mapped, columns=(*self.chosen, *others))

    def reading(
        self, *, reveal: bool, level: int = 0, indent: int | None = 2
    ) -> ForeignReading | None:
        """Reads the rows of the file; None while none is open.

        Args:
            reveal: show what is covered.
            level: how many levels deep the JSON of a value will stand.
            indent: its spaces a level; None for one line.
        """
        if self._source is None:
            return None
        return ForeignReading(
            *(self._source, self.whole(), self.sets), reveal=reveal, level=level, indent=indent
        )

    def is_loading(self) -> bool:
        """Whether schemas or the map are still being read."""
        return self._tasks.is_busy("load")

    def _load(self, told: Callable[[FileMap | None], None] | None = None) -> None:
        """Read the schemas and the map as they lie there now."""
        source, chosen, map_path = self._source, self.chosen, self.map_path
        more = self.schemas if map_path else ()
        if source is None:
            return

        def work(cancel: Event, _report: Report) -> LoadedReadings:
            return _load(source, chosen, map_path, more, cancel)

        def done(loaded: LoadedReadings) -> None:
            self._loaded = loaded
            self.changed.emit()
            self.failed.emit(loaded.unread)
            if told is not None:
                told(loaded.mapped)

        self._tasks.run("load", work, done, lambda _: None, slow=True)


def _load(
    source: Session,
    chosen: Sequence[ColumnReading],
    map_path: str,
    more: Sequence[str],
    cancel: Event,
) -> LoadedReadings:
    unread: dict[str, InspectorError] = {}
    mapped: FileMap | None = None
    stores = (source.store.real_path,)
    if map_path:
        try:
            mapped = map_of(source, map_path, cancel)
        except InspectorError as error:
            unread[map_path] = error
    schemas = [one.schema for one in chosen if one.schema]
    schemas += (*mapped.schemas, *more) if mapped is not None else ()
    secrets = mapped.secrets if mapped is not None else ()
    sets = []
    for schema in dict.fromkeys(schemas):
        try:
            sets.append(message_set(schema, secrets, stores=stores, cancel=cancel))
        except InspectorError as error:
            unread[schema] = error
    return LoadedReadings(mapped, tuple(sets), unread)


def _is_same(one: ColumnReading, table: str, column: str) -> bool:
    return (one.table, one.column) == (table, column)
