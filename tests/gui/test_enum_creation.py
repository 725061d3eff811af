"""Enums that are made quickly are the ones that the standard library makes."""

from __future__ import annotations

import copy
import enum
import pickle
import subprocess
import sys
from enum import KEEP, STRICT, Enum, Flag, IntEnum, IntFlag
from types import MethodType
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.gui import enum_creation
from inspector.gui.enum_creation import create_enum
from tests.places import ROOT

_BASES: Final = (Enum, IntEnum, Flag, IntFlag)
_standard: Final = enum_creation._by_standard_library

#: Makes each enum of Qt's bindings in both ways, as they ask for them, and compares the two.
_ALL: Final = """
import importlib, sys
from enum import EnumType
from tests.gui.test_enum_creation import parts
from inspector.gui import enum_creation

standard = vars(EnumType)["_create_"]
enum_creation.create_quickly()
quick = vars(EnumType)["_create_"]
made = members = 0

def both(base, name, names, *, module=None, **more):
    global made, members
    module = module or sys._getframe(2).f_globals["__name__"]
    one = quick(base, name, names, module=module, **more)
    assert parts(one) == parts(standard(base, name, names, module=module, **more)), one
    made, members = made + 1, members + len(one.__members__)
    return one

EnumType._create_ = both
for name in ("QtCore", "QtGui", "QtWidgets", "QtSvg"):
    module = importlib.import_module(f"PySide6.{name}")
    for each in dir(module):
        # Enums are made when the class they are in is first looked at.
        getattr(module, each)
print(made > 400, members > 5000, quick is standard)
"""


def parts(made: type[Enum]) -> dict[str, Any]:
    """All that an enum is made of, comparable with another one's."""
    return {
        "bases": made.__mro__[1:],
        "names": (made.__name__, made.__qualname__),
        **{name: _comparable(value, made) for name, value in vars(made).items()},
    }


def _comparable(value: object, made: type[Enum]) -> object:
    if value is made:
        return "itself"
    if isinstance(value, made):
        return type(value) is made, {k: _comparable(v, made) for k, v in vars(value).items()}
    if isinstance(value, dict):
        return [(key, _comparable(each, made)) for key, each in value.items()]
    if isinstance(value, list):
        return [_comparable(each, made) for each in value]
    if isinstance(value, MethodType):
        return value.__func__, _comparable(value.__self__, made)
    if isinstance(value, staticmethod):
        return value.__func__
    if isinstance(value, enum.property):
        return value.fget, _comparable(vars(value).get("member"), made)
    return value


def test_each_enum_of_the_bindings_is_the_same() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _ALL],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
    )
    assert done.stderr == ""
    assert done.stdout == "True True False\n"


_NAMES: Final = st.sampled_from(
    [
        *(
            "A",
            "B",
            "C",
            "Some",
            "None_",
            "name",
            "value",
            "real",
            "numerator",
            "bit_length",
            "mro",
        ),
        *("", "_one_", "__two", "__three__", "_missing_", "_Made__four", "_generate_next_value_"),
    ]
)
_VALUES: Final = st.integers(-2, 9) | st.sampled_from(
    [1 << 31, 0xFFFFFFFF, 1 << 70, True, "x", 1.0]
)


@given(
    st.sampled_from(_BASES),
    st.lists(st.tuples(_NAMES, _VALUES), max_size=8),
    st.sampled_from([None, KEEP, STRICT]),
)
def test_it_is_the_same_or_fails_the_same(
    base: type[Enum], names: list[tuple[str, Any]], boundary: Any
) -> None:
    answers = []
    for way in (create_enum, _standard):
        try:
            made = way(base, "Made", names, module="here", boundary=boundary)
            answers.append(parts(made))
        except Exception as error:
            answers.append({"error": (type(error), str(error))})
    assert answers[0] == answers[1]


@pytest.mark.parametrize("names", ["A B", ["A", "B"], {"A": 1, "B": 4}, (("A", 1), ("B", 4)), []])
@pytest.mark.parametrize("base", _BASES)
def test_other_ways_to_name_members_are_understood(base: type[Enum], names: Any) -> None:
    quick, standard = (way(base, "Made", names, module="here") for way in (create_enum, _standard))
    assert parts(quick) == parts(standard)


def test_what_is_made_can_be_used() -> None:
    made: Any = create_enum(
        Flag, "Made", [("A", 1), ("B", 2), ("AB", 3)], module=__name__, boundary=KEEP
    )
    assert made.A | made.B is made.AB
    assert list(made.AB) == [made.A, made.B]
    assert ~made.A == made.B
    assert made(8).value == 8
    assert made["B"] in made.AB
    assert repr(made.A | made(4)) == "<Made.A|4: 5>"
    assert copy.deepcopy(made.A) is made.A
    number: Any = create_enum(IntEnum, "Number", [("One", 1), ("Uno", 1)], module=__name__)
    assert number.Uno is number.One == 1
    assert f"{number.One}" == "1"
    globals()["Number"] = number
    assert pickle.loads(pickle.dumps(number.One)) is number.One
    with pytest.raises(AttributeError, match="cannot reassign member"):
        number.One = 2
    with pytest.raises(TypeError, match="cannot extend"):
        create_enum(number, "More", [("Two", 2)], module=__name__)


def test_where_it_would_differ_the_standard_library_makes_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def later(*arguments: Any, **more: Any) -> Any:
        made = _standard(*arguments, **more)
        made.more = len(made)  # as another version of Python might have it
        return made

    monkeypatch.setattr(enum_creation, "_templates", {})
    monkeypatch.setattr(enum_creation, "_by_standard_library", later)
    made: Any = create_enum(IntEnum, "Made", [("A", 1)], module="here")
    assert made.more == 1
