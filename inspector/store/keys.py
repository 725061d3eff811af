"""How a key column is compared and ordered in SQL: by its bytes, whatever was declared.

Stores hold text in their key columns, and an index of theirs then serves every query. A column
that holds anything else (numbers, blobs, NULL), or is declared to turn text into numbers, is
*mixed*: it is compared by the bytes of its value's text, which no index serves.
"""

from __future__ import annotations

from typing import Final

from inspector.named_tuple import NamedTuple
from inspector.store.text import TO_UTF_8, UTF_8

_TEXT_DECLARATIONS = ("CHAR", "CLOB", "TEXT")


class Route(NamedTuple):
    """A way to rows: what follows the table's name, and a condition that all rows meet."""

    access: str
    condition: str


#: By an index where there is one; and through the table, which alone holds ``data``. Without that
#: condition SQLite takes an index that covers the query, ``NOT INDEXED`` or not.
ROUTES: Final = (Route("", "1"), Route("NOT INDEXED", "typeof(data) <> ''"))


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def keeps_text(declared: str) -> bool:
    """Whether a column declared so stores text as it is given (SQLite's rules of affinity)."""
    if not declared or ("BLOB" in declared.upper() and "INT" not in declared.upper()):
        return True
    return makes_text(declared)


def makes_text(declared: str) -> bool:
    """Whether a column declared so stores a number as the text of it."""
    declared = declared.upper()
    return "INT" not in declared and any(word in declared for word in _TEXT_DECLARATIONS)


def as_bytes(column: str, encoding: str = UTF_8) -> str:
    """SQL for a column's value as bytes: a text in UTF-8, whatever the file has it in."""
    if encoding not in TO_UTF_8:
        return f"CAST({column} AS BLOB)"
    return f"CASE typeof({column}) WHEN 'blob' THEN {column} ELSE {_utf_8(column, encoding)} END"


def _utf_8(text: str, encoding: str) -> str:
    """SQL for the UTF-8 of a text: SQLite itself would turn broken characters into others."""
    return f"{TO_UTF_8[encoding]}(CAST(CAST({text} AS TEXT) AS BLOB))"


class KeyColumn(NamedTuple):
    """A column that rows are found and ordered by.

    Attributes:
        column: the column as SQL writes it.
        mixed: it may hold other values than text, or text in an order that is not that of UTF-8.
        encoding: how SQLite calls the encoding of the file's texts.
    """

    column: str
    mixed: bool = False
    encoding: str = UTF_8

    @property
    def value(self) -> str:
        """Its bytes; none for NULL, which a damaged index holds where the table may not."""
        return f"coalesce({as_bytes(self.column, self.encoding)}, x'')"

    @property
    def text(self) -> str:
        """Its text."""
        if self.encoding != UTF_8:
            return f"coalesce(CAST({self.column} AS TEXT), '')"
        return f"CAST({self.value} AS TEXT)" if self.mixed else self.column

    def bytes_of(self, text: str) -> str:
        """SQL for the bytes of a text that was made of :attr:`text`."""
        return f"CAST({text} AS BLOB)" if self.encoding == UTF_8 else _utf_8(text, self.encoding)

    @property
    def order(self) -> str:
        """What to order by."""
        return self.value if self.mixed else f"{self.column} COLLATE BINARY"

    def compared(self, operator: str, parameter: str) -> str:
        """A comparison with a parameter that is bound to bytes."""
        if self.mixed:
            return f"{self.value} {operator} :{parameter}"
        return f"{self.column} COLLATE BINARY {operator} CAST(:{parameter} AS TEXT)"

    def within(self, after: bool = False, descending: bool = False, bounded: bool = False) -> str:
        """The condition on rows to page through, those beyond ``:after`` where that is given.

        ``bounded``: they end at a text, by another condition. SQLite would seek by one of the two
        alone, and perhaps go on to the end of the table for each stretch of it.
        """
        beyond = self.compared("<" if descending else ">", "after") if after else ""
        if self.mixed:
            return beyond or "1"
        # Text lies between numbers and blobs, in every index too.
        conditions = [beyond] if beyond else []
        if not bounded:
            conditions.append(f"{self.column} COLLATE BINARY < x''")
        if not after or descending:
            conditions.append(f"{self.column} COLLATE BINARY >= CAST(x'' AS TEXT)")
        return " AND ".join(conditions) or "1"

    def odd(self) -> tuple[str, ...]:
        """Conditions that only values that are no text meet; an index serves each of them."""
        return (
            f"{self.column} IS NULL",
            f"{self.column} COLLATE BINARY < CAST(x'' AS TEXT)",
            f"{self.column} COLLATE BINARY >= x''",
        )
