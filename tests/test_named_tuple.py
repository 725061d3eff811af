"""Named tuples: what is made of a class statement is what ``typing`` makes of it."""

from __future__ import annotations

import pickle
import typing
from typing import Any, Generic, TypeVar

import pytest

from inspector.named_tuple import NamedTuple

T = TypeVar("T")


class Own(NamedTuple):
    """A line."""

    kind: str
    size: int | None = None
    parts: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        return f"{self.kind} {self.size}"

    @classmethod
    def empty(cls) -> Own:
        return cls("")


class Typings(typing.NamedTuple):
    """A line."""

    kind: str
    size: int | None = None
    parts: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        return f"{self.kind} {self.size}"

    @classmethod
    def empty(cls) -> Typings:
        return cls("")


class Several(NamedTuple, Generic[T]):
    """Of any type."""

    rows: tuple[T, ...]
    more: bool = False

    def first(self) -> T:
        return self.rows[0]


#: Of a class what differs with its name, or is what typing asks the annotations for.
_OF_ITS_NAME = {"__annotations__", "__orig_bases__", "__qualname__", "empty", "words"}


def test_a_class_is_what_typing_makes_of_it() -> None:
    assert Own.__mro__[1:] == (tuple, object)
    assert set(vars(Own)) | {"__orig_bases__"} == set(vars(Typings)) | {"__orig_bases__"}
    for name in set(vars(Typings)) - _OF_ITS_NAME:
        ours, theirs = getattr(Own, name), getattr(Typings, name)
        if isinstance(theirs, str | tuple | dict | type(None)):
            assert repr(ours) == repr(theirs).replace("Typings", "Own"), name
    assert set(Own.__annotations__) == set(Typings.__annotations__)
    assert Own.__qualname__ == "Own"


@pytest.mark.parametrize("made", [Own, Typings])
def test_values_have_names_defaults_and_methods(made: Any) -> None:
    one = made("agent", parts=("a",))
    assert one == ("agent", None, ("a",))
    assert one._replace(size=3).words == "agent 3"
    assert repr(one) == f"{made.__name__}(kind='agent', size=None, parts=('a',))"
    assert made.empty() == made("")
    assert pickle.loads(pickle.dumps(one)) == one
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'kind'"):
        made()
    with pytest.raises(AttributeError):
        one.size = 4


def test_a_generic_one_has_parameters_and_no_dictionary() -> None:
    one = Several[str](("a", "b"))
    assert (one.first(), one.more) == ("a", False)
    assert isinstance(one, Several)
    assert one._replace(more=True) == (("a", "b"), True)
    assert not hasattr(one, "__dict__")
    assert Several.__doc__ == "Of any type."


def test_a_class_keeps_its_doc_and_module() -> None:
    assert (Own.__doc__, Own.__module__) == ("A line.", __name__)
