"""Every character is seen, in the window and on the terminal, and none parts a word."""

from __future__ import annotations

import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.cli.output import visible as on_the_terminal
from inspector.gui.style.text_format import visible as in_the_window
from inspector.invisible import columns, hides_something, holds, joined, pattern, visible

MARKS = "".join(
    chr(code)
    for code in (
        *(0xAD, 0x34F, 0x61C, 0x180E, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x202A, 0x202E),
        *(0x2060, 0x2064, 0x2066, 0x2069, 0xFEFF),
    )
)
#: Marks of layout that have a width, or belong to the digits or letters behind them.
_SEEN = re.compile(
    "[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd\U00013430-\U0001345f]"
)


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_within_a_word_is_seen_everywhere_alike(mark: str) -> None:
    text = f"ad{mark}min"
    assert on_the_terminal(text) == in_the_window(text) == f"ad\\u{ord(mark):04x}min"
    assert hides_something(text)
    assert joined(text) == "admin"


def test_no_format_character_of_unicode_is_left_unseen() -> None:
    unseen = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    for code in range(sys.maxunicode + 1):
        mark = chr(code)
        if unicodedata.category(mark) in unseen and not _SEEN.match(mark):
            assert visible(f"a{mark}b") != f"a{mark}b", hex(code)


def test_scripts_and_emoji_keep_their_joiners() -> None:
    for text in (
        "\U0001f469\U0001f3fd\u200d\U0001f527",
        "\u0645\u06cc\u200c\u062e\u0648",
        "\u0915\u094d\u200d\u0937",
        "\u2764\ufe0f",
        "1\ufe0f\u20e3",
    ):
        assert visible(text) == in_the_window(text) == text
        assert not hides_something(text)
    assert visible("a\u200db \u200c \ufe0f") == "a\\u200db \\u200c \\ufe0f"


def test_controls_are_escapes_on_the_terminal_and_pictures_in_the_window() -> None:
    text = "a\x1b[31m\tb\x7f\x85\udcff\ud800\U000e0041"
    rest = "\\u0085\\xff\\ud800\\U000e0041"
    assert on_the_terminal(text) == f"a\\x1b[31m\\x09b\\x7f{rest}"
    assert in_the_window(text) == f"a\u241b[31m b\u2421{rest}"


@given(st.text())
def test_what_is_visible_has_nothing_more_to_show(text: str) -> None:
    for pictures in (False, True):
        shown = visible(text, pictures=pictures)
        assert visible(shown, pictures=pictures) == shown
        assert not hides_something(shown)
        shown.encode()


@given(
    st.text(alphabet=f"abß{MARKS}", max_size=12),
    st.text(alphabet=f"abß{MARKS}", min_size=1, max_size=3),
)
def test_words_are_found_as_they_stand_or_as_they_are_read(text: str, words: str) -> None:
    bare = joined(words)
    expected = words in text or (bool(bare) and bare in joined(text))
    assert holds(text, words) == expected
    assert (pattern(words, text).search(text) is not None) == (
        bare in joined(text) if bare else words in text
    )


@given(st.text())
def test_the_columns_of_a_text_are_those_of_what_is_shown_of_it(text: str) -> None:
    for pictures in (False, True):
        shown = visible(text, pictures=pictures)
        assert sum(columns(text, pictures=pictures)) == sum(columns(shown, pictures=pictures))
        assert len(columns(text, pictures=pictures)) == len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", 5),
        ("\u6f22\u5b57", 4),
        ("e\u0301", 1),
        ("\u0e01\u0e31\u0e19", 2),  # a vowel of Thai stands over its consonant
        ("\U0001f600\ufe0f", 2),
        ("\U0001f469\u200d\U0001f680", 4),
        ("ad\u200bmin", 11),
        ("a\x1bb", 6),
        ("\uff21", 2),
    ],
)
def test_the_columns_of_a_text(text: str, expected: int) -> None:
    assert sum(columns(text)) == expected
