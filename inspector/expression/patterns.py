r"""The patterns of ``matches``: those of RE2 that cannot run away in Python, written as Python's.

The two agree on little beyond the plain signs: to RE2 ``\s`` has no vertical tab, ``\B`` is in an
empty text, ``[a&&b]`` is three characters, and ``\u0041`` is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from inspector.expression.grammar import ExpressionError
from inspector.expression.values import FailedError
from inspector.named_tuple import NamedTuple

_MOST: Final = 256
#: So many steps may a search take; Python's goes back, and cannot be stopped meanwhile.
_STEPS: Final = 100_000_000
#: So often RE2 lets a part be repeated.
_MOST_REPEATS: Final = 1000
_ESCAPE: Final = r"\\x\{[0-9A-Fa-f]+\}|\\x[0-9A-Fa-f]{2}|\\0[0-7]{0,2}|\\."
#: A pattern in pieces: escapes, classes and repetitions whole, all else a character each.
_SIGN: Final = re.compile(
    rf"{_ESCAPE}|\[\^?\]?(?:\\.|[^\]\\])*\]|\{{[0-9]+(?:,[0-9]*)?\}}|\(\?:|\(\?i\)|.", re.DOTALL
)
_IN_CLASS: Final = re.compile(rf"{_ESCAPE}|.", re.DOTALL)
_REPEATS: Final = re.compile(r"[*+?]|\{([0-9]+)(?:,([0-9]*))?\}")
_PLACES: Final = {"^": "^", "$": r"\Z", r"\b": r"\b", r"\B": r"(?!\b)"}
_FOLDING: Final = "(?i)"
_NAMED: Final = dict(zip("afnrtv", "\a\f\n\r\t\v", strict=True))
#: Sets of characters, as they stand within a class.
_SETS: Final = {
    "d": "0-9", "D": r"\x00-/:-\U0010ffff",
    "w": "0-9A-Z_a-z", "W": r"\x00-/:-@\[-\^`\{-\U0010ffff",
    "s": r"\t\n\f\r ", "S": r"\x00-\x08\x0b\x0e-\x1f!-\U0010ffff",
}  # fmt: skip
#: Escapes of RE2 that are not taken here: places, properties, quoting, numbers of groups.
_FOREIGN: Final = frozenset("AzpPCQ123456789")
#: Characters that RE2 takes for a ``k`` or an ``s`` where case does not count.
_FOLDED: Final = re.compile("[\u017f\u212a]")


class Pattern(NamedTuple):
    """A pattern, how many of its parts are repeated, and how many choices it has.

    ``folding`` is True where case does not count.
    """

    compiled: re.Pattern[str]
    repeats: int
    choices: int
    folding: bool = False

    def is_in(self, text: str) -> bool:
        """Whether it matches somewhere in a text.

        Raises:
            FailedError: the text is so long that the search might not end, or has characters whose
                case is not known here.
        """
        # Each repetition may end anywhere, and each choice be made anew wherever it began.
        ways = len(text) ** self.repeats << self.choices
        if ways > 1 and len(text) * ways > _STEPS:
            raise FailedError("a text is too long for a pattern with repetitions or choices")
        if self.folding and _FOLDED.search(text):
            raise FailedError("a text has letters whose case is not known here")
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
    signs = _SIGN.findall(text)
    try:
        if _repeats_repeats(signs):
            raise _NotRunError
        folding = signs[:1] == [_FOLDING]
        if folding and not text.isascii():
            # Letters beyond ASCII have a case too, and RE2 another table of it.
            raise _NotRunError
        compiled = re.compile("".join(_translated(signs)), re.ASCII)
    except _NotRunError:
        raise ExpressionError("this pattern does not run here", at, unsupported=True) from None
    except (re.error, RecursionError, OverflowError) as error:
        raise ExpressionError(f"the pattern is wrong: {error}", at) from None
    repeats = sum(_is_repetition(sign) for sign in signs)
    choices = sum(sign in ("?", "|") for sign in signs)
    return Pattern(compiled, repeats, choices, folding)


class _NotRunError(Exception):
    """It may be a pattern of RE2's, of a form that does not run here."""


def _translated(signs: list[str]) -> Iterator[str]:
    """The signs as Python has them.

    Raises:
        re.error: it is no pattern of RE2's.
    """
    before = ""  #: the sign before, of a repetition that is complete too
    repeated = complete = False
    for number, sign in enumerate(signs):
        repetition = _REPEATS.fullmatch(sign)
        if repetition is None:
            repeated = complete = False
            yield _plain(sign, number, signs)
        elif repeated and not complete and sign == "?":
            complete = True
            yield sign
        elif repeated:
            raise re.error(f"bad repetition operator {before}{sign}")
        elif before in _PLACES or before == _FOLDING:
            raise _NotRunError
        elif any(int(one) > _MOST_REPEATS for one in repetition.groups() if one):
            raise re.error(f"a repetition is of more than {_MOST_REPEATS:,}")
        else:
            repeated = True
            yield sign
        before = sign


def _plain(sign: str, number: int, signs: list[str]) -> str:
    """A sign that is no repetition."""
    if sign == "(" and signs[number + 1 : number + 2] == ["?"]:
        raise _NotRunError
    if sign == _FOLDING and number:
        raise _NotRunError
    if sign in _PLACES:
        return _PLACES[sign]
    if sign[0] == "\\":
        found = _escaped(sign)
        return f"[{found}]" if len(found) > 1 else re.escape(found)
    if sign[0] == "[":
        return _class(sign)
    return sign if sign in ("(", "(?:", _FOLDING, ")", "|", ".") else re.escape(sign)


def _escaped(sign: str) -> str:
    """What an escape stands for: one character, or a set of several as a class has it.

    Raises:
        re.error: it is none.
    """
    letter = sign[1:2]
    if letter in _SETS:
        return _SETS[letter]
    if letter in _NAMED:
        return _NAMED[letter]
    if letter in _FOREIGN:
        raise _NotRunError
    if letter == "0" or (letter == "x" and len(sign) > 2):
        code = int(sign[1:], 8) if letter == "0" else int(sign[2:].strip("{}"), 16)
        if code <= 0x10FFFF:
            return chr(code)
    if not letter or letter.isalnum() or not letter.isascii():
        raise re.error(f"unknown escape {sign}")
    return letter


def _class(sign: str) -> str:
    """A class of characters.

    Raises:
        re.error: it is none.
    """
    if len(sign) == 1:
        raise re.error("a class is not closed")
    if "[:" in sign[1:]:
        raise _NotRunError
    head = "[^" if sign.startswith("[^") else "["
    items = _IN_CLASS.findall(sign[len(head) : -1])
    found = [head]
    at = 0
    while at < len(items):
        first = _member(items[at])
        at += 1
        if len(first) > 1:
            found.append(first)
        elif items[at : at + 1] == ["-"] and at + 1 < len(items):
            last = _member(items[at + 1])
            if len(last) > 1 or last < first:
                raise re.error(f"bad range {first}-{items[at + 1]}")
            found.append(f"{re.escape(first)}-{re.escape(last)}")
            at += 2
        else:
            found.append(re.escape(first))
    return "".join((*found, "]"))


def _member(item: str) -> str:
    return _escaped(item) if item[0] == "\\" else item


def _is_repetition(sign: str) -> bool:
    """Whether a sign repeats without an end that is near."""
    return sign in ("*", "+") or (len(sign) > 1 and sign[0] == "{")


def _repeats_repeats(signs: list[str]) -> bool:
    """Whether what is repeated holds a repetition or a choice, which may take forever."""
    open_: list[bool] = [False]
    closed = False
    for sign in signs:
        if _is_repetition(sign) and closed:
            return True
        if _is_repetition(sign) or sign in ("|", "?"):
            open_[-1] = True
        if sign in ("(", "(?:"):
            open_.append(False)
        closed = False
        if sign == ")" and len(open_) > 1:
            closed = open_.pop()
            open_[-1] |= closed
    return False
