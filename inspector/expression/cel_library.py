"""The CEL library, where it is installed: whether a text is CEL, and what is wrong with it.

It is an extra of the package, and nothing runs on it. It reads a message by its full name alone,
so a message of one release is never given to an expression compiled for another.
"""

from __future__ import annotations

import importlib.util
import re
from typing import Final

from inspector.expression.grammar import ExpressionError
from inspector.expression.program import VARIABLES
from inspector.schema.catalog import merged_schema
from inspector.schema.merged import enums_of
from inspector.schema.releases import newest
from inspector.schema.types import MessageType

#: What is said where it is not installed.
ABSENT: Final = "The CEL library is not installed; pip install 'stigmer-inspector[expressions]'."
_ERROR: Final = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)")


def is_installed() -> bool:
    """Whether the library is there."""
    return importlib.util.find_spec("cel_expr_python") is not None


def verdict(text: str, message: MessageType, asked: int | None = None) -> ExpressionError | None:
    """What the library finds wrong with an expression under one release.

    Args:
        text: the expression.
        message: what ``r`` is.
        asked: the number of the release, the message's newest where None.

    Returns:
        None where it finds nothing.
    """
    from cel_expr_python import cel  # noqa: PLC0415 - an extra, and hardly ever asked

    from inspector.schema.pools import pool  # noqa: PLC0415

    merged = merged_schema()
    number = newest(message.releases or merged.latest) if asked is None else asked
    strict = merged.strict(number).message(message.key)
    types = {"string": cel.Type.STRING, "timestamp": cel.Type.TIMESTAMP, "int": cel.Type.INT}
    names = {name: types[kind.name] for name, kind in VARIABLES.items()}
    for enum in enums_of(strict):
        names.update(dict.fromkeys(enum.names.values(), cel.Type.INT))
    names["r"] = cel.Type(strict.full_name)
    env = cel.NewEnv(descriptor_pool=pool(merged.names[number]), variables=names)
    try:
        env.compile(text)
    except RuntimeError as error:
        found = _ERROR.search(str(error))
        if found is None:
            return ExpressionError("the CEL library refuses it", 1)
        before = text.split("\n")[: int(found[1]) - 1]
        column = sum(len(line) + 1 for line in before) + int(found[2])
        return ExpressionError(found[3].rstrip("."), column)
    return None
