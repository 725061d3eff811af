"""Any table of the file, row by row, with secrets covered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from inspector.byte_text import with_bytes_escaped
from inspector.decode.encrypted_values import Sealed, sealed
from inspector.decode.secrets import COVERED
from inspector.named_tuple import NamedTuple
from inspector.plurals import counted
from inspector.schema.secret_columns import secret_test
from inspector.session.blob_kind import blob_kind
from inspector.store.rows import PAGE, Cancel, RowKey, TableColumn, TablePage

if TYPE_CHECKING:
    from inspector.session.session import Session


class TableCell(NamedTuple):
    """A value of a table.

    Attributes:
        text: as it is shown in one line.
        null: there is no value.
        covered: it is a secret, or bytes that may hold one; ``text`` does not give it.
        value: what is stored, None where it is covered or was too large to load.
        seal: what the value is sealed with, where it is; covered or not.
        blob: it is covered because it is bytes, and not because its column says that it is secret.
        missing: there is a value, but ``text`` says why it is not given.
    """

    text: str
    null: bool = False
    covered: bool = False
    value: bytes | str | int | float | None = None
    seal: Sealed | None = None
    blob: bool = False
    missing: bool = False


NULL: Final = "NULL"  #: how no value is written
_NOT_COMPUTED: Final = TableCell("computed, not shown", missing=True)


class TableRows(NamedTuple):
    """Rows of a table. ``last`` goes on after the last row; ``keys`` find each of them again."""

    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[TableCell, ...], ...]
    more: bool
    last: RowKey | None
    problem: str | None
    keys: tuple[RowKey | None, ...] = ()


def table_rows(
    session: Session,
    name: str,
    *,
    after: RowKey | None = None,
    offset: int = 0,
    limit: int = PAGE,
    reveal: bool = False,
    cancel: Cancel | None = None,
    keys: Sequence[RowKey] | None = None,
) -> TableRows:
    """A page of any table.

    Blobs are given as their length, and by name where their first bytes give it: what else they
    hold, and whether it is a secret, only the records say; so it is with the texts that are the
    messages of the JSON store. ``reveal`` shows them, and the columns that hold secrets, as they
    are. Texts of a column whose name says secret, token, password, verifier, credential or a key
    that opens something, or a hash of one, are taken for secrets in any table. With ``keys`` it is
    the rows that they are of.

    Raises:
        NotFoundError, StoreError: there is no such table, or it cannot be read.
    """
    page = session.store.table_page(
        name, after=after, offset=offset, limit=limit, cancel=cancel, keys=keys
    )
    return as_cells(page, name, reveal=reveal)


def as_cells(page: TablePage, name: str, *, reveal: bool) -> TableRows:
    """A page of a table with what is a secret, or may be one, covered as in :func:`table_rows`."""
    tests = [
        _is_text if number in page.messages else secret_test(name, column.name)
        for number, column in enumerate(page.columns)
    ]
    derived = [number for number, column in enumerate(page.columns) if column.derived]
    cut = {(row, column): size for row, column, size in page.cut}
    rows = []
    for row, values in enumerate(page.rows):
        cells = [
            _cell(value, tests[column](value) and not reveal, reveal, cut.get((row, column)))
            for column, value in enumerate(values)
        ]
        if derived and not reveal and any(c.covered or c.missing for c in cells):
            # Whatever it is computed of may be what is covered, also where the result is stored.
            for column in derived:
                cells[column] = _cell(values[column], True, reveal, cut.get((row, column)))
        for column in page.not_computed:
            cells[column] = _NOT_COMPUTED
        rows.append(tuple(cells))
    problem = str(page.damage) if page.damage is not None else None
    return TableRows(page.columns, tuple(rows), page.more, page.last, problem, page.keys)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def as_tsv(columns: Sequence[TableColumn], rows: Sequence[Sequence[TableCell]]) -> str:
    r"""Rows as tab-separated text with a head.

    Tabs, line ends, backslashes and bytes that are no text are escaped within a value. NULL is
    ``NULL``, and the text of these letters ``\NULL``; a blob that may be seen is ``x'00ff'``, and
    one that may not is covered.
    """
    lines = ["\t".join(_plain(column.name) for column in columns)]
    lines += ["\t".join(map(_field, row)) for row in rows]
    return "\n".join(lines) + "\n"


def not_null(text: str) -> str:
    r"""A text where no value is :data:`NULL`: the text of these letters is ``\NULL``."""
    return f"\\{NULL}" if text == NULL else text


def _field(cell: TableCell) -> str:
    if cell.covered:
        return COVERED
    if isinstance(cell.value, bytes):
        return f"x'{cell.value.hex()}'"
    text = _plain(cell.text)
    return text if cell.null else not_null(text)


def _cell(
    value: bytes | str | float | None, secret: bool, reveal: bool, too_large: int | None
) -> TableCell:
    if too_large is not None:
        return TableCell(f"{too_large:,} bytes, too large to show", missing=True)
    if value is None:
        return TableCell(NULL, null=True)
    if secret and value not in ("", b""):
        return TableCell(COVERED, covered=True, seal=sealed(value))
    if isinstance(value, bytes):
        kind = blob_kind(value)
        size = counted(len(value), "byte")
        text = f"{kind}, {size}" if kind else size
        if reveal or not value:
            return TableCell(text, value=value)
        return TableCell(text, covered=True, blob=True)
    return TableCell(str(value), value=value, seal=sealed(value))


def _plain(text: str) -> str:
    text = text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return with_bytes_escaped(text)
