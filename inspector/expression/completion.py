"""What can stand at a place of an expression: fields, values of enums, variables, functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from inspector.expression.grammar import ExpressionError, ExpressionToken, tokens
from inspector.expression.program import MESSAGE, VARIABLES
from inspector.expression.values import BOOL, BYTES, DURATION, STRING, TIMESTAMP, ValueType, type_of
from inspector.named_tuple import NamedTuple
from inspector.schema.merged import enums_of
from inspector.schema.types import EnumType, MessageType

MOST: Final = 200  #: completions that are given
_COMPARED: Final = frozenset(("==", "!=", "<", "<=", ">", ">="))
_OPENING: Final = {")": "(", "]": "["}
_TEXTS: Final = (
    ("contains(", "text it contains"),
    ("startsWith(", "text it begins with"),
    ("endsWith(", "text it ends with"),
    ("matches(", "regular expression"),
    ("size()", "characters"),
)
_LISTS: Final = (
    ("exists(x, ", "true for one of them"),
    ("all(x, ", "true for all of them"),
    ("size()", "how many"),
)
_FUNCTIONS: Final = (
    ("has(", "whether a field is set"),
    ("size(", "length of a text, list or map"),
    ("timestamp(", "time, as in '2026-01-31T00:00:00Z'"),
    ("duration(", "span of time, as in '1h30m'"),
    ("true", "bool"),
    ("false", "bool"),
)


class Completion(NamedTuple):
    """What can take the place of what is typed: the text, and what it is."""

    text: str
    about: str


class Completions(NamedTuple):
    """What can stand at a place.

    Attributes:
        start: where what is typed of it begins, in characters.
        end: where it ends.
        found: in the order they are offered.
    """

    start: int
    end: int
    found: tuple[Completion, ...] = ()

    def exact(self, text: str) -> bool:
        """Whether what is typed in a text is one of them already."""
        return any(one.text == text[self.start : self.end] for one in self.found)


def completions(
    text: str, cursor: int, messages: Sequence[MessageType | None], enums: Iterable[EnumType] = ()
) -> Completions:
    """What can stand where the cursor is.

    Args:
        text: an expression, of which what is behind the cursor does not count.
        cursor: where, in characters.
        messages: what ``r`` can be, the newest first; of several the fields of all are given.
        enums: those of a document, where ``r`` is None.
    """
    try:
        words = tokens(text[:cursor])[:-1]
    except ExpressionError:  # within a text that is not closed, or behind what is wrong
        return Completions(cursor, cursor)
    start, typed = cursor, ""
    if words and words[-1].kind == "name" and words[-1].at - 1 + len(words[-1].text) == cursor:
        start, typed = words[-1].at - 1, words[-1].text
        words = words[:-1]
    elif words and words[-1].kind in ("number", "double", "text"):
        return Completions(cursor, cursor)
    found: dict[str, Completion] = {}
    for message in messages or (None,):
        values = enums_of(message) if message is not None else enums
        for one in _Place(words, message, tuple(values)).offered(typed):
            found.setdefault(one.text, one)
    end = cursor
    while end < len(text) and (text[end].isalnum() or text[end] == "_"):
        end += 1
    return Completions(start, end, tuple(_ranked(found.values(), typed))[:MOST])


def _ranked(found: Iterable[Completion], typed: str) -> Iterator[Completion]:
    """What begins with what is typed, then fields that do, then what has it within.

    The case does not matter.
    """
    wanted, held = typed.casefold(), list(found)
    begin = [one for one in held if one.text.casefold().startswith(wanted)]
    fields = (one for one in held if one.text.startswith(f"{MESSAGE}."))
    begin += [one for one in fields if _last(one.text).casefold().startswith(wanted)]
    yield from begin
    if len(wanted) > 1:
        taken = {one.text for one in begin}
        yield from (one for one in held if one.text not in taken and wanted in one.text.casefold())


def _last(path: str) -> str:
    return path.rpartition(".")[2]


class _Place:
    """The words before a place, read backwards."""

    def __init__(
        self,
        words: Sequence[ExpressionToken],
        message: MessageType | None,
        enums: tuple[EnumType, ...],
    ) -> None:
        self._words, self._message, self._enums = words, message, enums

    def offered(self, typed: str) -> Iterator[Completion]:
        """What can stand there."""
        before = self._words[-1] if self._words else None
        if before is not None and before.text == ".":
            yield from self._members(self._type_before(len(self._words) - 1))
            return
        if before is not None and before.text != "in" and _is_end(before):
            return  # a whole value stands there already
        wanted = self._compared()
        if wanted is not None and wanted.enum is not None:
            yield from _values(wanted.enum)
        elif wanted is not None and wanted.name == BOOL.name:
            yield from (Completion(one, "bool") for one in ("true", "false"))
        elif wanted is not None and wanted.name in (TIMESTAMP.name, DURATION.name):
            yield from (Completion(*one) for one in _FUNCTIONS if one[0] == f"{wanted.name}(")
        name = self._message.name if self._message is not None else "document"
        yield Completion(MESSAGE, name)
        yield from (Completion(one, kind.text) for one, kind in VARIABLES.items())
        yield from (Completion(one, kind.text) for one, kind in self._locals().items())
        searched = bool(typed) and (wanted is None or wanted.enum is None)
        if searched:
            yield from self._paths()
        yield from (Completion(*one) for one in _FUNCTIONS)
        if searched:
            for enum in self._enums:
                yield from _values(enum)

    def _paths(self) -> Iterator[Completion]:
        """Fields of the record and of its parts, for who types one without the way to it."""
        for part in self._message.fields.values() if self._message is not None else ():
            yield Completion(f"{MESSAGE}.{part.name}", part.type_name)
            kind = type_of(part)
            for one in kind.message.fields.values() if kind.message is not None else ():
                yield Completion(f"{MESSAGE}.{part.name}.{one.name}", one.type_name)

    def _members(self, kind: ValueType | None) -> Iterator[Completion]:
        if kind is None:
            return
        if kind.name == "message" and kind.message is not None:
            for one in kind.message.fields.values():
                yield Completion(one.name, one.type_name)
        elif kind.name == STRING.name:
            yield from (Completion(*one) for one in _TEXTS)
        elif kind.name == BYTES.name:
            yield Completion("size()", "bytes")
        elif kind.name in ("list", "map"):
            yield from (Completion(*one) for one in _LISTS)

    def _compared(self) -> ValueType | None:
        """What the value there is compared with; None where with nothing."""
        at = len(self._words) - 1
        if at >= 0 and self._words[at].text in _COMPARED:
            return self._type_before(at)
        depth = 0
        while at >= 0:
            sign = self._words[at].text
            if sign in (")", "]"):
                depth += 1
            elif sign in ("(", "["):
                if not depth:
                    listed = sign == "[" and at and self._words[at - 1].text == "in"
                    return self._type_before(at - 1) if listed else None
                depth -= 1
            at -= 1
        return None

    def _type_before(self, end: int) -> ValueType | None:
        """The type of the value that ends before a word; None where that cannot be told."""
        steps: list[str] = []
        at = end - 1
        while at >= 0:
            word = self._words[at]
            if word.text in _OPENING:
                opens = self._opening(at)
                if opens <= 0:
                    return None
                called = word.text == ")"
                at = opens - 1
                if called:
                    return None
                steps.append("[")
                continue
            if word.kind != "name":
                return None
            if at and self._words[at - 1].text == ".":
                steps.append(word.text)
                at -= 2
                continue
            return self._followed(word.text, at, steps[::-1])
        return None

    def _followed(self, first: str, at: int, steps: Sequence[str]) -> ValueType | None:
        kind: ValueType | None
        if first == MESSAGE and self._message is not None:
            kind = ValueType("message", message=self._message)
        else:
            kind = self._locals(at).get(first) or VARIABLES.get(first)
        for step in steps:
            if kind is None:
                return None
            if step == "[" or kind.name == "map":
                kind = kind.element
            else:
                known = kind.message.fields.values() if kind.message is not None else ()
                field = next((one for one in known if one.name == step), None)
                kind = type_of(field) if field is not None else None
        return kind

    def _opening(self, at: int) -> int:
        """Where the bracket opens that closes at a word; -1 where nowhere."""
        closing, depth = self._words[at].text, 0
        while at >= 0:
            sign = self._words[at].text
            depth += (sign == closing) - (sign == _OPENING[closing])
            if not depth:
                return at
            at -= 1
        return -1

    def _locals(self, end: int | None = None) -> dict[str, ValueType]:
        """What ``exists`` and ``all`` that are open there call what they look at."""
        found: dict[str, ValueType] = {}
        words = self._words[:end]
        for at in range(2, len(words) - 3):
            called = words[at].text in ("exists", "all") and words[at - 1].text == "."
            if called and words[at + 1].text == "(" and words[at + 3].text == ",":
                over = self._type_before(at - 1)
                if over is not None:
                    held = over.key if over.name == "map" else over.element
                    if held is not None:
                        found[words[at + 2].text] = held
        return found


def _is_end(word: ExpressionToken) -> bool:
    """Whether a value may end with a word."""
    return word.kind != "sign" or word.text in _OPENING


def _values(enum: EnumType) -> Iterator[Completion]:
    name = enum.full_name.rpartition(".")[2]
    return (Completion(one, name) for one in dict.fromkeys(enum.names.values()))
