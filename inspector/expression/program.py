"""An expression checked against a message type, as something that runs on a record's tree.

What it says is what CEL says: an unset field has its default, an unset time is 1970, an error is
no answer unless ``&&`` or ``||`` has one without it, and numbers of different types are not
compared, but for those in a Struct.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, NoReturn

from inspector.decode.field_runs import known
from inspector.decode.node import Node, NodeKind
from inspector.decode.projection import Used
from inspector.expression.grammar import ExpressionError, Part, Unsigned, parse
from inspector.expression.patterns import pattern
from inspector.expression.values import (
    BOOL,
    BYTES,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    NOTHING,
    NULL,
    STRING,
    TIMESTAMP,
    UINT,
    Elements,
    FailedError,
    ValueType,
    equal,
    has_key,
    key_in,
    moment,
    parts_of,
    span,
    type_of,
    unset,
    value_of,
)
from inspector.named_tuple import NamedTuple
from inspector.schema.merged import enums_of
from inspector.schema.types import EnumType, Field, MessageType

#: What an expression can speak of beside the message, with what it is.
VARIABLES: Final[Mapping[str, ValueType]] = MappingProxyType(
    {"id": STRING, "updated_at": TIMESTAMP, "size": INT, "versions": INT}
)
#: The message itself.
MESSAGE: Final = "r"
#: Names beside variables and values of enums that an expression may begin with.
_GLOBALS: Final = (MESSAGE, "has", "size", "timestamp", "duration", "true", "false")
#: Functions and macros that run.
MEMBERS: Final = ("contains", "startsWith", "endsWith", "matches", "size", "exists", "all")
_OTHERS: Final = frozenset(
    (
        *("int", "uint", "double", "string", "bytes", "bool", "type", "dyn", "exists_one", "map"),
        *("filter", "getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek"),
        *("getDayOfYear", "getHours", "getMinutes", "getSeconds", "getMilliseconds"),
    )
)
_ORDER: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_ORDERED: Final = frozenset((BOOL.name, INT.name, UINT.name, DOUBLE.name, STRING.name, BYTES.name,
                             TIMESTAMP.name, DURATION.name, DYN.name))  # fmt: skip
_WHOLES: Final = frozenset(("list", "map", "message"))
_KEYED: Final = frozenset((int(NodeKind.MAP), int(NodeKind.STRUCT)))
_NAMED: Final = 12  #: values of an enum that a sentence gives
_PLAIN: Final = frozenset((BOOL.name, INT.name, UINT.name, DOUBLE.name, STRING.name, BYTES.name))


@dataclass(slots=True)
class Subject:
    """A record as an expression sees it.

    Attributes:
        root: its tree; without meaning where ``values`` are given.
        id: its id.
        updated_at: the row's time, as stored.
        size: bytes of its blob.
        versions: how many versions it has.
        hidden: ``id()`` of the nodes that are covered.
        names: what ``exists`` and ``all`` are looking at.
        values: what is in the slots of its program, where it was not decoded for that.
    """

    root: Node
    id: str = ""
    updated_at: str | None = None
    size: int = 0
    versions: int = 0
    hidden: frozenset[int] = frozenset()
    names: dict[str, Any] = field(default_factory=dict)
    values: list[Any] | None = None


Run = Callable[[Subject], Any]


class _Checked(NamedTuple):
    """A part that was checked; ``used`` where it is a message whose fields are noted."""

    type: ValueType
    run: Run
    used: Used | None = None
    enum_name: str = ""


class Program:
    """An expression for one message type.

    Attributes:
        used: the fields it looks at.
        variables: which of :data:`VARIABLES` it looks at.
        unsettled: whether one of its fields or values means another thing in another release.
        guarded: whether one of its fields may hold a secret.
        secret: whether one of them holds one by its rule.
    """

    def __init__(
        self, text: str | Part, message: MessageType | None, enums: Iterable[EnumType] = ()
    ) -> None:
        """Checks an expression.

        Args:
            text: it, or its parts.
            message: what ``r`` is; None for a JSON document, whose names are its own.
            enums: of a document, those whose values stand in it by name.

        Raises:
            ExpressionError: it is wrong, or of a form that does not run.
        """
        self.used = Used()
        self._absent: list[Any] = []
        self._in_slots = message is not None
        self.variables: set[str] = set()
        self.unsettled = self.guarded = self.secret = message is None
        self._message = message
        self._enums = tuple(enums) if message is None else enums_of(message)
        self._locals: dict[str, ValueType] = {}
        part = parse(text) if isinstance(text, str) else text
        found = self._settled(self._part(part))
        if found.type.name not in (BOOL.name, DYN.name):
            what = f"it gives {found.type.text}; a filter must give true or false"
            # A field is compared with something next.
            raise ExpressionError(what, part.at, incomplete=part.form in ("select", "name"))
        self._run = found.run

    @property
    def absent(self) -> list[Any] | None:
        """For each slot what is there where its field is not; None where there are none.

        An expression that looks at more of a message than single values has no slots.
        """
        return self._absent if self._in_slots else None

    def matches(self, subject: Subject) -> bool:
        """Whether it is true for a record.

        Raises:
            FailedError: it has no value for it.
        """
        return _truth(self._run(subject))

    def _part(self, part: Part) -> _Checked:
        if part.form == "literal":
            return _literal(part.value)
        return getattr(self, _FORMS[part.form])(part)  # type: ignore[no-any-return]

    def _value(self, part: Part) -> _Checked:
        """A part whose enum name, if it is one, has its number."""
        return self._settled(self._part(part), part)

    def _settled(
        self, found: _Checked, part: Part | None = None, near: EnumType | None = None
    ) -> _Checked:
        if not found.enum_name:
            return found
        name = found.enum_name
        at = part.at if part is not None else 1
        if self._message is None:
            return _Checked(STRING, lambda _: name)
        known = [(one, number) for one in self._enums if (number := named(one, name)) is not None]
        own = [one for one in known if near is not None and one[0].full_name == near.full_name]
        numbers = {number for _, number in own or known}
        if len(numbers) > 1:
            enums = ", ".join(sorted(one.full_name.rpartition(".")[2] for one, _ in known))
            raise ExpressionError(
                f"'{name}' is a value of several enums ({enums}); compare it with a field", at
            )
        [number] = numbers
        self.unsettled |= any(number in one.contested for one, _ in own or known)
        return _Checked(ValueType("int", enum=(own or known)[0][0]), lambda _: number)

    def _name(self, part: Part) -> _Checked:
        name = part.value
        if name in self._locals:
            return _Checked(self._locals[name], lambda subject: subject.names[name])
        if name == MESSAGE:
            kind = ValueType("message", message=self._message) if self._message else DYN
            return _Checked(kind, lambda subject: subject.root, self.used)
        if name in VARIABLES:
            self.variables.add(name)
            return _Checked(VARIABLES[name], _VARIABLE_RUNS[name])
        if any(named(one, name) is not None for one in self._enums):
            return _Checked(INT, _never, None, name)
        what = f"undeclared reference to '{name}'{self._meant(name)}"
        values = (value for enum in self._enums for value in enum.names.values())
        raise ExpressionError(
            what, part.at, begun=_begun(name, (*VARIABLES, *self._locals, *_GLOBALS, *values))
        )

    def _meant(self, name: str) -> str:
        """What may have been meant by a name that says nothing here."""
        field_ = self._meant_field(name)
        if field_:
            return field_
        values = (value for enum in self._enums for value in enum.names.values())
        return _nearest(name, [*VARIABLES, *self._locals, *values])

    def _meant_field(self, name: str) -> str:
        known = self._message.fields.values() if self._message else ()
        mine = any(one.name == name for one in known)
        return f" (did you mean '{MESSAGE}.{name}'?)" if mine else ""

    def _select(self, part: Part) -> _Checked:
        inner = self._value(part.inner[0])
        if inner.type.name == "message":
            return self._field(inner, part)
        if inner.type.name not in ("map", DYN.name) or _key_type(inner.type) not in (
            STRING.name,
            DYN.name,
        ):
            what, begun = f"{inner.type.text} has no fields", _begun(part.value, MEMBERS)
            raise ExpressionError(what, part.at, begun=begun)
        name, run = part.value, self._all_of(inner)
        return _Checked(inner.type.element or DYN, lambda one: _entry(run(one), name, one.hidden))

    def _field_of(self, inner: _Checked, part: Part) -> tuple[Field, Used | None]:
        message = inner.type.message
        assert message is not None
        known = message.fields.values()
        field_ = next((one for one in known if one.name == part.value), None)
        if field_ is None:
            near = _nearest(part.value, [one.name for one in known])
            what = f"undefined field '{part.value}' in {message.name}{near}"
            begun = _begun(part.value, (one.name for one in known))
            raise ExpressionError(what, part.at, begun=begun)
        # In a release it has one number, which a record tells only where these are all looked at.
        namesakes = [one for one in known if one.name == part.value]
        moved = [one for one in namesakes if _is_moved(field_, one)]
        for one in namesakes:
            self.unsettled |= one.contested is not None
            self.guarded |= one.secret is not None or one.contested is not None
            self.secret |= one.secret is not None
        self._in_slots &= not moved
        if inner.used is None:
            return field_, None
        used = inner.used.fields.setdefault(field_.number, Used())
        for one in moved:
            inner.used.fields.setdefault(one.number, Used(whole=True))
        if field_.oneof is not None:
            for one in known:  # what is set later clears it
                if one.oneof == field_.oneof:
                    inner.used.fields.setdefault(one.number, Used(whole=True))
        return field_, used

    def _slot(self, field_: Field, kind: ValueType, used: Used | None) -> int:
        """The place of a field's value where a record is not decoded, -1 where it has none."""
        if used is None or not _is_plain(field_, kind):
            self._in_slots = False
            return -1
        if used.slot is None:
            used.slot = len(self._absent)
            self._absent.append(unset(field_))
        return used.slot

    def _field(self, inner: _Checked, part: Part) -> _Checked:
        field_, used = self._field_of(inner, part)
        kind, name, absent, run = type_of(field_), field_.name, unset(field_), inner.run
        slot = -1
        if kind.name != "message":
            slot = self._slot(field_, kind, used)
            if used is not None:
                used.whole, used = True, None
        elif used is None:
            self._in_slots = False

        def value(subject: Subject) -> Any:
            if subject.values is not None:
                found = subject.values[slot]
                return Elements(found) if type(found) is list else found
            for child in known(run(subject).children):
                field = child.field
                if child.kind < _UNKNOWN and field is not None and field.name == name:
                    return value_of(child, subject.hidden)
            return absent

        return _Checked(kind, value, used)

    def _has(self, part: Part) -> _Checked:
        if len(part.inner) != 1 or part.inner[0].form != "select":
            raise ExpressionError("has() needs one field, as in has(r.status)", part.at)
        select = part.inner[0]
        inner = self._value(select.inner[0])
        name = select.value
        if inner.type.name != "message":
            self._select(select)
            run = self._all_of(inner)
            return _Checked(BOOL, lambda one: has_key(run(one), name))
        field_, used = self._field_of(inner, select)
        explicit = field_.presence and not field_.repeated
        absent, message = unset(field_), inner.run
        listed = field_.repeated
        if explicit:
            slot, absent = self._presence(used), False
        else:
            slot = self._slot(field_, type_of(field_), used)
        if used is not None and (not explicit or field_.message is None):
            used.whole = True

        def is_set(subject: Subject) -> bool:
            if subject.values is not None:
                found = subject.values[slot]
                return found is not absent if listed else bool(found != absent)
            for child in known(message(subject).children):
                field = child.field
                if child.kind < _UNKNOWN and field is not None and field.name == name:
                    return explicit or bool(child.children) or child.value != absent
            return False

        return _Checked(BOOL, is_set)

    def _presence(self, used: Used | None) -> int:
        """The place where it is said that a field is there, which is not so where it is not."""
        if used is None:
            self._in_slots = False
            return -1
        if used.presence is None:
            used.presence = len(self._absent)
            self._absent.append(False)
        return used.presence

    def _index(self, part: Part) -> _Checked:
        inner = self._value(part.inner[0])
        key = self._value(part.inner[1])
        wanted = INT.name if inner.type.name == "list" else _key_type(inner.type)
        if inner.type.name not in ("list", "map", DYN.name) or not _fits(key.type, wanted):
            _no_overload("_[_]", part.at, inner.type, key.type)
        run, at = self._all_of(inner), key.run
        return _Checked(
            inner.type.element or DYN, lambda one: _element(run(one), at(one), one.hidden)
        )

    def _list(self, part: Part) -> _Checked:
        found = [self._value(one) for one in part.inner]
        kinds = {one.type.name for one in found}
        kind = found[0].type if len(kinds) == 1 else DYN
        runs = [one.run for one in found]
        return _Checked(ValueType("list", kind), lambda one: [run(one) for run in runs])

    def _logic(self, part: Part) -> _Checked:
        runs = [self._boolean(one, f"_{part.form}_") for one in part.inner]
        decides = part.form == "||"
        return _Checked(BOOL, lambda one: _any_decides(decides, runs, one))

    def _boolean(self, part: Part, name: str) -> Run:
        found = self._value(part)
        if not _fits(found.type, BOOL.name):
            _no_overload(name, part.at, found.type)
        return found.run

    def _not(self, part: Part) -> _Checked:
        run = self._boolean(part.inner[0], "!_")
        return _Checked(BOOL, lambda one: not _truth(run(one)))

    def _minus(self, part: Part) -> _Checked:
        _unsupported("'-' before a value", part.at)

    def _choice(self, part: Part) -> _Checked:
        test = self._boolean(part.inner[0], "_?_:_")
        yes, no = self._value(part.inner[1]), self._value(part.inner[2])
        if yes.type.name != no.type.name and DYN.name not in (yes.type.name, no.type.name):
            _no_overload("_?_:_", part.at, BOOL, yes.type, no.type)
        for one in (yes, no):
            self._all_of(one)
        a, b = yes.run, no.run
        kind = yes.type if yes.type.name == no.type.name else DYN
        return _Checked(kind, lambda one: a(one) if _truth(test(one)) else b(one))

    def _sides(self, part: Part) -> tuple[_Checked, _Checked]:
        """Both sides of a comparison; a name that neither knows is looked for in the other's enum.

        Raises:
            ExpressionError: one of them is wrong.
        """
        one, other = part.inner
        if self._says_nothing(one) and not self._says_nothing(other):
            found = self._part(other)
            return self._near(one, found.type.enum), found
        found = self._part(one)
        return found, self._near(other, found.type.enum)

    def _near(self, part: Part, enum: EnumType | None) -> _Checked:
        """A part beside a value of an enum.

        Raises:
            ExpressionError: it is wrong; of a name that says nothing, which the enum has.
        """
        if enum is None or not self._says_nothing(part):
            return self._part(part)
        meant = self._meant_field(part.value) or meant_value(enum, part.value)
        what = f"undeclared reference to '{part.value}'{meant}; {values_of(enum)}"
        raise ExpressionError(what, part.at, begun=_begun(part.value, enum.names.values()))

    def _says_nothing(self, part: Part) -> bool:
        name = part.value
        known = part.form != "name" or name == MESSAGE or name in VARIABLES or name in self._locals
        return not known and all(named(one, name) is None for one in self._enums)

    def _relation(self, part: Part) -> _Checked:
        one, other = self._sides(part)
        _no_text_for_enum(part, one.type, part.inner[1], other.type)
        _no_text_for_enum(part, other.type, part.inner[0], one.type)
        one = self._settled(one, part.inner[0], other.type.enum)
        other = self._settled(other, part.inner[1], one.type.enum)
        names = {one.type.name, other.type.name}
        if part.form in ("==", "!="):
            if len(names) > 1 and DYN.name not in names:
                if NULL.name in names and "message" in names:
                    _unsupported("a comparison of a message with null (has() tells)", part.at)
                _no_overload(f"_{part.form}_", part.at, one.type, other.type)
            if names <= _WHOLES:
                _unsupported("a comparison of whole lists, maps or messages", part.at)
            self._all_of(one), self._all_of(other)
            a, b, same = one.run, other.run, part.form == "=="
            if len(names) == 1 and names <= _PLAIN:
                return _Checked(BOOL, lambda s: (a(s) == b(s)) is same)
            return _Checked(BOOL, lambda s: equal(a(s), b(s)) is same)
        if names == {NULL.name, DYN.name}:
            _unsupported("null compared by order", part.at)
        if not names <= _ORDERED or (len(names) > 1 and DYN.name not in names):
            _no_overload(f"_{part.form}_", part.at, one.type, other.type)
        a, b, holds = one.run, other.run, _ORDER[part.form]
        if DYN.name not in names:
            return _Checked(BOOL, lambda s: holds(a(s), b(s)))
        return _Checked(BOOL, lambda s: holds(*_comparable(a(s), b(s))))

    def _in(self, part: Part) -> _Checked:
        listed = part.inner[1]
        first = self._part(part.inner[0])
        if listed.form == "list":
            first = self._settled(first, part.inner[0])
            enum = first.type.enum
            found = [self._settled(self._near(one, enum), one, enum) for one in listed.inner]
            for written, one in zip(listed.inner, found, strict=True):
                _no_text_for_enum(part, first.type, written, one.type)
            kinds = {one.type.name for one in found}
            if len(kinds) == 1 and not _fits(first.type, *kinds):
                _no_overload("@in", part.at, first.type, ValueType("list", found[0].type))
            value, runs = first.run, [one.run for one in found]
            return _Checked(BOOL, lambda s: _among(value(s), [run(s) for run in runs]))
        second = self._value(listed)
        element = second.type.element
        first = self._settled(first, part.inner[0], element.enum if element else None)
        held = second.type.key if second.type.name == "map" else element
        if second.type.name not in ("list", "map", DYN.name) or (
            held is not None and not _fits(first.type, held.name)
        ):
            _no_overload("@in", part.at, first.type, second.type)
        value, run = first.run, self._all_of(second)
        return _Checked(BOOL, lambda s: _is_in(value(s), run(s), s.hidden))

    def _call(self, part: Part) -> _Checked:
        name = part.value
        if part.member and name in ("exists", "all"):
            return self._macro(part)
        if name in _OTHERS:
            _unsupported(f"the function '{name}'", part.at)
        arguments = [self._value(one) for one in part.inner]
        kinds = [one.type for one in arguments]
        _no_enum_for_text(part, kinds)
        for one in arguments:
            self._all_of(one)
        run = arguments[0].run if arguments else _never
        if name == "size" and len(kinds) == 1:
            if kinds[0].name not in (STRING.name, BYTES.name, "list", "map", DYN.name):
                _no_overload("size", part.at, kinds[0])
            return _Checked(INT, lambda one: _size(run(one)))
        if name in ("timestamp", "duration") and not part.member and len(kinds) == 1:
            if not _fits(kinds[0], STRING.name):
                _unsupported(f"{name}() of {kinds[0].text}", part.at)
            read = moment if name == "timestamp" else span
            return _Checked(
                TIMESTAMP if name == "timestamp" else DURATION, lambda one: read(run(one))
            )
        if part.member and name in _TEXT_TESTS and len(kinds) == 2:
            if not all(_fits(kind, STRING.name) for kind in kinds):
                _no_overload(name, part.at, *kinds)
            test, other = _TEXT_TESTS[name], arguments[1].run
            return _Checked(BOOL, lambda one: test(_text(run(one)), _text(other(one))))
        if name == "matches" and len(kinds) == 2:
            return self._pattern(part, run, kinds)
        if name in (*MEMBERS, "timestamp", "duration"):
            _no_overload(name, part.at, *kinds)
        raise ExpressionError(f"undeclared reference to '{name}'", part.at)

    def _pattern(self, part: Part, run: Run, kinds: list[ValueType]) -> _Checked:
        given = part.inner[1]
        if not all(_fits(kind, STRING.name) for kind in kinds):
            _no_overload("matches", part.at, *kinds)
        if given.form != "literal":
            _unsupported("a pattern that is not written out", given.at)
        search = pattern(given.value, given.at).is_in
        return _Checked(BOOL, lambda one: search(_text(run(one))))

    def _macro(self, part: Part) -> _Checked:
        if len(part.inner) != 3 or part.inner[1].form != "name":
            raise ExpressionError(f"{part.value}() needs a name and a test", part.at)
        name = str(part.inner[1].value)
        inner = self._value(part.inner[0])
        if inner.type.name not in ("list", "map", DYN.name):
            raise ExpressionError(f"{inner.type.text} is not a list or map", part.at)
        run = self._all_of(inner)
        keys = inner.type.name == "map"
        before = dict(self._locals)
        self._locals[name] = (inner.type.key if keys else inner.type.element) or DYN
        test = self._boolean(part.inner[2], part.value)
        self._locals = before
        decides = part.value == "exists"

        def answers(subject: Subject) -> bool:
            kept = subject.names
            found = run(subject)
            by_key = keys or (isinstance(found, Node) and found.kind in _KEYED)
            listed = found if isinstance(found, (list, dict)) else parts_of(found)

            def test_of(one: Any) -> Run:
                def run_on(subject: Subject) -> Any:
                    held = one
                    if isinstance(one, Node):
                        held = one.label if by_key else value_of(one, subject.hidden)
                    subject.names = {**kept, name: held}
                    return test(subject)

                return run_on

            try:
                return _any_decides(decides, map(test_of, listed), subject)
            finally:
                subject.names = kept

        return _Checked(BOOL, answers)

    def _all_of(self, found: _Checked) -> Run:
        """Notes that all of a value is looked at."""
        if found.used is not None:
            found.used.whole = True
            self._in_slots = False
        return found.run


_FORMS: Final = {
    "name": "_name", "list": "_list", "select": "_select", "index": "_index", "call": "_call",
    "has": "_has", "&&": "_logic", "||": "_logic", "not": "_not", "minus": "_minus", "?": "_choice",
    "in": "_in", **dict.fromkeys(("==", "!=", "<", "<=", ">", ">="), "_relation"),
}  # fmt: skip
_UNKNOWN: Final = int(NodeKind.UNKNOWN)
_VARIABLE_RUNS: Final[Mapping[str, Run]] = {
    "id": lambda subject: subject.id,
    "updated_at": lambda subject: moment(_zoned(subject.updated_at)),
    "size": lambda subject: subject.size,
    "versions": lambda subject: subject.versions,
}
_TEXT_TESTS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "contains": lambda text, part: part in text,
    "startsWith": str.startswith,
    "endsWith": str.endswith,
}


def named(enum: EnumType, name: str) -> int | None:
    """The number that an enum calls by a name."""
    return next((number for number, one in enum.names.items() if one == name), None)


def values_of(enum: EnumType) -> str:
    """The values of an enum in words, the first of very many."""
    names = list(dict.fromkeys(enum.names.values()))
    more = ", \N{HORIZONTAL ELLIPSIS}" if len(names) > _NAMED else ""
    called = enum.full_name.rpartition(".")[2]
    return f"{called} has {', '.join(names[:_NAMED])}{more}"


def meant_value(enum: EnumType, written: str) -> str:
    """Which value of an enum may be meant by a text, as the end of a sentence.

    Values are also known by their names without what all of them begin with, in any case.
    """
    import difflib  # noqa: PLC0415 - only where something is wrong

    names = list(enum.names.values())
    words = zip(*(name.split("_") for name in names), strict=False)
    start = "_".join(first for first, *others in words if {first}.issuperset(others))
    known = {name.casefold(): name for name in names}
    known |= {name.removeprefix(f"{start}_").casefold(): name for name in names}
    near = difflib.get_close_matches("_".join(str(written).casefold().split()), known, 1)
    return f" (did you mean '{known[near[0]]}'?)" if near else ""


def _no_text_for_enum(part: Part, kind: ValueType, other: Part, given: ValueType) -> None:
    """Raises where the value of an enum is compared with a text, which it never equals.

    Raises:
        ExpressionError: it is; with what the enum has.
    """
    if kind.enum is None or given.name != STRING.name:
        return
    at, meant = part.at, ""
    if other.form == "literal":
        at, meant = other.at, meant_value(kind.enum, other.value)
    what = f"a text is not an enum value{meant}; {values_of(kind.enum)}, written without quotes"
    raise ExpressionError(what, at)


def _no_enum_for_text(part: Part, kinds: Sequence[ValueType]) -> None:
    """Raises where a test of texts is called on the value of an enum.

    Raises:
        ExpressionError: it is; with what the enum has.
    """
    enum = kinds[0].enum if kinds else None
    if enum is not None and part.value in (*_TEXT_TESTS, "matches"):
        what = f"{part.value}() is for text; {values_of(enum)}, compared with == or in"
        raise ExpressionError(what, part.at)


def _is_plain(field_: Field, kind: ValueType) -> bool:
    """Whether a field's value is one, or a list or map of such."""
    if kind.name in (TIMESTAMP.name, DURATION.name):
        return not field_.repeated
    if kind.key is not None and kind.key.name != STRING.name:
        return False
    return (kind.element or kind).name in _PLAIN


def _nearest(name: str, known: Iterable[str]) -> str:
    """Which of the known names may have been meant, as the end of a sentence."""
    import difflib  # noqa: PLC0415 - only where something is wrong

    near = difflib.get_close_matches(name, list(known), 1)
    return f" (did you mean '{near[0]}'?)" if near else ""


def _literal(value: Any) -> _Checked:
    kinds = {bool: BOOL, int: INT, Unsigned: UINT, float: DOUBLE, str: STRING, bytes: BYTES}
    return _Checked(kinds.get(type(value), NULL), lambda _: value)


def _never(_: Subject) -> NoReturn:
    raise AssertionError("an enum's name is given its number before it runs")


def _zoned(written: str | None) -> str | None:
    """A row's time as RFC 3339; those of SQLite have a blank and no zone."""
    if written is None or len(written) < 11:
        return written
    text = f"{written[:10]}T{written[11:]}" if written[10] == " " else written
    return text if text[-1] in "Zz" or text[-6:-5] in ("+", "-") else f"{text}Z"


def _fits(kind: ValueType, name: str) -> bool:
    return name in (kind.name, DYN.name) or kind.name == DYN.name


def _key_type(kind: ValueType) -> str:
    if kind.key is not None:
        return kind.key.name
    return DYN.name if kind.name == DYN.name else STRING.name


def _is_moved(field_: Field, other: Field) -> bool:
    """Whether a field of the same name is of the same form at another number."""
    kinds = type_of(field_), type_of(other)
    parts = [(one.name, *(part and part.name for part in (one.element, one.key))) for one in kinds]
    return other is not field_ and parts[0] == parts[1]


def _begun(name: str, known: Iterable[str]) -> int:
    """The length of a name that one of those known begins with; 0 for none."""
    return len(name) if any(one.startswith(name) for one in known) else 0


def _no_overload(name: str, at: int, *kinds: ValueType) -> NoReturn:
    given = ", ".join(one.text for one in kinds)
    raise ExpressionError(f"found no matching overload for '{name}' applied to '({given})'", at)


def _unsupported(what: str, at: int) -> NoReturn:
    raise ExpressionError(f"{what} does not run here", at, unsupported=True)


def _truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise FailedError("it is neither true nor false")


def _any_decides(decides: bool, runs: Iterable[Run], subject: Subject) -> bool:
    """``||`` and ``exists``, ``&&`` and ``all``: an error counts only where no other decides."""
    failed: FailedError | None = None
    for run in runs:
        try:
            if _truth(run(subject)) is decides:
                return decides
        except FailedError as error:
            failed = failed or error
    if failed is not None:
        raise failed
    return not decides


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise FailedError("it is not a string")


def _size(value: Any) -> int:
    if isinstance(value, (str, bytes, list, dict)):
        return len(value)
    return len(parts_of(value))


def _entry(node: Any, key: Any, hidden: frozenset[int]) -> Any:
    if isinstance(node, dict):
        if not has_key(node, key):
            raise FailedError("no such key")
        return node[key]
    found = key_in(node, key)
    if found is None:
        raise FailedError("no such key")
    return value_of(found, hidden)


def _element(node: Any, at: Any, hidden: frozenset[int]) -> Any:
    if isinstance(node, list) or (
        isinstance(node, Node) and node.kind in (NodeKind.LIST, NodeKind.ARRAY)
    ):
        listed = node if isinstance(node, list) else parts_of(node)
        if isinstance(at, bool) or not isinstance(at, (int, float)) or not float(at).is_integer():
            raise FailedError("an index is a number")
        if not 0 <= at < len(listed):
            raise FailedError("there is no such element")
        held = listed[int(at)]
        return value_of(held, hidden) if isinstance(held, Node) else held
    if node is NOTHING and isinstance(at, int) and not isinstance(at, bool):
        raise FailedError("there is no such element")
    return _entry(node, at, hidden)


def _comparable(one: Any, other: Any) -> tuple[Any, Any]:
    numbers = all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in (one, other))
    if numbers or (type(one) is type(other) and isinstance(one, (str, bytes, bool))):
        return one, other
    raise FailedError("they are not compared by order")


def _among(value: Any, listed: Iterable[Any]) -> bool:
    return any(equal(value, one) for one in listed)


def _is_in(value: Any, node: Any, hidden: frozenset[int]) -> bool:
    if isinstance(node, list):
        return _among(value, node)
    if isinstance(node, dict) or (isinstance(node, Node) and node.kind in _KEYED):
        return has_key(node, value)
    return _among(value, [value_of(one, hidden) for one in parts_of(node)])
