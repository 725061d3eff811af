"""The names that records have or had, as the daemon keeps them beside the records.

It keeps a name after its record was renamed, so that what still uses the old one finds it.
"""

from __future__ import annotations

from typing import Final

from inspector.named_tuple import NamedTuple
from inspector.store.keys import KeyColumn, keeps_text
from inspector.store.layout import Layout, columns_of
from inspector.store.reader import DAMAGE, Snapshot
from inspector.store.rows import Form
from inspector.store.text import UTF_8, decode, encode, folded

_NAMES: Final = "resource_names"
_NEEDED: Final = ("kind", "name", "id")
#: Rows with one name that are read: a name is one of a kind and an organisation.
_MOST: Final = 1000


class NamedRow(NamedTuple):
    """A record that has or had a name; ``org`` is empty where the store does not say."""

    kind: str
    org: str
    id: str


def rows_with_name(snapshot: Snapshot, layout: Layout, name: str) -> list[NamedRow]:
    """Who has or had exactly this name, by kind, organisation and id; as far as can be read."""
    if layout.form is not Form.SQLITE or not layout.reads(_NAMES):
        return []
    declared = {folded(column.name): column.type for column in columns_of(snapshot, _NAMES)}
    if not declared.keys() >= set(_NEEDED):
        return []
    plain = layout.encoding == UTF_8
    keys = {
        each: KeyColumn(each, not (plain and keeps_text(declared[each])), layout.encoding)
        for each in declared
    }
    org = keys["org"].value if "org" in keys else "x''"
    sql = (
        f"SELECT {keys['kind'].value}, {org}, {keys['id'].value} FROM {_NAMES}"
        f" WHERE {keys['name'].compared('=', 'name')} LIMIT {_MOST}"
    )
    found: list[NamedRow] = []
    try:
        for row in snapshot.each(sql, name=encode(name)):
            found.append(NamedRow(*map(decode, row)))
    except DAMAGE:
        pass
    return sorted(found, key=lambda one: tuple(map(encode, one)))
