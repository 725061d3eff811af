"""A text that is sought: what finds it in texts, and by which bytes a blob cannot hold it.

Exactly means code point by code point. Ignoring case compares Unicode's full case folding of both,
which is the same in every language: ``STRASSE`` is found in ``Straße``, and ``K`` in the sign for
kelvin; nothing is composed or decomposed, and a dotless i is another letter.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from typing import Final

from inspector.named_tuple import NamedTuple
from inspector.store.blob_finder import MayHold, blob_finder

#: Beyond it no character is folded to a letter of ASCII.
_PLANE: Final = 0x10000
_ASCII: Final = re.compile("[\x00-\x7f]+")
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_SHORT: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
#: What stands for bytes that are no text; in the blob they are any bytes.
_REPLACED: Final = "\N{REPLACEMENT CHARACTER}"
_BLANK: Final = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]+")
_BEFORE, _BEHIND = 32, 120  #: characters of a text around what was found in it


class Snippet(NamedTuple):
    """What was found and the text around it, on one line."""

    before: str
    match: str
    behind: str

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self)


class Needle:
    """A text that is sought in many blobs."""

    def __init__(self, text: str, *, ignore_case: bool = False, documents: bool = False) -> None:
        """Takes what is sought.

        Args:
            text: not empty.
            ignore_case: whether upper and lower case are the same.
            documents: the blobs are JSON, where a character may be written as an escape.
        """
        self.text = text
        self.ignore_case = ignore_case
        self._sought = text.casefold() if ignore_case else text
        # Bytes that are no text are shown as a character of their own.
        self._part = max(self._sought.split(_REPLACED), key=len)
        #: Whether a blob may hold it; never False where a text of it does.
        self.may_be_in = self._told_by_bytes(documents)

    def _told_by_bytes(self, documents: bool) -> MayHold:
        if documents:
            return self._may_be_in_document
        if not self.ignore_case:
            raw = self._part.encode("utf-8", "surrogatepass")
            return blob_finder(raw) if raw else anything
        anchor = max(_ASCII.findall(self._part), key=len, default="")
        if not anchor:
            return self._may_be_in_any_case
        return blob_finder(
            anchor.encode(),
            ignore_case=True,
            decides=len(anchor) == len(self._sought),
            others=_folded_to(frozenset(anchor)),
            closer=self._may_be_in_any_case,
        )

    def may_be_in_parts(self, write: Callable[[Callable[[bytes], object]], None]) -> bool:
        """The same of a text in UTF-8 that is handed out in parts.

        Args:
            write: hands them to whom it is given.
        """
        # Folding makes no fewer characters, each of which was four bytes at most.
        most = 4 * (len(self._sought) + 1)
        before, found = b"", False

        def look(part: bytes) -> None:
            nonlocal before, found
            if not found:
                both = before + part
                found = self.may_be_in(both)
                before = both[-most:]

        write(look)
        return found

    def _may_be_in_any_case(self, data: bytes) -> bool:
        # Before a text stands the end of its length, which is a byte of ASCII; so whatever is
        # read before it, it is read itself as it is.
        return self._part in data.decode(errors="replace").casefold()

    def _may_be_in_document(self, data: bytes) -> bool:
        text = data.decode(errors="replace")
        if "\\" in text:
            text = _ESCAPE.sub(_unescaped, text)
            # Characters of the other planes are written as two halves.
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return self._part in (text.casefold() if self.ignore_case else text)

    def find(self, text: str) -> tuple[int, int] | None:
        """Where it first stands in a text, from and to; None where it does not."""
        if not self.ignore_case:
            start = text.find(self._sought)
            return None if start < 0 else (start, start + len(self._sought))
        folded = text.casefold()
        start = folded.find(self._sought)
        if start < 0:
            return None
        end = start + len(self._sought)
        # Folding makes several characters of some, and of none fewer.
        return (start, end) if len(folded) == len(text) else _unfolded(text, start, end)

    def snippet(self, text: str) -> Snippet | None:
        """What was found in a text with what stands around it; None where it is not in it."""
        found = self.find(text)
        if found is None:
            return None
        start, end = found
        before, behind = text[max(0, start - _BEFORE) : start], text[end : end + _BEHIND]
        return Snippet(
            f"{'…' if start > _BEFORE else ''}{_BLANK.sub(' ', before)}",
            _BLANK.sub(" ", text[start:end]),
            f"{_BLANK.sub(' ', behind)}{'…' if end + _BEHIND < len(text) else ''}",
        )

    def alone(self, text: str) -> Snippet | None:
        """What was found in a text alone: what stands around it may be a secret."""
        found = self.snippet(text)
        return None if found is None else Snippet("…", found.match, "…")


def anything(_data: bytes) -> bool:
    """Any blob may hold what its bytes do not tell."""
    return True


def _unfolded(text: str, start: int, end: int) -> tuple[int, int]:
    """The characters that a stretch of the folded text was made of."""
    first = last = at = 0
    for number, mark in enumerate(text):
        if at <= start:
            first = number
        if at >= end:
            break
        last = number + 1
        at += len(mark.casefold())
    return first, last


def _unescaped(found: re.Match[str]) -> str:
    code, short = found.groups()
    return chr(int(code, 16)) if code else _SHORT.get(short, short)


@cache
def _folded_to(letters: frozenset[str]) -> tuple[bytes, ...]:
    """What characters outside ASCII begin with of whose folding one of the letters is a part."""
    begun = defaultdict[bytes, set[bytes]](set)
    for letter in letters:
        for raw in _specials().get(letter, ()):
            begun[raw[:2]].add(raw)
    return tuple(min(found) if len(found) == 1 else begin for begin, found in begun.items())


@cache
def _specials() -> dict[str, list[bytes]]:
    found = defaultdict[str, list[bytes]](list)
    for code in range(0x80, _PLANE):
        if not 0xD800 <= code < 0xE000:
            mark = chr(code)
            for letter in set(mark.casefold()):
                if letter < "\x80":
                    found[letter].append(mark.encode())
    return dict(found)
