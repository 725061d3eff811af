"""The text of an expression to its parts: the grammar of CEL, as far as a filter needs it."""

from __future__ import annotations

import re
from typing import Any, Final

from inspector.errors import UsageError
from inspector.named_tuple import NamedTuple

#: So deep may parts lie in each other; the CEL library stops at 32 as well.
_DEEPEST: Final = 32
_DIGITS: Final = 21  #: one more than a number of 64 bits has
_TOKENS: Final = re.compile(
    r"""(?P<space>(?:\s|//[^\n]*)+)
    |(?P<text>[bB]?[rR]?(?:\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''
        |"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))
    |(?P<double>[0-9]+\.[0-9]+(?:[eE][-+]?[0-9]+)?|[0-9]+[eE][-+]?[0-9]+|\.[0-9]+(?:[eE][-+]?[0-9]+)?)
    |(?P<number>0[xX][0-9a-fA-F]+[uU]?|[0-9]+[uU]?)
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<sign>&&|\|\||[=!<>]=|[-+*/%<>!?:.,()\[\]{}])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE: Final = re.compile(
    r"\\(?:([abfnrtv\\'\"?`])|[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2}))",
)
_PLAIN: Final = dict(zip("abfnrtv", "\a\b\f\n\r\t\v", strict=True))
_RESERVED: Final = frozenset(
    (
        *("as", "break", "const", "continue", "else", "for", "function", "if", "import", "in"),
        *("let", "loop", "package", "namespace", "return", "var", "void", "while"),
    )
)
_RELATIONS: Final = frozenset(("==", "!=", "<", "<=", ">", ">=", "in"))
_SUMS: Final = frozenset(("+", "-"))
_PRODUCTS: Final = frozenset(("*", "/", "%"))


class ExpressionError(UsageError):
    """An expression that is wrong, or that is not of the forms that run.

    Attributes:
        sentence: what is wrong, without the column.
        column: where, from 1; in a text of several lines counted through all of them.
        incomplete: the text only ends too early.
        unsupported: it may be good CEL, of a form that does not run here.
        begun: how many characters the name there has, where one that would do begins with it: who
            still types it has done nothing wrong; else 0.
    """

    def __init__(
        self,
        sentence: str,
        column: int,
        *,
        incomplete: bool = False,
        unsupported: bool = False,
        begun: int = 0,
    ) -> None:
        super().__init__(f"Column {column}: {sentence}.")
        self.sentence = sentence
        self.column = column
        self.incomplete = incomplete
        self.unsupported = unsupported
        self.begun = begun

    def ends_too_early(self, length: int) -> bool:
        """Whether more typed at the end of a text of so many characters may make it good."""
        return self.incomplete or (self.begun > 0 and self.column - 1 + self.begun == length)


class ExpressionToken(NamedTuple):
    """A word of an expression; ``kind`` is a name of the pattern's groups, or ``end``."""

    kind: str
    text: str
    at: int


class Part(NamedTuple):
    """A part of an expression.

    ``form`` is ``literal``, ``name``, ``list``, ``select``, ``index``, ``call`` (of a function, or
    of a member where ``inner`` begins with what it is called on and ``member`` is True), ``has``,
    or an operator; ``at`` is the column, from 1, that an error in it is said with.
    """

    form: str
    at: int
    value: Any = None
    inner: tuple[Part, ...] = ()
    member: bool = False


def tokens(text: str) -> list[ExpressionToken]:
    """The words of a text, an ``end`` last.

    Raises:
        ExpressionError: there is a character that begins none.
    """
    found: list[ExpressionToken] = []
    pos = 0
    while pos < len(text):
        match = _TOKENS.match(text, pos)
        if match is None:
            if text[pos] in "'\"":
                raise ExpressionError("the text is not closed", pos + 1, incomplete=True)
            if text[pos] in "&|=":
                meant = "==" if text[pos] == "=" else text[pos] * 2
                last = pos + 1 >= len(text)
                raise ExpressionError(f"'{meant}' is expected", pos + 1, incomplete=last)
            raise ExpressionError(f"unexpected {text[pos]!r}", pos + 1)
        kind = str(match.lastgroup)
        if kind != "space":
            found.append(ExpressionToken(kind, match[0], pos + 1))
        pos = match.end()
    return [*found, ExpressionToken("end", "", len(text) + 1)]


def parse(text: str) -> Part:
    """An expression's parts.

    Raises:
        ExpressionError: it is none.
    """
    return _Parser(tokens(text)).whole()


class _Parser:
    def __init__(self, words: list[ExpressionToken]) -> None:
        self._words = words
        self._at = 0
        self._depth = 0

    @property
    def _next(self) -> ExpressionToken:
        return self._words[self._at]

    def _take(self, *signs: str) -> ExpressionToken | None:
        word = self._next
        if word.kind in ("sign", "name") and word.text in signs:
            self._at += 1
            return word
        return None

    def _need(self, sign: str) -> ExpressionToken:
        found = self._take(sign)
        if found is None:
            self._unexpected(f"'{sign}' is expected")
        assert found is not None
        return found

    def _unexpected(self, wanted: str) -> None:
        word = self._next
        if word.kind == "end":
            raise ExpressionError(wanted, word.at, incomplete=True)
        raise ExpressionError(f"unexpected '{word.text}', {wanted}", word.at)

    def whole(self) -> Part:
        found = self._expression()
        if self._next.kind != "end":
            self._unexpected("an operator or the end is expected")
        return found

    def _expression(self) -> Part:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ExpressionError("parts lie too deep in each other", self._next.at)
        found = self._either()
        question = self._take("?")
        if question is not None:
            yes = self._either()
            self._need(":")
            found = Part("?", question.at, None, (found, yes, self._expression()))
        self._depth -= 1
        return found

    def _either(self) -> Part:
        found = [self._both()]
        at = self._next.at
        while self._take("||"):
            found.append(self._both())
        return found[0] if len(found) == 1 else Part("||", at, None, tuple(found))

    def _both(self) -> Part:
        found = [self._relation()]
        at = self._next.at
        while self._take("&&"):
            found.append(self._relation())
        return found[0] if len(found) == 1 else Part("&&", at, None, tuple(found))

    def _relation(self) -> Part:
        found = self._sum()
        while (word := self._take(*_RELATIONS)) is not None:
            found = Part(word.text, word.at, None, (found, self._sum()))
        return found

    def _sum(self) -> Part:
        found = self._unary()
        while (word := self._take(*_SUMS, *_PRODUCTS)) is not None:
            self._unary()
            raise ExpressionError(
                f"'{word.text}' between values does not run here", word.at, unsupported=True
            )
        return found

    def _unary(self) -> Part:
        signs: list[ExpressionToken] = []
        while (word := self._take("!", "-")) is not None:
            signs.append(word)
        if len(signs) > _DEEPEST:
            raise ExpressionError("parts lie too deep in each other", signs[0].at)
        if signs and signs[-1].text == "-" and self._next.kind in ("number", "double"):
            found = self._literal(negative=True)
            found = found._replace(at=signs.pop().at)
        else:
            found = self._member()
        for sign in reversed(signs):
            form = "not" if sign.text == "!" else "minus"
            found = Part(form, sign.at, None, (found,))
        return found

    def _member(self) -> Part:
        found = self._primary()
        while True:
            if self._take("."):
                word = self._next
                if word.kind != "name":
                    self._unexpected("a field name is expected")
                self._at += 1
                if self._take("("):
                    found = Part("call", word.at, word.text, (found, *self._arguments(")")), True)
                else:
                    found = Part("select", word.at, word.text, (found,))
            elif (bracket := self._take("[")) is not None:
                found = Part("index", bracket.at, None, (found, self._expression()))
                self._need("]")
            else:
                return found

    def _arguments(self, closing: str) -> list[Part]:
        found: list[Part] = []
        while not self._take(closing):
            if found:
                self._need(",")
                if closing == "]" and self._take(closing):
                    break
            found.append(self._expression())
        return found

    def _primary(self) -> Part:
        word = self._next
        if word.kind in ("text", "number", "double"):
            return self._literal()
        if word.kind == "name" and word.text not in _RESERVED:
            self._at += 1
            if word.text in ("true", "false", "null"):
                value = {"true": True, "false": False, "null": None}[word.text]
                return Part("literal", word.at, value)
            if self._take("("):
                found = self._arguments(")")
                form = "has" if word.text == "has" else "call"
                return Part(form, word.at, word.text, tuple(found))
            return Part("name", word.at, word.text)
        if self._take("("):
            inner = self._expression()
            self._need(")")
            return inner
        if self._take("["):
            return Part("list", word.at, None, tuple(self._arguments("]")))
        if word.text in ("{", "."):
            raise ExpressionError(
                f"'{word.text}' here does not run here", word.at, unsupported=True
            )
        self._unexpected("a value is expected")
        raise AssertionError

    def _literal(self, *, negative: bool = False) -> Part:
        word = self._next
        self._at += 1
        if word.kind == "text":
            return Part("literal", word.at, _text_value(word))
        if word.kind == "double":
            value = float(word.text)
            return Part("literal", word.at, -value if negative else value)
        digits = word.text.rstrip("uU")
        base = 16 if digits[:2] in ("0x", "0X") else 10
        # Of more digits than these Python may refuse to make a number.
        written = digits[2 if base == 16 else 0 :].lstrip("0")[:_DIGITS]
        number = int(written or "0", base)
        unsigned = digits != word.text
        number = -number if negative else number
        least, most = (0, 2**64) if unsigned else (-(2**63), 2**63)
        if not least <= number < most:
            raise ExpressionError("the number is too large", word.at)
        return Part("literal", word.at, Unsigned(number) if unsigned else number)


class Unsigned(int):
    """A number written with a ``u``."""


def _text_value(word: ExpressionToken) -> str | bytes:
    start = next(at for at, sign in enumerate(word.text) if sign in "'\"")
    prefix, body = word.text[:start].lower(), word.text[start:]
    width = 3 if body[:3] in ('"""', "'''") and len(body) >= 6 else 1
    body = body[width:-width]
    as_bytes = "b" in prefix
    if "r" in prefix:
        return body.encode() if as_bytes else body
    parts: list[str | bytes] = []
    pos = 0
    while pos < len(body):
        if body[pos] != "\\":
            stop = body.find("\\", pos)
            stop = len(body) if stop < 0 else stop
            parts.append(body[pos:stop])
            pos = stop
            continue
        found = _ESCAPE.match(body, pos)
        at = word.at + start + width + pos
        if found is None:
            raise ExpressionError(f"unknown escape '{body[pos : pos + 2]}'", at)
        pos = found.end()
        if found[1]:
            parts.append(_PLAIN.get(found[1], found[1]))
            continue
        code = int(found[2] or found[3] or found[4] or found[5], 8 if found[5] else 16)
        if as_bytes and (found[2] or found[5]):
            parts.append(bytes((code,)))
        elif code > 0x10FFFF or 0xD800 <= code < 0xE000:
            raise ExpressionError("no such character", at)
        else:
            parts.append(chr(code))
    if as_bytes:
        return b"".join(one if isinstance(one, bytes) else one.encode() for one in parts)
    return "".join(str(one) for one in parts)
