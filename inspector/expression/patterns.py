"""The patterns of ``matches``: those of RE2 that mean the same to Python and cannot run away."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from inspector.expression.grammar import ExpressionError
from inspector.expression.values import FailedError

_MOST: Final = 256
#: So many steps may a search take; Python's goes back, and cannot be stopped meanwhile.
_STEPS: Final = 100_000_000
#: What only one of the two has, or has another meaning in.
_FOREIGN: Final = re.compile(r"\\[1-9AZzpPCQEGKXRhHvVNgk]|\(\?(?!:|i\))|\[\[:|[*+?}]\+|\{,")


class Pattern(NamedTuple):
    """A pattern, how many of its parts are repeated, and how many choices it has."""

    compiled: re.Pattern[str]
    repeats: int
    choices: int

    def is_in(self, text: str) -> bool:
        """Whether it matches somewhere in a text.

        Raises:
            FailedError: the text is so long that the search might not end.
        """
        # Each repetition may end anywhere, and each choice be made anew wherever it began.
        ways = len(text) ** self.repeats << self.choices
        if ways > 1 and len(text) * ways > _STEPS:
            raise FailedError("a text is too long for a pattern with repetitions or choices")
        return self.compiled.search(text) is not None


def pattern(text: str, at: int) -> Pattern:
    """A pattern, compiled.

    Args:
        text: the pattern.
        at: its column.

    Raises:
        ExpressionError: it is wrong, or not one of those that run.
    """
    if len(text) > _MOST:
        raise ExpressionError("the pattern is too long", at, unsupported=True)
    plain = re.sub(r"\\\\", "", text)
    if _FOREIGN.search(plain) or _repeats_repeats(text):
        raise ExpressionError("this pattern does not run here", at, unsupported=True)
    try:
        signs = _signs(text)
        repeats = sum(sign in ("*", "+", "{") for sign in signs)
        choices = sum(sign in ("?", "|") for sign in signs)
        return Pattern(re.compile(_ends(text), re.ASCII), repeats, choices)
    except (re.error, RecursionError, OverflowError) as error:
        raise ExpressionError(f"the pattern is wrong: {error}", at) from None


def _ends(text: str) -> str:
    r"""With ``\Z`` in place of ``$``, which in Python matches before a last line break too."""
    return "".join("\\Z" if sign == "$" else sign for sign in _signs(text))


def _signs(text: str) -> list[str]:
    """The pattern in pieces: escapes and classes whole, all else a character each."""
    return re.findall(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", text, re.DOTALL)


def _repeats_repeats(text: str) -> bool:
    """Whether what is repeated holds a repetition or a choice, which may take forever."""
    open_: list[bool] = [False]
    closed = False
    before = ""
    for sign in _signs(text):
        if sign in ("*", "+", "{") and closed:
            return True
        if sign in ("*", "+", "{", "|") or (sign == "?" and before != "("):
            open_[-1] = True
        if sign == "(":
            open_.append(False)
        closed, before = False, sign
        if sign == ")" and len(open_) > 1:
            closed = open_.pop()
            open_[-1] |= closed
    return False
