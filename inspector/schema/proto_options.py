"""Options as they are written in a ``.proto`` file, of which few matter to who reads records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from google.protobuf import text_encoding, text_format
from google.protobuf.descriptor_pb2 import (
    EnumOptions,
    EnumValueOptions,
    FieldOptions,
    FileOptions,
    MessageOptions,
    OneofOptions,
    UninterpretedOption,
)
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import Message

from inspector.schema import bounds
from inspector.schema.bounds import shown
from inspector.schema.proto_tokens import ProtoTokens, Token, whole

Options = (
    FileOptions | MessageOptions | FieldOptions | OneofOptions | EnumOptions | EnumValueOptions
)

#: The options that change what bytes mean, or that a person may be shown.
_KNOWN: Final[Mapping[type[Message], frozenset[str]]] = {
    FileOptions: frozenset(("features", "deprecated")),
    MessageOptions: frozenset(("features", "deprecated", "message_set_wire_format")),
    FieldOptions: frozenset(("features", "deprecated", "packed")),
    OneofOptions: frozenset(("features",)),
    EnumOptions: frozenset(("features", "deprecated", "allow_alias")),
    EnumValueOptions: frozenset(("features", "deprecated")),
}
_CLOSING: Final = {"{": "}", "[": "]", "<": ">"}
_CLOSED: Final = frozenset(_CLOSING.values())


def option(tokens: ProtoTokens, options: Options | None) -> None:
    """Reads ``name = value`` of an option.

    Args:
        tokens: the name comes next.
        options: where it is set if it matters; None where none does. Custom options of enum
            values, which can say what a kind is, are kept uninterpreted, as protoc's parser does.

    Raises:
        SchemaError: it is no option, or has no such value.
    """
    place = tokens.here.place
    made = UninterpretedOption()
    _name(tokens, made)
    tokens.expect("=")
    _value(tokens, made)
    first = made.name[0]
    if isinstance(options, EnumValueOptions) and first.is_extension:
        options.uninterpreted_option.append(made)
    elif (
        options is not None and not first.is_extension and first.name_part in _KNOWN[type(options)]
    ):
        try:
            interpret(made, made.name, options)
        except (text_format.ParseError, ValueError):
            tokens.fail_at(place, f"{shown(first.name_part)} cannot be set to this")


def options_in_brackets(tokens: ProtoTokens, options: Options | None) -> None:
    """Reads ``[name = value, ...]``, if that comes next.

    Raises:
        SchemaError: it is cut short, or one is no option.
    """
    if tokens.take("["):
        option(tokens, options)
        while tokens.take(","):
            option(tokens, options)
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
