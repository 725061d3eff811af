"""Characters that cannot be seen, or that steer what shows them: made visible, or left out.

A name may hold a zero-width space, a mark that turns the direction of what follows, or a control
character. Wherever a text is shown to people it goes through :func:`visible`; what looks for a
word in a text goes by :func:`joined` or :func:`pattern` too, so that such a character hides
nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from unicodedata import category, east_asian_width

_CONTROLS: Final = "\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"
#: Joiners, which some scripts and emoji need, and variation selectors of text and emoji.
_JOINERS: Final = "\u200c\u200d"
_STYLES: Final = "\ufe0e\ufe0f"
#: What has no width whatever stands around it: soft hyphen, fillers, marks of direction, invisible
#: operators, byte order marks, tags.
_WIDTHLESS: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
#: What a joiner may follow: scripts from Hebrew to Tibetan and Khmer to Mongolian, Meetei Mayek
#: and the like, symbols, emoji and the selectors behind them.
_JOINING: Final = "\u0590-\u109f\u1780-\u18af\ua800-\uabff\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"

_UNSEEN: Final = (
    f"[{_CONTROLS}{_WIDTHLESS}]"
    f"|(?<![{_JOINING}])[{_JOINERS}]"
    rf"|(?<![^\s{_WIDTHLESS}{_STYLES}])[{_STYLES}]"
)
_NO_WIDTH: Final = f"[{_WIDTHLESS}{_JOINERS}{_STYLES}]"
_OVER: Final = frozenset(("Mn", "Me"))  #: categories of marks that stand over or around another
_TAB: Final = 0x09
_PICTURES: Final = 0x2400  #: the picture of the first control character
_DELETE: Final = 0x7F
_TYPED: Final = 200  #: characters of a name that was typed


def visible(text: str, *, pictures: bool = False) -> str:
    r"""A text in which every character can be seen.

    Args:
        text: any text, lone surrogates too.
        pictures: a control character of ASCII is one character that pictures it, a tab a space;
            else it is an escape such as ``\x1b``. All others are escapes such as ``\u200b``.
    """
    if text.isascii() and text.isprintable():
        return text
    return re.sub(_UNSEEN, _picture if pictures else _escape, text)


def columns(text: str, *, pictures: bool = False) -> list[int]:
    """How many columns of a fixed font each character takes when it is :func:`visible`.

    What stands over another character takes none, and a wide one of East Asia two. A sign made of
    several, such as a family of emoji, may take less than they do alone.

    Args:
        text: any text.
        pictures: as :func:`visible` is told.
    """
    if text.isascii() and text.isprintable():
        return [1] * len(text)
    found = list(map(_columns, text))
    for unseen in re.finditer(_UNSEEN, text):
        found[unseen.start()] = len((_picture if pictures else _escape)(unseen))
    return found


def named(name: str) -> str:
    """A name as it stands in a sentence: one that is empty as SQL writes it, ``""``."""
    return name or '""'


def typed(name: str) -> str:
    """A name that a person typed as it stands in a sentence: in quotes, an empty one as above.

    Of a long one, such as a text that was pasted by mistake, there is the beginning.
    """
    if len(name) > _TYPED:
        name = f"{name[: _TYPED - 1]}\N{HORIZONTAL ELLIPSIS}"
    return repr(name) if name else named(name)


def hides_something(text: str) -> bool:
    """Whether a text holds a character that :func:`visible` shows, other than tab and line end."""
    found = (one[0] for one in re.finditer(_UNSEEN, text))
    return any(one not in "\t\n\r" for one in found)


def joined(text: str) -> str:
    """A text without the characters that have no width, to be compared as it is read."""
    return text if text.isascii() else re.sub(_NO_WIDTH, "", text)


def holds(text: str, words: str) -> bool:
    """Whether words stand in a text as it is, or as both are read."""
    if words in text:
        return True
    bare = joined(words)
    return bool(bare) and (not text.isascii() or bare != words) and bare in joined(text)


def pattern(words: str, text: str, flags: int = 0) -> re.Pattern[str]:
    """What finds words in a text, with characters of no width between them too.

    Args:
        words: what is looked for; nothing but such characters are found as they stand.
        text: where it is looked for; most have no such character, and are looked through faster.
        flags: of :mod:`re`.
    """
    bare = joined(words)
    if not bare or (bare == words and (text.isascii() or not re.search(_NO_WIDTH, text))):
        return re.compile(re.escape(words), flags)
    between = f"[{_WIDTHLESS}{_JOINERS}{_STYLES}]*"
    return re.compile(between.join(map(re.escape, bare)), flags)


@lru_cache(maxsize=1 << 12)
def _columns(mark: str) -> int:
    if category(mark) in _OVER or mark in _JOINERS or mark in _STYLES:
        return 0
    return 2 if east_asian_width(mark) in "WF" else 1


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    if 0xDC80 <= code <= 0xDCFF:
        # A byte that is no text, as it is kept in a text.
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _picture(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code == _TAB:
        return " "
    if code < 0x20:
        return chr(_PICTURES + code)
    if code == _DELETE:
        return "\N{SYMBOL FOR DELETE}"
    return _escape(found)
