"""``.proto`` files -> the descriptors that protoc's parser makes of them.

proto2, proto3 and the editions 2023 and 2024. Names of types stay as they are written; services are
read and dropped, and of options only those that matter are kept. The file's grammar is the one at
protobuf.dev/reference/protobuf, and where that is silent, what protoc takes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from google.protobuf import text_encoding, text_format
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    EnumOptions,
    EnumValueOptions,
    FieldDescriptorProto,
    FieldOptions,
    FileDescriptorProto,
    FileOptions,
    MessageOptions,
    OneofOptions,
    UninterpretedOption,
)
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.internal.containers import RepeatedCompositeFieldContainer
from google.protobuf.message import Message

from inspector.named_tuple import NamedTuple
from inspector.schema import bounds
from inspector.schema.bounds import Progress, shown
from inspector.schema.declared import EDITIONS, Declared
from inspector.schema.import_paths import ImportPaths
from inspector.schema.linking import SUPPLIED
from inspector.schema.proto_tokens import (
    Budget,
    ProtoTokens,
    Token,
    usual_statements,
    whole,
)
from inspector.store.rows import Cancel, check

# Options as they are written in a ``.proto`` file, of which few matter to who reads records.

Options = (
    FileOptions | MessageOptions | FieldOptions | OneofOptions | EnumOptions | EnumValueOptions
)

#: The options that change what bytes mean, or what of them a person may be shown.
_KNOWN: Final[Mapping[type[Message], frozenset[str]]] = {
    FileOptions: frozenset(("features", "deprecated")),
    MessageOptions: frozenset(("features", "deprecated", "message_set_wire_format")),
    FieldOptions: frozenset(("features", "deprecated", "packed", "debug_redact")),
    OneofOptions: frozenset(("features",)),
    EnumOptions: frozenset(("features", "deprecated", "allow_alias")),
    EnumValueOptions: frozenset(("features", "deprecated", "debug_redact")),
}
#: Those of them that are true or false, which takes no parser of a text.
_FLAGS: Final = frozenset(
    ("deprecated", "packed", "allow_alias", "message_set_wire_format", "debug_redact")
)
_BOOLS: Final = {"true": True, "false": False}
_REDACT: Final = b"debug_redact"
_CLOSING: Final = {"{": "}", "[": "]", "<": ">"}
_CLOSED: Final = frozenset(_CLOSING.values())


def option(tokens: ProtoTokens, options: Options | None, *, keeps_custom: bool = False) -> None:
    """Reads ``name = value`` of an option.

    Args:
        tokens: the name comes next.
        options: where it is set if it matters; None where none does.
        keeps_custom: whether a custom option is kept uninterpreted, as protoc's parser does. Those
            of enum values can say what a kind is, those of fields that they are secrets.

    Raises:
        SchemaError: it is no option, or has no such value.
    """
    place = tokens.here.place
    made = UninterpretedOption()
    _name(tokens, made)
    tokens.expect("=")
    _value(tokens, made)
    if tokens.usual is not None:
        return
    first = made.name[0]
    if options is not None and first.is_extension and keeps_custom:
        options.uninterpreted_option.append(made)
    elif (
        options is not None and not first.is_extension and first.name_part in _KNOWN[type(options)]
    ):
        if len(made.name) == 1 and first.name_part in _FLAGS and made.identifier_value in _BOOLS:
            setattr(options, first.name_part, _BOOLS[made.identifier_value])
            return
        try:
            interpret(made, made.name, options)
        except (text_format.ParseError, ValueError):
            tokens.fail_at(place, f"{shown(first.name_part)} cannot be set to this")


def options_in_brackets(
    tokens: ProtoTokens, options: Options | None, *, keeps_custom: bool = False
) -> None:
    """Reads ``[name = value, ...]``, if that comes next.

    Raises:
        SchemaError: it is cut short, or one is no option.
    """
    if tokens.take("["):
        option(tokens, options, keeps_custom=keeps_custom)
        while tokens.take(","):
            option(tokens, options, keeps_custom=keeps_custom)
        tokens.expect("]")


def interpret(
    option: UninterpretedOption,
    parts: Sequence[UninterpretedOption.NamePart],
    message: Message,
    pool: DescriptorPool | None = None,
) -> None:
    """Sets in a message what an option says.

    Args:
        option: the option.
        parts: the parts of its name from this message on.
        message: one of the options, or what it holds.
        pool: where the message's extensions are.

    Raises:
        google.protobuf.text_format.ParseError: there is no such field, or it has another type.
    """
    names = [f"[{part.name_part}]" if part.is_extension else part.name_part for part in parts]
    text = option.aggregate_value
    if not option.HasField("aggregate_value"):
        text = f": {_scalar(option)}"
    elif names:
        text = f"{{{text}}}"
    text = "{".join(names) + text + "}" * (len(names) - 1)
    message.SetInParent()
    text_format.Merge(text, message, allow_unknown_extension=True, descriptor_pool=pool)


def _scalar(option: UninterpretedOption) -> str:
    if option.HasField("string_value"):
        return f'"{text_encoding.CEscape(option.string_value, False)}"'
    if option.HasField("double_value"):
        return repr(option.double_value)
    if option.HasField("identifier_value"):
        return option.identifier_value
    return str(option.positive_int_value or option.negative_int_value)


def _name(tokens: ProtoTokens, option: UninterpretedOption) -> None:
    while True:
        if tokens.take("("):
            option.name.add(name_part=tokens.dotted(), is_extension=True)
            tokens.expect(")")
        else:
            option.name.add(name_part=tokens.identifier("an option"), is_extension=False)
        if not tokens.take("."):
            return


def _value(tokens: ProtoTokens, option: UninterpretedOption) -> None:
    negative = tokens.take("-")
    token, text, place = tokens.here
    if token is Token.INTEGER:
        value = whole(text)
        if value is None or (negative and value > 1 << 63):
            tokens.fail_at(place, "this number is out of range")
        if negative:
            option.negative_int_value = -value
        else:
            option.positive_int_value = value
    elif token is Token.FLOAT or (negative and text in ("inf", "nan")):
        option.double_value = -float(text) if negative else float(text)
    elif negative:
        tokens.fail("a number")
    elif token is Token.NAME:
        option.identifier_value = text
    elif token is Token.STRING:
        option.string_value = tokens.string()
        return
    elif tokens.at("{"):
        option.aggregate_value = _aggregate(tokens)
        return
    else:
        tokens.fail("a value")
    tokens.step()


def _aggregate(tokens: ProtoTokens) -> str:
    """The text within braces, which comes next."""
    start = tokens.expect("{")
    closing = ["}"]
    words: list[str] = []
    while True:
        tokens.skip("value")
        piece = tokens.step()
        if piece.token is Token.END:
            tokens.fail_at(start.place, "the braces of this value are never closed")
        symbol = piece.text if piece.token is Token.SYMBOL else ""
        if symbol in _CLOSING:
            closing.append(_CLOSING[symbol])
            if len(closing) > bounds.DEPTH:
                tokens.fail_at(piece.place, "this value is nested too deep")
        elif symbol == closing[-1]:
            closing.pop()
            if not closing:
                return "".join(words)
        elif symbol in _CLOSED:
            tokens.fail_at(piece.place, f"{closing[-1]!r} is expected, not {symbol!r}")
        words.append(piece.text if symbol == "-" else piece.text + " ")


#: How the names of source files end.
ENDING: Final = ".proto"

_Fields = RepeatedCompositeFieldContainer[FieldDescriptorProto]
_Messages = RepeatedCompositeFieldContainer[DescriptorProto]
_Type = FieldDescriptorProto
_TYPES: Final = {
    name.removeprefix("TYPE_").lower(): number
    for name, number in _Type.Type.items()
    if number not in (_Type.TYPE_MESSAGE, _Type.TYPE_ENUM)
}
_LABELS: Final = {
    "optional": _Type.LABEL_OPTIONAL,
    "repeated": _Type.LABEL_REPEATED,
    "required": _Type.LABEL_REQUIRED,
}
#: The labels of fields that need nothing but what is written, by the syntax of the file.
_PLAIN_LABELS: Final[Mapping[str, frozenset[str | None]]] = {
    "proto2": frozenset(_LABELS),
    "proto3": frozenset((None, "optional", "repeated")),
    "editions": frozenset((None, "repeated")),
}
_NO_LABEL: Final[frozenset[str | None]] = frozenset((None,))
_KEYS: Final = frozenset(_TYPES) - {"double", "float", "bytes", "group"}
_LAST_NUMBER: Final = (1 << 29) - 1
_LAST_INT32: Final = (1 << 31) - 1
_PROTO2, _PROTO3, _EDITIONS = "proto2", "proto3", "editions"


def read(
    files: Sequence[tuple[str, bytes]],
    above: str = "",
    cancel: Cancel | None = None,
    progress: Progress | None = None,
) -> list[Declared]:
    """Reads source files that may import each other.

    Args:
        files: path from a common folder on, with slashes, and content of each.
        above: path of that folder, with slashes; empty where it does not matter.
        cancel: ends it when set.
        progress: told how many files are read and how many there are.

    Raises:
        CancelledError: it was cancelled.
        SchemaError: one is not what the language allows; the sentence says in which line.
    """
    paths = ImportPaths(files, SUPPLIED, above)
    contents = dict(files)
    found: list[Declared] = []
    budget = Budget(len(files))
    budget.check(contents.values())
    if sum(map(len, contents.values())) > bounds.SKIMMED:
        for name in paths.read:
            check(cancel)
            _Parser(_text(name), contents[name], Budget(len(files)), cancel, skims=True).file()
    marks = any(_REDACT in content for content in contents.values())
    for done, name in enumerate(paths.read, 1):
        check(cancel)
        declared = _Parser(_text(name), contents[name], budget, cancel, marks=marks).file()
        paths.settle(declared.file)
        found.append(declared)
        if progress is not None:
            progress(done, len(paths.read))
    return found


def _text(name: str) -> str:
    """A file's name, which may be bytes that are no text, and which a descriptor cannot hold."""
    return name.encode("utf-8", "backslashreplace").decode()


class _Scope(NamedTuple):
    """Where a field or an enum is declared.

    Attributes:
        name: full name of the message, or the package.
        message: the message; None at the top of a file.
        depth: how many messages are around what is declared here.
    """

    name: str
    message: DescriptorProto | None
    depth: int

    def inner(self, name: str) -> str:
        """The full name of what is declared here."""
        return f"{self.name}.{name}" if self.name else name


class _Parser:
    """Reads one file; or skims it, which only finds most of what is wrong, and soon.

    Where a file marks anything as a secret (``marks``), an option of a field may do so as well.
    """

    def __init__(
        self,
        name: str,
        data: bytes,
        budget: Budget,
        cancel: Cancel | None,
        *,
        skims: bool = False,
        marks: bool = False,
    ) -> None:
        self._tokens = ProtoTokens(data, name, budget)
        self._file = FileDescriptorProto(name=name)
        self._budget, self._cancel = budget, cancel
        self._syntax = _PROTO2
        self._places: dict[str, int] = {}
        self._skims, self._marks = skims, marks

    def file(self) -> Declared:
        """The whole file.

        Raises:
            CancelledError: it was cancelled.
            SchemaError: it is not what the language allows.
        """
        tokens = self._tokens
        if tokens.at("syntax", "edition"):
            self._head()
        if self._skims:
            labels = _PLAIN_LABELS[self._syntax]
            named = tuple(sorted(filter(None, labels)))
            tokens.usual = usual_statements(named, None in labels)
            tokens.skip("file")
        while tokens.here.token is not Token.END:
            check(self._cancel)
            self._statement()
            tokens.skip("file")
        return Declared(self._file, self._places, self._tokens.line)

    def _head(self) -> None:
        tokens = self._tokens
        keyword = tokens.step().text
        tokens.expect("=")
        place = tokens.here.place
        value = tokens.text()
        if keyword == "edition":
            if value not in EDITIONS:
                known = " and ".join(EDITIONS)
                tokens.fail_at(place, f"edition {shown(value)!r} is unknown; known are {known}")
            self._syntax, self._file.syntax = _EDITIONS, _EDITIONS
            self._file.edition = EDITIONS[value]
        elif value not in (_PROTO2, _PROTO3):
            tokens.fail_at(place, f"the syntax {shown(value)!r} is unknown")
        else:
            self._syntax = value
            if value == _PROTO3:
                self._file.syntax = value
        tokens.expect(";")

    def _statement(self) -> None:
        tokens, file = self._tokens, self._file
        top = _Scope(file.package, None, 0)
        if tokens.take(";"):
            return
        if self._declaration(top):
            return
        if tokens.take("import"):
            self._import()
        elif tokens.take("package"):
            if file.package:
                tokens.fail_at(tokens.here.place, "there is a package already")
            place = tokens.here.place
            file.package = tokens.dotted()
            if len(file.package) > bounds.LONGEST or file.package.count(".") >= bounds.PARTS:
                tokens.fail_at(place, "the name of this package is too long")
            tokens.expect(";")
        elif tokens.take("option"):
            self._option(file.options)
        elif tokens.take("service"):
            self._service(top)
        else:
            tokens.fail("a declaration")

    def _declaration(self, scope: _Scope) -> bool:
        """Reads a message, an enum or extensions, if one comes next."""
        tokens, message = self._tokens, scope.message
        if self._syntax == _EDITIONS and tokens.at("export", "local"):
            # A type may have one of these names.
            if tokens.after().text not in ("message", "enum"):
                return False
            tokens.step()
        if tokens.take("message"):
            self._message(scope, self._nested(scope).add())
        elif tokens.take("enum"):
            enums = self._file.enum_type if message is None else message.enum_type
            self._enum(scope, enums.add())
        elif tokens.take("extend"):
            self._extend(scope)
        else:
            return False
        return True

    def _import(self) -> None:
        tokens, file = self._tokens, self._file
        kind = tokens.step().text if tokens.at("public", "weak", "option") else ""
        imports = file.option_dependency if kind == "option" else file.dependency
        if kind == "public":
            file.public_dependency.append(len(imports))
        if len(imports) > bounds.FOLDER_FILES:
            most = f"{bounds.FOLDER_FILES:,}"
            tokens.fail_at(tokens.here.place, f"there are more than {most} imports")
        imports.append(tokens.text())
        tokens.expect(";")

    def _option(self, options: Options | None) -> None:
        option(self._tokens, options)
        self._tokens.expect(";")

    def _named(self, scope: _Scope) -> str:
        """A name that is declared here, and the line it is declared in."""
        place = self._tokens.here.place
        name = self._tokens.identifier()
        self._declare(scope, name, place)
        return name

    def _declare(self, scope: _Scope, name: str, place: int) -> None:
        self._spend(place)
        full_name = scope.inner(name)
        if len(full_name) > bounds.LONGEST:
            self._tokens.fail_at(place, f"the name {shown(full_name)} is too long")
        self._places[full_name] = place

    def _spend(self, place: int) -> None:
        self._budget.declared -= 1
        if self._budget.declared < 0:
            most = f"{self._budget.most_declared:,}"
            self._tokens.fail_at(place, f"up to here more than {most} things are declared")

    def _message(self, scope: _Scope, message: DescriptorProto) -> None:
        message.name = self._named(scope)
        self._body(scope, message)

    def _body(self, scope: _Scope, message: DescriptorProto) -> None:
        """What stands between the braces of a message or group."""
        tokens = self._tokens
        inner = _Scope(scope.inner(message.name), message, scope.depth + 1)
        if inner.depth > bounds.DEPTH:
            tokens.fail_at(tokens.here.place, f"this is more than {bounds.DEPTH} messages deep")
        tokens.expect("{")
        while self._goes_on("message"):
            check(self._cancel)
            self._plain_fields(inner, message.field)
            if tokens.take("}"):
                break
            if tokens.take(";") or self._declaration(inner):
                continue
            if tokens.take("option"):
                self._option(message.options)
            elif tokens.take("oneof"):
                self._oneof(inner, message)
            elif tokens.take("extensions"):
                self._extensions(message)
            elif tokens.take("reserved"):
                self._reserved()
            else:
                self._field(inner, message.field)
        if not message.options.message_set_wire_format:
            for numbers in message.extension_range:  # "max" is another number in a message set
                numbers.end = min(numbers.end, _LAST_NUMBER + 1)
        _name_optional_oneofs(message)

    def _goes_on(self, what: str) -> bool:
        """Whether a body has one more statement that is to be read; takes its end."""
        self._tokens.skip(what)
        return not self._tokens.take("}")

    def _plain_fields(self, scope: _Scope, fields: _Fields, oneof: int | None = None) -> None:
        """Reads fields that are nothing but a type, a name and a number, if some come next.

        Any other one is for :meth:`_field`, which does the same at three times the cost.
        """
        labels = _NO_LABEL if oneof is not None else _PLAIN_LABELS[self._syntax]
        for found in self._tokens.plain_fields(labels):
            check(self._cancel)
            label, type_, name, number = found.groups()
            self._declare(scope, name, found.start(3))
            field = fields.add(name=name, number=int(number), label=_LABELS[label or "optional"])
            known = _TYPES.get(type_)
            if known is None:
                field.type_name = type_
            else:
                field.type = known
            if oneof is not None:
                field.oneof_index = oneof
            elif label == "optional" and self._syntax == _PROTO3:
                field.proto3_optional = True

    def _field(
        self, scope: _Scope, fields: _Fields, *, extendee: str = "", oneof: int | None = None
    ) -> None:
        """Reads a field of a message, or an extension.

        Args:
            scope: where it is declared.
            fields: where it goes.
            extendee: what it extends, as it is written.
            oneof: index of the oneof it is in.
        """
        tokens = self._tokens
        field = fields.add()
        start = tokens.here.place
        label = tokens.step().text if tokens.at(*_LABELS) else ""
        entry: DescriptorProto | None = None
        if tokens.at("map") and tokens.after().text == "<":
            if label or extendee or oneof is not None:
                tokens.fail_at(start, "a map has no label and stands in a message alone")
            label, entry = "repeated", self._map_types()
        else:
            self._check_label(label, start, inside=oneof is not None)
            self._type(field, start)
        field.label = _LABELS[label or "optional"]
        name = tokens.here.text
        field.name = self._named(scope)
        tokens.expect("=")
        field.number = tokens.integer(_LAST_INT32 - 1 if extendee else _LAST_NUMBER, 1)
        self._field_options(field)
        if extendee:
            field.extendee = extendee
        if oneof is not None:
            field.oneof_index = oneof
        elif label == "optional" and self._syntax == _PROTO3 and not extendee:
            field.proto3_optional = True
        if field.type == _Type.TYPE_GROUP:
            self._group(scope, field, name)
            return
        tokens.expect(";")
        if entry is not None:
            self._map(scope, field, entry)

    def _check_label(self, label: str, start: int, *, inside: bool) -> None:
        tokens = self._tokens
        if label and inside:
            tokens.fail_at(start, "a field in a oneof has no label")
        if self._syntax == _EDITIONS and label in ("optional", "required"):
            tokens.fail_at(start, f"{label!r} is not part of editions, which have features for it")
        if self._syntax == _PROTO3 and label == "required":
            tokens.fail_at(start, "'required' is not part of proto3")
        if self._syntax == _PROTO2 and not label and not inside:
            tokens.fail("'optional', 'repeated', 'required' or another declaration")

    def _type(self, field: FieldDescriptorProto, start: int) -> None:
        tokens = self._tokens
        number = _TYPES.get(tokens.here.text)
        if number is None:
            field.type_name = tokens.dotted("a type")
            return
        if number == _Type.TYPE_GROUP and self._syntax != _PROTO2:
            tokens.fail_at(start, "groups are part of proto2 only")
        field.type = number
        tokens.step()

    def _field_options(self, field: FieldDescriptorProto) -> None:
        tokens = self._tokens
        if not tokens.take("["):
            return
        while True:
            if tokens.at("json_name"):
                tokens.step()
                tokens.expect("=")
                field.json_name = tokens.text()
            else:
                # The default of a field that is not there is shown by nobody.
                options = None if tokens.at("default") else field.options
                option(tokens, options, keeps_custom=self._marks)
            if not tokens.take(","):
                break
        tokens.expect("]")

    def _group(self, scope: _Scope, field: FieldDescriptorProto, name: str) -> None:
        """The message of a group, which is declared beside its field."""
        message = self._nested(scope).add(name=name)
        field.name = name.lower()
        field.type_name = name
        self._places[scope.inner(field.name)] = self._places[scope.inner(name)]
        self._body(scope, message)

    def _nested(self, scope: _Scope) -> _Messages:
        return self._file.message_type if scope.message is None else scope.message.nested_type

    def _map_types(self) -> DescriptorProto:
        """The entry of a map, of which only the types are known."""
        tokens = self._tokens
        for _ in range(3):  # a message with two fields
            self._spend(tokens.here.place)
        entry = DescriptorProto()
        entry.options.map_entry = True
        tokens.step()
        tokens.expect("<")
        key = entry.field.add(name="key", number=1, label=_Type.LABEL_OPTIONAL)
        if tokens.here.text not in _KEYS:
            tokens.fail("the type of a key: an integer type, bool or string,")
        key.type = _TYPES[tokens.step().text]
        tokens.expect(",")
        value = entry.field.add(name="value", number=2, label=_Type.LABEL_OPTIONAL)
        if tokens.at("group"):
            tokens.fail("a type")
        self._type(value, tokens.here.place)
        tokens.expect(">")
        return entry

    def _map(self, scope: _Scope, field: FieldDescriptorProto, entry: DescriptorProto) -> None:
        """The entry of a map, named after its field and with its features."""
        entry.name = field.type_name = _entry_name(field.name)
        field.type = _Type.TYPE_MESSAGE
        self._places[scope.inner(f"{entry.name}")] = self._places[scope.inner(field.name)]
        if field.options.HasField("features"):
            for part in entry.field:
                part.options.features.CopyFrom(field.options.features)
        self._nested(scope).append(entry)

    def _oneof(self, scope: _Scope, message: DescriptorProto) -> None:
        tokens = self._tokens
        place = tokens.here.place
        index = len(message.oneof_decl)
        oneof = message.oneof_decl.add(name=self._named(scope))
        fields = len(message.field)
        tokens.expect("{")
        while not tokens.take("}"):
            self._plain_fields(scope, message.field, index)
            if tokens.take("}"):
                break
            if tokens.take("option"):
                self._option(oneof.options)
            elif not tokens.take(";"):
                self._field(scope, message.field, oneof=index)
        if len(message.field) == fields:
            tokens.fail_at(place, f"the oneof {shown(oneof.name)} has no field")

    def _extend(self, scope: _Scope) -> None:
        tokens = self._tokens
        extendee = tokens.dotted("a message")
        message = scope.message
        fields = self._file.extension if message is None else message.extension
        tokens.expect("{")
        while not tokens.take("}"):
            if not tokens.take(";"):
                self._field(scope, fields, extendee=extendee)

    def _extensions(self, message: DescriptorProto) -> None:
        for start, last in self._ranges(1, _LAST_INT32 - 1):
            self._spend(self._tokens.here.place)
            message.extension_range.add(start=start, end=last + 1)
        options_in_brackets(self._tokens, None)
        self._tokens.expect(";")

    def _ranges(self, least: int, most: int) -> list[tuple[int, int]]:
        """``1, 5 to 9, 100 to max`` as first and last numbers."""
        tokens = self._tokens
        found = []
        while True:
            start = last = tokens.integer(most, least)
            if tokens.take("to"):
                last = most if tokens.take("max") else tokens.integer(most, least)
            if last < start:
                tokens.fail("a number that is not smaller, followed by something else,")
            found.append((start, last))
            if not tokens.take(","):
                return found

    def _reserved(self, least: int = 1) -> None:
        tokens = self._tokens
        if tokens.here.token in (Token.STRING, Token.NAME):
            while True:
                if tokens.here.token is Token.STRING:
                    tokens.string()
                else:
                    tokens.identifier()
                if not tokens.take(","):
                    break
        else:
            self._ranges(least, _LAST_INT32)
        tokens.expect(";")

    def _enum(self, scope: _Scope, enum: EnumDescriptorProto) -> None:
        tokens = self._tokens
        enum.name = self._named(scope)
        tokens.expect("{")
        while self._goes_on("enum"):
            for plain in tokens.plain_values():
                check(self._cancel)
                self._declare(scope, plain[1], plain.start(1))
                enum.value.add(name=plain[1], number=int(plain[2]))
            if tokens.take("}"):
                break
            if tokens.take(";"):
                continue
            if tokens.take("option"):
                self._option(enum.options)
            elif tokens.take("reserved"):
                self._reserved(-_LAST_INT32 - 1)
            else:
                check(self._cancel)
                value = enum.value.add(name=self._named(scope))
                tokens.expect("=")
                value.number = tokens.integer(_LAST_INT32, -_LAST_INT32 - 1)
                options_in_brackets(tokens, value.options, keeps_custom=True)
                tokens.expect(";")

    def _service(self, scope: _Scope) -> None:
        """A service, of which only the name matters: others are looked for in its scope."""
        tokens = self._tokens
        self._file.service.add(name=self._named(scope))
        tokens.expect("{")
        while self._goes_on("service"):
            if tokens.take("option"):
                self._option(None)
            elif not tokens.take(";"):
                self._method()

    def _method(self) -> None:
        tokens = self._tokens
        tokens.expect("rpc")
        tokens.identifier()
        self._method_type()
        tokens.expect("returns")
        self._method_type()
        if not tokens.take("{"):
            tokens.expect(";")
            return
        while not tokens.take("}"):
            if not tokens.take(";"):
                tokens.expect("option")
                self._option(None)

    def _method_type(self) -> None:
        tokens = self._tokens
        tokens.expect("(")
        tokens.take("stream")
        tokens.dotted("a message")
        tokens.expect(")")


def _entry_name(field: str) -> str:
    """What protoc calls the entry of a map."""
    return re.sub(r"_*([^_]*)", lambda word: word[1][:1].upper() + word[1][1:], field) + "Entry"


def _name_optional_oneofs(message: DescriptorProto) -> None:
    """Puts each optional field of proto3 in a oneof of its own, as protoc does."""
    taken: set[str] | None = None
    for field in message.field:
        if not field.proto3_optional:
            continue
        if taken is None:
            taken = {field.name for field in message.field}
            taken |= {oneof.name for oneof in message.oneof_decl}
        name = field.name if field.name.startswith("_") else f"_{field.name}"
        while name in taken:
            name = f"X{name}"
        taken.add(name)
        field.oneof_index = len(message.oneof_decl)
        message.oneof_decl.add(name=name)
