"""Texts line by line, and lines word by word."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.history import text_difference as text_difference_module
from inspector.history.lcs import common_subsequence
from inspector.history.text_difference import (
    HunkKind,
    TextDifference,
    changed_words,
    counted,
    text_difference,
)

TEXTS = st.lists(st.sampled_from(["a", "b", "", "c d", "\r"]), max_size=12).map("\n".join)


def joined(lines: Sequence[str], ends: bool) -> str:
    return "\n".join(lines) + ("\n" if ends and lines else "")


def check(before: str, after: str) -> TextDifference:
    """Hunks cover both texts in order, alternate, and equal ones are equal."""
    found = text_difference(before, after)
    assert joined(found.before, found.before_ends) == before
    assert joined(found.after, found.after_ends) == after
    assert [at for hunk in found.hunks for at in hunk.before] == list(range(len(found.before)))
    assert [at for hunk in found.hunks for at in hunk.after] == list(range(len(found.after)))
    equal = [hunk.kind == HunkKind.EQUAL for hunk in found.hunks]
    assert all(one != other for one, other in pairwise(equal))
    for hunk in found.hunks:
        old = [found.before[at] for at in hunk.before]
        new = [found.after[at] for at in hunk.after]
        assert (old == new) >= (hunk.kind == HunkKind.EQUAL)
        assert bool(old) == (hunk.kind != HunkKind.ADDED)
        assert bool(new) == (hunk.kind != HunkKind.REMOVED)
        assert len(list(hunk.rows())) == max(len(old), len(new))
    return found


@given(TEXTS, TEXTS)
def test_hunks_are_both_texts(before: str, after: str) -> None:
    found = check(before, after)
    assert (found.words == "") == (before == after)
    assert len(found.after) - len(found.before) == found.added - found.removed


@given(TEXTS, TEXTS, TEXTS, TEXTS, st.sampled_from([1, 4, 1 << 16]))
def test_what_is_alike_at_both_ends_is_left_out_of_the_comparison(
    begin: str, before: str, after: str, end: str, chunk: int
) -> None:
    """Texts are split and compared part by part; what is said of them is the same."""
    texts = [f"{begin}{middle}{end}" for middle in (before, after)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_difference_module, "_CHUNK", chunk)
        found = check(*texts)
        sides = []
        for text in texts:
            lines = text.split("\n")
            whole = [f"{line}\n" for line in lines[:-1]]
            sides.append(whole + [lines[-1]] * bool(lines[-1]))
        numbers = {line: at for at, line in enumerate(dict.fromkeys([*sides[0], *sides[1]]))}
        old, new = ([numbers[line] for line in side] for side in sides)
        pairs = common_subsequence(old, new)
        equal = [hunk for hunk in found.hunks if hunk.kind == HunkKind.EQUAL]
        assert list(pairs) == [
            pair for hunk in equal for pair in zip(hunk.before, hunk.after, strict=True)
        ]


@pytest.mark.parametrize("inner", ["cd\n", "cd\n" * 400_000])
def test_of_lines_alike_at_both_ends_none_is_held(inner: str) -> None:
    """A line on its own takes fifty bytes, and its number and pair two hundred."""
    lines = "ab\n" * 200_000
    texts = lines + lines, f"{lines}{inner}{lines}"
    # What is imported for it is not measured.
    text_difference("a", "b")
    tracemalloc.start()
    found = text_difference(*texts)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.words == counted(len(inner) // 3, 0, "line")
    assert most < 4 * sum(map(len, texts))


def test_counts_in_words() -> None:
    assert text_difference("", "a\nb\n").words == "+2 lines"
    assert text_difference("a\n", "").words == "\N{MINUS SIGN}1 line"
    assert text_difference("a\nb\nc\n", "a\nx\nc\nd\n").words == "+2 \N{MINUS SIGN}1 lines"
    assert text_difference("a\n", "a\n").words == ""


def test_a_line_feed_at_the_end_is_a_difference() -> None:
    found = check("a\nb", "a\nb\n")
    assert [hunk.kind for hunk in found.hunks] == [HunkKind.EQUAL, HunkKind.REPLACED]
    assert (found.before_ends, found.after_ends) == (False, True)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("a\nb", "a\nb\n", "newline at the end added"),
        ("a\nb\n", "a\nb", "newline at the end removed"),
        ("a\nb", "a\nc\n", "+1 \N{MINUS SIGN}1 lines"),
        ("a\nb\n", "a", "+1 \N{MINUS SIGN}2 lines"),
        ("", "a", "+1 line"),
    ],
)
def test_where_only_the_newline_at_the_end_differs_it_is_named(
    before: str, after: str, words: str
) -> None:
    assert check(before, after).words == words


def parts(before: str, after: str) -> tuple[list[str], list[str]] | None:
    found = changed_words(before, after)
    if found is None:
        return None
    return [before[a:b] for a, b in found[0]], [after[a:b] for a, b in found[1]]


def test_words_are_marked_where_most_of_the_line_is_common() -> None:
    assert parts("    return x * 51", "    return x * 62") == (["51"], ["62"])
    assert parts("def import_triage(x):", "def check_triage(x):") == (
        ["import_triage"],
        ["check_triage"],
    )
    assert parts("a b c d", "a c d") in ((["b "], []), ([" b"], []))
    assert parts("x = 1", "x = 2") == (["1"], ["2"])
    assert parts('  "name": "one",', '  "name": "two",') == (["one"], ["two"])
    assert parts("    foo(1, 2)", "    bar(1, 2)") == (["foo"], ["bar"])
    assert parts("# Label Watch Report", "# Watch Label Backup") is None
    assert parts("", "x") is None
    assert parts("x" * 30_000, "x" * 30_001) is None


def test_a_rewritten_line_is_not_marked_here_and_there() -> None:
    """Blanks are common to all lines; and of words that stand together one range is made."""
    old = "Review each invoice with the customer before the end of the month"
    assert parts(old, "Check that all of the invoices are paid before you archive them") is None
    assert parts(old, "Ask for each invoice that a customer sent in the last of the weeks") is None
    assert parts(old, "Review every open bill with the customer before the end of the month") == (
        ["each invoice"],
        ["every open bill"],
    )
    assert parts("a b c d e f g h i", "a b x y e f g h i") == (["c d"], ["x y"])


def test_six_of_ten_words_are_too_few() -> None:
    assert parts("a b c d e", "a b c x y") is None
    assert parts("a b c d e", "a b c d y") == (["e"], ["y"])


def test_indentation_is_not_marked_with_the_first_word() -> None:
    assert parts("  one two three four five", "  uno two three four five  ") == (
        ["one"],
        ["uno", "  "],
    )


@given(st.text("ab \t.", max_size=30), st.text("ab \t.", max_size=30))
def test_what_is_not_marked_is_common(before: str, after: str) -> None:
    found = changed_words(before, after)
    if found is None:
        return
    rest = []
    for text, spans in zip((before, after), found, strict=True):
        marked = {at for a, b in spans for at in range(a, b)}
        rest.append("".join(char for at, char in enumerate(text) if at not in marked))
    assert rest[0] == rest[1]


def test_a_hundred_thousand_lines() -> None:
    before = [f"line {number % 5000}" if number % 3 else "" for number in range(100_000)]
    after = [line if number % 97 else f"other {number}" for number, line in enumerate(before)]
    found = check("\n".join(before), "\n".join(after))
    assert found.added == found.removed >= 100_000 // 97
