"""An expression that asks one thing more."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from inspector.expression.grammar import ExpressionError, Part, parse

_AND: Final = " && "
_LOOSER: Final = frozenset(("||", "?"))


def also(text: str, test: str) -> str:
    """An expression for which another has to be true too.

    A comparison of the same field with another value is replaced: both are never true.

    Args:
        text: an expression; of one that is wrong nothing is kept.
        test: a comparison with ``==``.
    """
    wanted = parse(test)
    try:
        whole = parse(text)
    except ExpressionError:
        return test
    if whole.form in _LOOSER:
        return f"({text.strip()}){_AND}{test}"
    parts = text.strip().split(_AND)
    with suppress(ExpressionError):  # where the sign stands within a text or brackets
        kept = [part for part in parts if not _is_about(parse(part), wanted)]
        return _AND.join((*kept, test))
    return f"({text.strip()}){_AND}{test}"


def _is_about(part: Part, wanted: Part) -> bool:
    """Whether two are comparisons of the same field."""
    both = part.form == wanted.form == "=="
    return both and _bare(part.inner[0]) == _bare(wanted.inner[0])


def _bare(part: Part) -> Part:
    """A part without where it stands."""
    return part._replace(at=0, inner=tuple(map(_bare, part.inner)))
