"""``matches`` finds what RE2 finds, by a table of what it finds and by the library itself."""

from __future__ import annotations

import warnings
from random import Random

import pytest

from inspector.errors import InspectorError
from inspector.expression.cel_library import is_installed
from inspector.expression.grammar import ExpressionError
from inspector.expression.patterns import pattern
from inspector.expression.values import FailedError


@pytest.mark.parametrize(
    ("text", "among", "not_among"),
    [
        (r"\s", "\t\n\f\r ", "\v\x1c\x85\u2028a"),
        (r"\S", "\va\u2028", "\t\n "),
        (r"[\S]", "\va\u2028", "\t\n "),
        (r"[^\S]", "\t\n ", "\va"),
        (r"[\s\S]", "\va\u2028\n", ()),
        (r"\B", ("", "aa"), ("a",)),
        ("^.$", "a\u2028\r", ("\n", "a\n")),
        ("a$", ("a",), ("a\n",)),
        (r"\w", "aZ_0", "\u00e9\u0663-"),
        ("[a&&b]", "ab&", "-["),
        ("[[a]", "[a", "]"),
        ("[+--]", "+,-", "*."),
        (r"[\w-z]", "a-z", "."),
        ("[]a]", "]a", "["),
        ("[^]a]", "[b", "]a"),
        (r"\x{41}\x42", ("AB",), ("ab",)),
        (r"\012|\07", "\n\a", "0"),
        ("a{,2}", ("a{,2}",), ("aa", "")),
        ("(?i)K", "kK", "j"),
        (r"\_\-\/", ("_-/",), ()),
    ],
)
def test_it_finds_what_re2_finds(text: str, among: str, not_among: str) -> None:
    found = pattern(text, 1)
    assert [one for one in among if not found.is_in(one)] == []
    assert [one for one in not_among if found.is_in(one)] == []


@pytest.mark.parametrize(
    "text",
    [
        *(r"\u0041", r"\U00000041", r"[\b]", "\\\u00e9", r"\e", r"\x", r"\x{110000}", "a{1001}"),
        *("a**", "a*+", "a??+", "[a", "(", ")", "*", "[z-a]", r"[a-\d]", "a{3,2}", "\\"),
    ],
)
def test_what_re2_refuses_is_wrong(text: str) -> None:
    with pytest.raises(ExpressionError, match="the pattern is wrong") as caught:
        pattern(text, 1)
    assert not caught.value.unsupported


@pytest.mark.parametrize(
    "text",
    [
        "(a*)*",
        "(?s).",
        "a(?i)b",
        "(?P<n>a)",
        r"\pL",
        "[[:alpha:]]",
        r"\b*",
        "^*",
        r"\A",
        "(?i)\u00e9",
    ],
)
def test_what_does_not_run_is_not_called_wrong(text: str) -> None:
    with pytest.raises(ExpressionError, match="does not run here") as caught:
        pattern(text, 1)
    assert caught.value.unsupported


def test_letters_that_re2_folds_and_python_does_not_are_no_answer() -> None:
    assert pattern("(?i)deploy", 1).is_in("D\u00e9j\u00e0 DEPLOYed")
    with pytest.raises(FailedError):
        pattern("(?i)k", 1).is_in("\u212a")


PARTS = [
    *(
        "a",
        "b",
        "k",
        "s",
        "A",
        "K",
        "\u00e9",
        ".",
        "^",
        "$",
        "-",
        "_",
        " ",
        "]",
        "}",
        "{",
        "&",
        "~",
    ),
    *(
        r"\d",
        r"\w",
        r"\s",
        r"\D",
        r"\W",
        r"\S",
        r"\b",
        r"\B",
        r"\.",
        r"\t",
        r"\v",
        r"\x41",
        r"\x{41}",
    ),
    *(
        r"\u0041",
        r"\_",
        r"\e",
        r"\0",
        r"\012",
        "\\\u00e9",
        "(a|b)",
        "(?:a)",
        "(?i)",
        "(?s)",
        "(?=a)",
        "(",
    ),
    *("[a-c]", "[^a]", r"[\d]", r"[\w-]", r"[\w-z]", "[a&&b]", "[a--b]", "[[a]", "[]a]", "[^]a]"),
    *("[+--]", "[--a]", "[z-a]", r"[\s]", r"[\S]", r"[\W]", r"[\b]", "[-a]", "[a-]", "[a", "a{2}"),
    *("a{,2}", "a{1001}", "a{0}", "\u017f", "\u0130", "\u03c2"),
]
REPEATED = ("", "", "", "*", "+", "?", "*?", "{2}", "{1,2}")
TEXTS = [
    *("", "a", "b", "k", "K", "\u212a", "s", "\u017f", "\u00e9", "\u00c9", "\u0130", "i", "\u03c3"),
    *(
        "ab",
        "aa",
        "a b",
        "\n",
        "a\n",
        "\v",
        "\t",
        "\x1c",
        "\x85",
        "\u2028",
        "A",
        "_",
        "-",
        "0",
        "\u0663",
    ),
    *("\\", ".", "[", "]", "{", "}", "|", "a{", "&", "~", " ", "abcabc", "K1"),
]


@pytest.mark.skipif(not is_installed(), reason="the CEL library is not installed")
def test_it_agrees_with_the_library() -> None:
    from cel_expr_python import cel

    env = cel.NewEnv(variables={"s": cel.Type.STRING, "p": cel.Type.STRING})
    compiled = env.compile("s.matches(p)")
    dice = Random(2)
    compared = refused = 0
    for _ in range(1500):
        chosen = dice.choices(PARTS, k=dice.randrange(1, 4))
        text = "".join(part + dice.choice(REPEATED) for part in chosen)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                ours = pattern(text, 1)
            except InspectorError as error:
                ours = None
                wrong = not getattr(error, "unsupported", False)
        for one in dice.sample(TEXTS, 6):
            found = compiled.eval(data={"s": one, "p": text})
            fails = found.type() == cel.Type.ERROR
            if ours is None:
                assert fails or not wrong, text
                refused += 1
                continue
            assert not fails, text
            try:
                said = ours.is_in(one)
            except FailedError:
                continue
            assert said is found.value(), (text, one)
            compared += 1
    assert compared > refused > 0
