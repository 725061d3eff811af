"""Filters of all the forms that run, written at random and well typed, over one message type."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any, Final, NamedTuple

from google.protobuf.message import Message

from inspector.decode.well_known import LIST_VALUE, STRUCT, VALUE
from inspector.expression.values import DYN, INT, STRING, TIMESTAMP, ValueType, type_of
from inspector.schema.merged import enums_of
from inspector.schema.types import MessageType

_LITERALS: Final = {
    "bool": ("true", "false"),
    "int": ("0", "1", "-1", "2", "41", "300", "0x7f", "2147483647", "-9223372036854775808"),
    "uint": ("0u", "1u", "41u", "300u", "18446744073709551615u"),
    "double": ("0.0", "-0.0", "1.0", "0.1", "-2.5", "1e22", "5e-324", "41.0"),
    "string": ("''", "'a'", '"k"', "'é'", "'plain'", "r'\\'", "'line\\nbreak'", "'\\u2028'",
               "'\\U0001F600 emoji'", "'''e'''", "'1.0'"),
    "bytes": ("b''", "b'a'", "b'\\xff'", "b'a\\xff'", "b'é'", "rb'k'"),
    "timestamp": ("timestamp('2026-01-28T00:00:00Z')", "timestamp('1970-01-01T00:00:00Z')",
                  "timestamp('2026-01-28T20:12:28.000001+00:00')",
                  "timestamp('9999-12-31T23:59:59.999999999Z')",
                  "timestamp('0001-01-01T00:00:00Z')", "timestamp('yesterday')"),
    "duration": ("duration('0s')", "duration('1h30m')", "duration('-1.5s')", "duration('1us')",
                 "duration('20482.5h')", "duration('1769632348s')", "duration('soon')"),
    "null": ("null",),
}  # fmt: skip
_PATTERNS: Final = ("", "^a", "e.*o", "[0-9]+$", "(x|y|a)", r"\\bplain\\b", "^.{5}$", "(?i)PLAIN")
_VARIABLES: Final = (("id", STRING), ("updated_at", TIMESTAMP), ("size", INT), ("versions", INT))
#: What has an order.
_ORDERED: Final = ("bool", "int", "uint", "double", "string", "bytes", "timestamp", "duration")
_DEEPEST: Final = 4  #: fields behind each other that an expression names where none is set


class _Place(NamedTuple):
    """Something an expression can name."""

    text: str
    type: ValueType


class ExpressionWriter:
    """Writes filters out of the choices of ``random``.

    Args:
        message: what ``r`` is.
        records: some of that type; what is set in them is named more often than what is not.
        random: decides.
    """

    def __init__(self, message: MessageType, records: list[Message], random: Random) -> None:
        self.random = random
        self._any = [*_declared(_Place("r", _of(message)), _DEEPEST)]
        self._any += [_Place(*one) for one in _VARIABLES]
        root = _Place("r", _of(message))
        held = {text: kind for one in records for text, kind in _held(root, one)}
        self._set = [_Place(*one) for one in held.items()]
        numbers: dict[str, set[int]] = {}
        for enum in enums_of(message):
            for number, name in enum.names.items():
                numbers.setdefault(name, set()).add(number)
        #: Names of values of enums that mean one number; CEL knows no other.
        self.numbers = {name: one for name, [one, *more] in numbers.items() if not more}
        self._names = 0

    def written(self) -> str:
        """A filter."""
        return self._bool(self.random.randint(0, 3), [])

    def _bool(self, depth: int, local: list[_Place]) -> str:
        choose = self.random.choice
        if depth > 0:
            form = choose(("{0} && {1}", "{0} || {1}", "!({0})", "({0}) ? {1} : {2}", "({0})",
                           "({0}) == ({1})", "{0} && ({1} || {2})"))  # fmt: skip
            return form.format(*(self._bool(depth - 1, local) for _ in range(3)))
        forms = (self._compared, self._compared, self._text_test, self._has, self._sized)
        found = choose((*forms, self._among, self._in_whole, self._each, self._each))(local)
        if found is not None:
            return found
        return self._compared(local)

    def _place(self, local: list[_Place], *kinds: str) -> _Place | None:
        """Something that is of one of some kinds."""
        random = self.random
        inner = [one for place in local for one in (place, *_declared(place, 2))]
        for places in random.sample((inner, inner, self._set, self._set, self._any), 5):
            fitting = [one for one in places if not kinds or one.type.name in kinds]
            if fitting:
                return random.choice(fitting)
        return None

    def _value(self, kind: ValueType, local: list[_Place]) -> str:
        """A value that may stand where one of a kind does."""
        random = self.random
        name = kind.name if kind.name in _LITERALS else random.choice([*_LITERALS])
        if random.random() < 0.25 and (place := self._place(local, name, "dyn")) is not None:
            return place.text
        if kind.enum is not None and random.random() < 0.7:
            known = [one for one in kind.enum.names.values() if one in self.numbers]
            if known:
                return random.choice(known)
        if name == "int" and random.random() < 0.2:
            found = self._place(local, "string", "bytes", "list", "map")
            return f"size({found.text})" if found else "0"
        if random.random() < 0.1:
            one, other = (random.choice(_LITERALS[name]) for _ in range(2))
            return f"({self._bool(0, local)} ? {one} : {other})"
        return random.choice(_LITERALS[name])

    def _compared(self, local: list[_Place]) -> str:
        random = self.random
        place = self._place(local, *_ORDERED, "dyn")
        text, kind = place or _Place("size", INT)
        signs = ("==", "!=") if kind.name == "dyn" and random.random() < 0.7 else _RELATIONS
        sides = [text, self._value(kind, local)]
        random.shuffle(sides)
        return f" {random.choice(signs)} ".join(sides)

    def _text_test(self, local: list[_Place]) -> str | None:
        place = self._place(local, "string", "dyn")
        if place is None:
            return None
        name = self.random.choice(("contains", "startsWith", "endsWith", "matches"))
        if name == "matches":
            return f"{place.text}.matches('{self.random.choice(_PATTERNS)}')"
        return f"{place.text}.{name}({self._value(STRING, local)})"

    def _has(self, local: list[_Place]) -> str | None:
        place = self._place(local)
        if place is None or "." not in place.text or place.text.endswith("]"):
            return None
        return f"has({place.text})"

    def _sized(self, local: list[_Place]) -> str | None:
        place = self._place(local, "string", "bytes", "list", "map", "dyn")
        if place is None:
            return None
        called = self.random.choice(("size({0})", "{0}.size()")).format(place.text)
        return f"{called} {self.random.choice(_RELATIONS)} {self.random.choice((0, 1, 2, 5, 200))}"

    def _among(self, local: list[_Place]) -> str:
        place = self._place(local, *_ORDERED, "dyn") or _Place("size", INT)
        some = [self._value(place.type, local) for _ in range(self.random.randint(0, 3))]
        return f"{place.text} in [{', '.join(some)}]"

    def _in_whole(self, local: list[_Place]) -> str | None:
        place = self._place(local, "list", "map")
        if place is None:
            return None
        held = place.type.key if place.type.name == "map" else place.type.element
        if held is None or held.name in ("message", "list", "map"):
            return None
        return f"{self._value(held, local)} in {place.text}"

    def _each(self, local: list[_Place]) -> str | None:
        place = self._place(local, "list", "map")
        if place is None:
            return None
        self._names += 1
        name = f"e{self._names}"
        held = place.type.key if place.type.name == "map" else place.type.element
        inside = [*local, _Place(name, held or DYN)]
        test = self._bool(int(self.random.random() < 0.2), inside)
        return f"{place.text}.{self.random.choice(('exists', 'all'))}({name}, {test})"


_RELATIONS: Final = ("==", "!=", "<", "<=", ">", ">=")


def _of(message: MessageType) -> ValueType:
    return ValueType("message", message=message)


def _declared(place: _Place, depth: int) -> Iterator[_Place]:
    """What lies within something, whether it is set or not."""
    if place.type.message is None or depth == 0:
        return
    for field in place.type.message.fields.values():
        inner = _Place(f"{place.text}.{field.name}", type_of(field))
        yield inner
        yield from _declared(inner, depth - 1)
        if inner.type.name == "list" and inner.type.element is not None:
            yield _Place(f"{inner.text}[0]", inner.type.element)
        if inner.type.name == "map" and inner.type.element is not None:
            key = {"string": "'a'", "bool": "true", "uint": "1u"}.get(str(inner.type.key), "1")
            yield _Place(f"{inner.text}[{key}]", inner.type.element)


def _held(place: _Place, value: Any) -> Iterator[_Place]:
    """What is set within something, the first of many elements."""
    kind = place.type
    name = getattr(getattr(value, "DESCRIPTOR", None), "full_name", "")
    if name == STRUCT:
        yield from _held(_Place(place.text, ValueType("map", DYN, STRING)), value.fields)
    elif name == LIST_VALUE:
        yield from _held(_Place(place.text, ValueType("list", DYN)), value.values)
    elif name == VALUE:
        if value.WhichOneof("kind") in ("struct_value", "list_value"):
            yield from _held(place, getattr(value, value.WhichOneof("kind")))
    elif kind.name == "list":
        for at, one in enumerate(value[:3]):
            inner = _Place(f"{place.text}[{at}]", kind.element or DYN)
            yield inner
            yield from _held(inner, one)
    elif kind.name == "map":
        for key in sorted(value)[:3]:
            inner = _Place(f"{place.text}[{_key(key, kind)}]", kind.element or DYN)
            yield inner
            yield from _held(inner, value[key])
            if isinstance(key, str) and key.isascii() and key.isalpha():
                yield _Place(f"{place.text}.{key}", inner.type)
    elif kind.message is not None:
        fields = {one.name: one for one in kind.message.fields.values()}
        for descriptor, one in value.ListFields():
            inner = _Place(f"{place.text}.{descriptor.name}", type_of(fields[descriptor.name]))
            yield inner
            yield from _held(inner, one)


def _key(key: Any, kind: ValueType) -> str:
    if isinstance(key, (str, bool)):
        return json.dumps(key)
    return f"{key}u" if kind.key is not None and kind.key.name == "uint" else str(key)
