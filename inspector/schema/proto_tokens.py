"""The text of a ``.proto`` file as tokens, and the errors that name a line of it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator
from enum import Enum
from functools import lru_cache
from typing import Final, NoReturn

from inspector.errors import SchemaError
from inspector.named_tuple import NamedTuple
from inspector.schema import bounds
from inspector.schema.bounds import shown


class Token(Enum):
    """What a token is."""

    NAME = "name"
    INTEGER = "integer"
    FLOAT = "float"
    STRING = "string"
    SYMBOL = "symbol"
    END = "end"


class Piece(NamedTuple):
    """A token, its text as it is written, and where it begins."""

    token: Token
    text: str
    place: int


_ESCAPE: Final = (
    r"""\\(?:[\\abfnrtv?'"]|[xX][0-9A-Fa-f]{1,2}|[0-7]{1,3}"""
    r"|u[0-9A-Fa-f]{4}|U0010[0-9A-Fa-f]{4}|U000[0-9A-Fa-f]{5})"
)
# Before Python 3.11.5 a possessive group that fails half way stays there; the last alternative,
# which never fits, takes it back to where it began.
_COMMENT: Final = r"(?://[^\n]*+|/\*[^*]*+(?:\*(?!/)[^*]*+|(?!))*+\*/)"
_SPACE: Final = rf"(?:[ \t\r\n\f\v]|{_COMMENT}|(?!))*+"
_NAME: Final = r"[A-Za-z_][A-Za-z0-9_]*+"
_TOKENS: Final = re.compile(
    rf"(?:{_SPACE})(?:(?P<name>{_NAME})"
    # A number and a name must not touch.
    r"|(?P<float>(?:\d++\.\d*+|\.\d++)(?:[eE][+-]?\d++|(?!))?+(?![\w.])"
    r"|\d++[eE][+-]?\d++(?![\w.]))"
    r"|(?P<integer>(?:0[xX][0-9A-Fa-f]++|0[0-7]*+|[1-9]\d*+)(?![\w.]))"
    rf'|(?P<string>"(?:[^"\\\n\0]|{_ESCAPE}|(?!))*+"|' + rf"'(?:[^'\\\n\0]|{_ESCAPE}|(?!))*+')"
    r"|(?P<symbol>[!#-&(-.:-@\[-`{-~]|/(?![*/])))",
    re.ASCII,
)
_SPACES: Final = re.compile(_SPACE, re.ASCII)
_KEY: Final = r"(?:(?:u?int|s?fixed|sint)(?:32|64)|bool|string)"
#: What a type does not begin with, or may not.
_NO_TYPE: Final = (
    r"(?!(?:message|enum|extend|oneof|option|extensions|reserved|group|map|export|local"
    r"|repeated|optional|required)\b"
    rf"|(?:double|float|bytes|{_KEY})\.)"
)
#: Most fields are written so, most values of enums, and most heads of messages. What begins with a
#: word of the language is something else, or may be.
_FIELD: Final = re.compile(
    rf"{_SPACE}"
    r"(?:(repeated|optional|required)[ \t]++|(?!))?+"
    rf"{_NO_TYPE}(\.?{_NAME}(?:\.{_NAME}|(?!)){{0,20}}+)[ \t]++({_NAME})"
    r"[ \t]*+=[ \t]*+([1-9]\d{0,7}+|[1-4]\d{8})[ \t]*+;",
    re.ASCII,
)
_ENUM_VALUE: Final = re.compile(
    rf"{_SPACE}(?!(?:option|reserved)\b)({_NAME})[ \t]*+=[ \t]*+(0|-?[1-9]\d{{0,7}}+)[ \t]*+;",
    re.ASCII,
)
_ASIDE: Final = rb"""//[^\n]*|/\*(?s:.*?)(?:\*/|\Z)"""
_QUOTED: Final = rb""""[^"\\\n]*(?:\\.[^"\\\n]*)*"?|\'[^\'\\\n]*(?:\\.[^\'\\\n]*)*\'?"""
#: At least one token, never two: of a name with dots it takes all parts.
_WORDS: Final = re.compile(rb"(?:\s++|%s|(?!))*+(%s|[\w.]+|[^\s\w.\"\']|\Z)" % (_ASIDE, _QUOTED))
#: A number that a field or value is given, the head of what has a body, and the word that options
#: begin with, which are given numbers too.
_DECLARED: Final = re.compile(
    rb"%s|%s|(=\s*(?:-\s*)?\w+\s*[;\[]|option\b"
    rb"|(?:message|enum|oneof|service)\s+\w+\s*[{(])" % (_ASIDE, _QUOTED)
)


class UsualStatements:
    """Patterns that fit as many whole statements as there are, which may be none.

    They know the shape of usual statements, nothing of what these mean: what else there is ends
    them, as an error does, and none of them divides statements in another way than reading does.
    """

    def __init__(self, labels: Iterable[str], bare: bool) -> None:
        """Those of a syntax.

        Args:
            labels: those that a field may have.
            bare: whether a field may have none.
        """
        label = rf"(?:{'|'.join(labels)}){_GAP}"
        field = (_maybe(label) if bare else label) + _IN_ONEOF
        in_body = rf"{field}|{_IN_MESSAGE}"
        message = _body("message", _many(in_body))
        self._texts = {
            "file": _many(rf"{message}|{_IN_FILE}"),
            "message": _many(rf"{in_body}|{message}"),
            "enum": _many(_IN_ENUM),
            "service": _many(_IN_SERVICE),
            "value": rf"(?:{_WORD}|(?!))*+",
        }
        self._patterns: dict[str, re.Pattern[str]] = {}

    def within(self, what: str) -> re.Pattern[str]:
        """What may stand in a ``file``, a ``message``, an ``enum`` or a ``service``.

        Of a ``value`` it is the words within its braces, but for what has brackets of its own.
        """
        if what not in self._patterns:  # compiling them takes as long as some of them save
            self._patterns[what] = re.compile(self._texts[what], re.ASCII)
        return self._patterns[what]


@lru_cache
def usual_statements(labels: tuple[str, ...], bare: bool) -> UsualStatements:
    """A :class:`UsualStatements`, made once for each pair of arguments: that is slow."""
    return UsualStatements(labels, bare)


def _many(statement: str) -> str:
    return rf"(?:{_SPACE}(?:{statement})|(?!))*+"


def _listed(item: str) -> str:
    return rf"{item}(?:{_ANY},{_ANY}{item}|(?!))*+"


def _maybe(piece: str) -> str:
    return rf"(?:{piece}|(?!))?+"


def _body(head: str, statements: str) -> str:
    return rf"{head}{_GAP}{_NAME}{_ANY}\{{{statements}{_SPACE}\}}"


def _brackets(item: str) -> str:
    return _maybe(rf"\[{_ANY}{_listed(item)}{_ANY}\]{_ANY}")


# What a statement is made of where it is written as most are, without comments within it.
_ANY: Final = r"[ \t\r\n]*+"
_GAP: Final = r"[ \t\r\n]++"
_DOTTED: Final = rf"\.?{_NAME}(?:{_ANY}\.{_ANY}{_NAME}|(?!)){{0,20}}+"
_TEXT: Final = (
    r"""(?:"[^"\\\n\0]*+(?:\\["\\'nrt][^"\\\n\0]*+|(?!))*+\""""
    r"""|'[^'\\\n\0]*+(?:\\["\\'nrt][^'\\\n\0]*+|(?!))*+')"""
)
_WHOLE: Final = r"(?:0[xX][0-9A-Fa-f]{1,7}+|0|[1-9]\d{0,8}+)(?![\w.])"
_WORD: Final = rf"(?:[ \t\r\n]|{_NAME}|{_WHOLE}|\d++\.\d++(?![\w.])|{_TEXT}|[:,;.-]|{_COMMENT})"
_WORDS_IN_BRACES: Final = rf"\{{(?:{_WORD}|(?!))*+\}}"
_SINGLE: Final = rf"(?:{_NAME}|-?{_WHOLE}|{_TEXT}(?:{_ANY}{_TEXT}|(?!))*+|{_WORDS_IN_BRACES})"
_BRACES: Final = rf"(?:{_WORDS_IN_BRACES}|\[(?:{_WORD}|(?!))*+\])"
_VALUE: Final = rf"(?:{_SINGLE}|\{{(?:{_WORD}|{_BRACES}|(?!))*+\}})"
_CUSTOM: Final = rf"\({_DOTTED}\)(?:\.{_NAME}|(?!)){{0,20}}+{_ANY}={_ANY}"
_FLAG: Final = rf"(?:deprecated|packed){_ANY}={_ANY}(?:true|false)\b|{_CUSTOM}{_SINGLE}"
_OPTION: Final = (
    rf"option{_GAP}(?:{_CUSTOM}|(?!features|(?:deprecated|message_set_wire_format|allow_alias)"
    rf"{_ANY}={_ANY}(?!true|false)){_NAME}{_ANY}={_ANY})"
)
_PLAIN_OPTION: Final = rf"{_OPTION}{_SINGLE}{_ANY};"
_NUMBERED: Final = (
    rf"{_GAP}{_NAME}{_ANY}={_ANY}{_WHOLE}{_ANY}"
    rf"{_brackets(rf'(?:{_FLAG}|json_name{_ANY}={_ANY}{_TEXT})')};"
)
_IN_ONEOF: Final = rf"{_NO_TYPE}{_DOTTED}{_NUMBERED}"
_NUMBERS: Final = _listed(rf"{_WHOLE}{_maybe(rf'{_GAP}to{_GAP}(?:max|{_WHOLE})')}")
_RESERVED: Final = rf"reserved{_GAP}(?:{_listed(_TEXT)}|{_NUMBERS}){_ANY};"
_IN_ENUM: Final = (
    rf"(?!(?:option|reserved)\b){_NAME}{_ANY}={_ANY}-?{_WHOLE}{_ANY}{_brackets(f'(?:{_FLAG})')};"
    rf"|;|{_PLAIN_OPTION}|{_RESERVED}"
)
_ENUM: Final = _body("enum", _many(_IN_ENUM))
_ONEOF: Final = _body("oneof", rf"{_SPACE}{_IN_ONEOF}{_many(_IN_ONEOF)}")
_IN_MESSAGE: Final = (
    rf"map{_ANY}<{_ANY}{_KEY}{_ANY},{_ANY}{_NO_TYPE}{_DOTTED}{_ANY}>{_NUMBERED}"
    rf"|;|{_ONEOF}|{_ENUM}|{_PLAIN_OPTION}|{_RESERVED}|extensions{_GAP}{_NUMBERS}{_ANY};"
)
_ARGUMENT: Final = rf"{_ANY}\({_ANY}{_maybe(f'stream{_GAP}')}{_DOTTED}{_ANY}\){_ANY}"
_OPTIONS: Final = rf"\{{{_many(f'{_OPTION}{_VALUE}{_ANY};|;')}{_SPACE}\}}"
_IN_SERVICE: Final = (
    rf"rpc{_GAP}{_NAME}{_ARGUMENT}returns{_ARGUMENT}(?:;|{_OPTIONS})|;|{_PLAIN_OPTION}"
)
_IN_FILE: Final = (
    rf"{_ENUM}|{_body('service', _many(_IN_SERVICE))}|;|{_OPTION}{_VALUE}{_ANY};"
    rf"|import{_GAP}{_maybe(f'public{_GAP}')}{_TEXT}{_ANY};"
)
_new: Final = tuple.__new__
#: Of each byte whether it is of a word, a space, or a symbol.
_CLASSES: Final = bytes(
    ord("w" if re.match(rb"\w", bytes((one,))) else " " if one in b" \t\r\n\f\v" else ".")
    for one in range(256)
)
_KINDS: Final = {token.value: token for token in Token}
_SIMPLE: Final = {"a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}
_ESCAPED: Final = re.compile(_ESCAPE)


class Budget:
    """How much all files together may still hold.

    Attributes:
        tokens: words, numbers, strings and symbols.
        declared: messages, fields, enum values and the like.
        most_tokens: how many of the first there may be in all.
        most_declared: how many of the second.
    """

    def __init__(self, files: int) -> None:
        """What as many files as these may hold."""
        self.most_tokens = bounds.SOURCE_TOKENS + (files - 1) * bounds.TOKENS_A_FILE
        self.most_declared = bounds.SOURCE_DECLARED + (files - 1) * bounds.DECLARED_A_FILE
        self.tokens, self.declared = self.most_tokens, self.most_declared

    def check(self, contents: Iterable[bytes]) -> None:
        """Refuses texts that hold more, at a fraction of what it takes to read them.

        Counted is what surely is there; what else there may be, reading them says.

        Args:
            contents: of all files.

        Raises:
            SchemaError: they hold more.
        """
        known = list(contents)
        if sum(one.count(b";") for one in known) > 4 * self.declared:
            raise self._too_many_declared()
        if sum(one.count(b";") + one.count(b"{") for one in known) > self.declared:
            for content in known:
                told = _DECLARED.findall(content)
                self.declared -= sum(map(bool, told)) - 2 * told.count(b"option")
            if self.declared < 0:
                raise self._too_many_declared()
            self.declared = self.most_declared
        if sum(map(_most_words, known)) > self.tokens:
            for content in known:
                self.tokens -= sum(map(bool, _WORDS.findall(content)))
                if self.tokens < 0:
                    raise SchemaError(
                        f"More than the {self.most_tokens:,} words that are read stand in it."
                    )
            self.tokens = self.most_tokens

    def _too_many_declared(self) -> SchemaError:
        return SchemaError(
            f"More than the {self.most_declared:,} things that are read are declared."
        )


def _most_words(content: bytes) -> int:
    """More words than surely stand in a text: those of comments and texts are among them."""
    kinds = content.translate(_CLASSES)
    return kinds.count(b".") + kinds.count(b".w") + kinds.count(b" w") + 1


class ProtoTokens:
    """A walk through the tokens of a file.

    Attributes:
        name: the file's, for sentences.
        here: the token that comes next.
        usual: what is gone past; None where all is read.
    """

    def __init__(self, data: bytes, name: str, budget: Budget) -> None:
        """Goes to the first token.

        Any step may raise what this does.

        Raises:
            SchemaError: it is no text, a part of it is no token, or the budget is spent.
        """
        self.name = name
        self.usual: UsualStatements | None = None
        try:
            self._text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise SchemaError(f"{shown(name)}, line {line}: this is not UTF-8 text.") from None
        self._lines: list[int] | None = None
        self._budget = budget
        self._at = 0  #: where what was not read yet begins
        self.here = self._next()
        self._following: Piece | None = None

    def _next(self) -> Piece:
        found = _TOKENS.match(self._text, self._at)
        if found is None:
            space = _SPACES.match(self._text, self._at)
            place = self._at = space.end() if space is not None else self._at
            if place < len(self._text):
                self.fail_at(place, f"{_start(self._text, place)} cannot stand here")
            return Piece(Token.END, "", place)
        self._spend(1)
        kind = found.lastgroup or ""
        place, self._at = found.span(kind)
        return _new(Piece, (_KINDS[kind], found[kind], place))

    def _spend(self, tokens: int) -> None:
        self._budget.tokens -= tokens
        if self._budget.tokens < 0:
            self.fail_at(
                self._at, f"up to here there are more than {self._budget.most_tokens:,} words"
            )

    def plain_fields(self, labels: Container[str | None]) -> Iterator[re.Match[str]]:
        """Takes fields as most are written, as many as come next.

        Until there is no more of them ``here`` stays where it is. What comes next then is anything
        else, or is wrong.

        Args:
            labels: those that they may have.

        Yields:
            Of each its label or None, the dotted name of its type, its name, and its number.
        """
        found = self._plain(_FIELD)
        if found is None or found[1] not in labels:
            return
        while found is not None and found[1] in labels:
            self._at = found.end()
            self._spend((found[1] is not None) + 5 + 2 * found[2].count("."))
            yield found
            found = _FIELD.match(self._text, self._at)
        self._budget.tokens += 1  # the first one was counted when it was read
        self.here = self._next()

    def plain_values(self) -> Iterator[re.Match[str]]:
        """Takes values of an enum as most are written, as many as come next: name and number."""
        found = self._plain(_ENUM_VALUE)
        if found is None:
            return
        while found is not None:
            self._at = found.end()
            self._spend(4 + found[2].startswith("-"))
            yield found
            found = _ENUM_VALUE.match(self._text, self._at)
        self._budget.tokens += 1
        self.here = self._next()

    def _plain(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        if self._following is not None:
            return None
        return pattern.match(self._text, self.here.place)

    def skip(self, what: str) -> None:
        """Goes past usual statements, if they are, and sooner than they are read.

        Args:
            what: they stand in; see :meth:`UsualStatements.within`.
        """
        if self.usual is not None and self._following is None:
            found = self.usual.within(what).match(self._text, self.here.place)
            if found is not None and found.end() > self.here.place:
                self._at = found.end()
                self.here = self._next()

    def line(self, place: int) -> int:
        """The line of a place in the text, counted from 1."""
        if self._lines is None:
            self._lines = [found.end() for found in re.finditer("\n", self._text)]
        return bisect_right(self._lines, place) + 1

    def fail_at(self, place: int, what: str) -> NoReturn:
        """Says what is wrong where.

        Raises:
            SchemaError: always.
        """
        line = self._text.count("\n", 0, place) + 1
        raise SchemaError(f"{shown(self.name)}, line {line}: {what}.")

    def fail(self, wanted: str) -> NoReturn:
        """Says that something else is wanted than what comes next.

        Raises:
            SchemaError: always.
        """
        found = (
            "the end of the file" if self.here.token is Token.END else repr(shown(self.here.text))
        )
        self.fail_at(self.here.place, f"{wanted} is expected, not {found}")

    def step(self) -> Piece:
        """The next token, taken."""
        piece = self.here
        if piece.token is not Token.END:
            self.here = self._following or self._next()
            self._following = None
        return piece

    def after(self) -> Piece:
        """The token behind the next one."""
        if self._following is None:
            self._following = self._next()
        return self._following

    def at(self, *texts: str) -> bool:
        """Whether the next token is one of these names or symbols."""
        return self.here.text in texts and self.here.token is not Token.STRING

    def take(self, text: str) -> bool:
        """Takes the next token if it is this one."""
        if self.at(text):
            self.step()
            return True
        return False

    def expect(self, text: str) -> Piece:
        """Takes the next token, which has to be this one.

        Raises:
            SchemaError: it is not.
        """
        if not self.at(text):
            self.fail(repr(text))
        return self.step()

    def identifier(self, wanted: str = "a name") -> str:
        """Takes a name.

        Raises:
            SchemaError: there is none.
        """
        if self.here.token is not Token.NAME:
            self.fail(wanted)
        return self.step().text

    def dotted(self, wanted: str = "a name") -> str:
        """Takes a name of one or more parts, with a leading dot where there is one.

        Raises:
            SchemaError: there is none.
        """
        place = self.here.place
        parts = [self.identifier(wanted)] if not self.take(".") else ["", self.identifier(wanted)]
        while self.take("."):
            parts.append(self.identifier(wanted))
            if len(parts) > bounds.PARTS + bounds.DEPTH + 2:
                self.fail_at(place, "this name has too many parts")
        return ".".join(parts)

    def integer(self, most: int, least: int = 0) -> int:
        """Takes a whole number, which may have a minus sign where ``least`` is negative.

        Raises:
            SchemaError: there is none, or it is out of range.
        """
        place = self.here.place
        negative = least < 0 and self.take("-")
        if self.here.token is not Token.INTEGER:
            self.fail("a whole number")
        value = whole(self.step().text)
        if value is None or not least <= (-value if negative else value) <= most:
            self.fail_at(place, "this number is out of range")
        return -value if negative else value

    def string(self) -> bytes:
        """Takes one or more strings that stand side by side.

        Raises:
            SchemaError: there is none.
        """
        if self.here.token is not Token.STRING:
            self.fail("a string")
        parts = []
        while self.here.token is Token.STRING:
            parts.append(_unescaped(self.step().text))
        return b"".join(parts)

    def text(self) -> str:
        """Takes strings that are UTF-8.

        Raises:
            SchemaError: there are none.
        """
        place = self.here.place
        try:
            return self.string().decode()
        except UnicodeDecodeError:
            self.fail_at(place, "this string is not UTF-8 text")


def whole(text: str) -> int | None:
    """The value of an integer token; None where it is larger than any integer type."""
    if len(text) > 24:
        return None
    octal = text[0] == "0" and text.isdigit()
    value = int(text, 8) if octal else int(text, 0)
    return value if value < 1 << 64 else None


def _unescaped(token: str) -> bytes:
    return b"".join(_parts(token[1:-1]))


def _parts(body: str) -> list[bytes]:
    parts: list[bytes] = []
    place = 0
    for found in _ESCAPED.finditer(body):
        parts += body[place : found.start()].encode(), _escape(found[0][1:])
        place = found.end()
    parts.append(body[place:].encode())
    return parts


def _escape(code: str) -> bytes:
    first = code[0]
    if first in "xX":
        return bytes((int(code[1:], 16),))
    if first in "uU":
        return chr(int(code[1:], 16)).encode("utf-8", "surrogatepass")
    if first.isdigit():
        return bytes((int(code, 8) & 0xFF,))
    return bytes((_SIMPLE[first],)) if first in _SIMPLE else first.encode()


def _start(text: str, place: int) -> str:
    if text.startswith("/*", place):
        return "a comment without an end"
    if text[place] in "\"'":
        return "a string without an end, or with an unknown escape,"
    return repr(shown(text[place]))
