"""Which columns of plain tables hold secrets: by the table of secrets, and by their names."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Final

from inspector.schema.secrets_table import secret_table

#: What makes the texts of a column secrets, in whatever table: its name says so.
_SAYS_SECRET: Final = (
    r"secret|token|passw|pass[\W_]?(phrase|code)|pwd|(^|[\W_])(pass|pw)([\W_]|$)|verifier|credential"
    r"|key[\W_]?hash|(api|access|auth|master|private|signing|encryption)[\W_]?key(?![\W_]?id)"
)


def secret_test(table: str, column: str) -> Callable[[object], bool]:
    """What tells a secret among the values of a column.

    Args:
        table: the table's name, in any case.
        column: the column's name, in any case.
    """
    if (table.lower(), column.lower()) in _known():
        return lambda _: True
    if re.search(_SAYS_SECRET, column, re.IGNORECASE):
        # Numbers count tokens or say when one expires.
        return lambda value: isinstance(value, str)
    return lambda _: False


@cache
def _known() -> frozenset[tuple[str, str]]:
    return frozenset((table.lower(), column.lower()) for table, column in secret_table().columns)
