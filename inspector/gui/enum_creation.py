"""Qt's enums are made in a quarter of the time the standard library takes for them.

The bindings make an enum with all of its members when the class it is in is first used, by
``enum.Flag("AlignmentFlag", [("AlignLeft", 1), ...])``: some 250 enums with 3,800 members until the
first rows, a sixth of the start. The standard library takes each member through steps that are of
use where members are written in a class (``auto()``, properties, values of any type). With
:func:`create_quickly` an enum whose members are whole numbers with plain names, which is all that
the bindings ask for, is made of the same parts without these steps, and is the same: every enum of
the bindings was compared (``tests/gui/test_enum_creation.py``).

What an enum is made of differs between versions of Python. So for each base one is made in both
ways first, with members of each sort: where they are not the same, and for any other enum, the
standard library's way is taken. They are the same in 3.11.2, 3.11.7, 3.12.1 and 3.13.0.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from enum import Enum, EnumType, Flag, IntEnum, IntFlag
from functools import reduce
from operator import or_
from typing import Any, Final

_CREATE: Final = "_create_"  #: what makes an enum of which name and members are given
#: Members of each sort: an alias, bits out of order, none and several of them.
_SAMPLE: Final = {"Two": 2, "One": 1, "Also": 2, "Three": 3, "None_": 0, "High": 1 << 31}
_BASES: Final = (Enum, IntEnum, Flag, IntFlag)


class _Template:
    """What all enums of a base have, taken from one without members."""

    def __init__(self, base: type[Enum], boundary: object) -> None:
        """Has the standard library make it.

        Args:
            base: ``Enum``, ``IntEnum``, ``Flag`` or ``IntFlag``.
            boundary: what a flag does with bits that have no name.
        """
        made = _by_standard_library(base, "Made", (), module=__name__, boundary=boundary)
        #: What is each enum's own, such as its members by name; empty without members.
        self.own = {name: type(one) for name, one in vars(made).items() if one in ([], {})}
        #: Not ``__new__``: a class takes what is given as that for something else.
        self.names = {k: v for k, v in vars(made).items() if k not in ("__new__", *self.own)}
        #: Names that a member cannot just be put under.
        self.taken = {"mro"}.union(*map(vars, made.__mro__))
        self.new: Any = vars(made)["__new__"]
        self.is_number = issubclass(base, int)
        self.is_flag = issubclass(base, Flag)
        self.is_right = self._is_right(base, boundary)

    def _is_right(self, base: type[Enum], boundary: object) -> bool:
        """Whether what is made here is what the standard library makes."""
        if not self.own.keys() >= {"_member_names_", "_member_map_", "_value2member_map_"}:
            return False
        sample = list(_SAMPLE.items())
        theirs = _by_standard_library(base, "Made", sample, module=__name__, boundary=boundary)
        return _parts(self.make(base, "Made", __name__, _SAMPLE)) == _parts(theirs)

    def fits(self, members: dict[str, Any]) -> bool:
        """Whether these members need none of the steps that are left out."""
        values = members.values()
        return (
            self.is_right
            and {int}.issuperset(map(type, values))
            and {str}.issuperset(map(type, members))
            and self.taken.isdisjoint(members)
            and not any(name.startswith("_") or not name for name in members)
            and not (self.is_flag and values and min(values) < 0)
        )

    def make(self, base: type[Enum], name: str, module: str, members: dict[str, int]) -> Any:
        """An enum with members that :meth:`fits`."""
        own: dict[str, Any] = {key: container() for key, container in self.own.items()}
        made: Any = type.__new__(
            EnumType, name, (base,), {**self.names, **own, "__module__": module}
        )
        put, new, is_number = type.__setattr__, object.__new__, self.is_number
        put(made, "__new__", self.new)
        ordered, by_name = own["_member_names_"], own["_member_map_"]
        by_value = own["_value2member_map_"]
        for key, value in members.items():
            member = by_value.get(value)
            if member is None:
                member = int.__new__(made, value) if is_number else new(made)
                member.__dict__.update(
                    _value_=value, _name_=key, __objclass__=made, _sort_order_=len(ordered)
                )
                by_value[value] = member
                # Of flags the names are those of single bits.
                if not self.is_flag or (value and not value & value - 1):
                    ordered.append(key)
            by_name[key] = member
            put(made, key, member)
        if self.is_flag:
            _count_bits(made, [by_name[key]._value_ for key in ordered], by_value)
        return made


def _parts(made: type[Enum]) -> dict[str, Any]:
    """All that an enum is made of, comparable with another one's."""
    return {name: _comparable(value, made) for name, value in vars(made).items()}


def _comparable(value: Any, made: type[Enum]) -> Any:
    if value is made:
        return None
    if isinstance(value, made):
        return [_comparable(one, made) for one in sorted(vars(value).items())]
    if isinstance(value, dict):
        return [_comparable(item, made) for item in value.items()]
    if isinstance(value, list | tuple):
        return [_comparable(one, made) for one in value]
    return getattr(value, "__func__", value)


_by_standard_library: Final[Callable[..., Any]] = vars(EnumType)[_CREATE]
_templates: Final[dict[tuple[type[Enum], object], _Template]] = {}


def _count_bits(made: Any, singles: list[int], values: Iterable[int]) -> None:
    put = type.__setattr__
    single, mask = reduce(or_, singles, 0), reduce(or_, values, 0)
    put(made, "_all_bits_", 2 ** mask.bit_length() - 1)
    if hasattr(made, "_singles_mask_"):
        put(made, "_flag_mask_", mask)
        put(made, "_singles_mask_", single)
    else:  # as in 3.11.2
        put(made, "_flag_mask_", single)
    if singles != sorted(singles):
        put(made, "_iter_member_", made._iter_member_by_def_)


def create_enum(
    base: type[Enum],
    class_name: str,
    names: Any,
    *,
    module: str | None = None,
    qualname: str | None = None,
    type: type | None = None,
    start: int = 1,
    boundary: Any = None,
) -> Any:
    """An enum: what ``EnumType._create_`` gives, of which these are the arguments.

    Raises:
        TypeError: a name is given twice, or the base has members.
        ValueError: a name is not allowed.
    """
    if module is None:
        # As it does it itself: that of whoever called the base.
        module = sys._getframe(2).f_globals.get("__name__")
    members = _members(names) if base in _BASES and type is None and qualname is None else None
    if members is not None and module:
        key = (base, boundary)
        template = _templates.get(key) or _templates.setdefault(key, _Template(base, boundary))
        if template.fits(members):
            return template.make(base, class_name, module, members)
    return _by_standard_library(
        *(base, class_name, names),
        **{"module": module, "qualname": qualname, "type": type},
        **{"start": start, "boundary": boundary},
    )


def _members(names: Any) -> dict[str, Any] | None:
    """Values by names, where it is pairs of them that were given, and each name once."""
    if not isinstance(names, list) or not {tuple}.issuperset(map(type, names)):
        return None
    try:
        members = dict(names)
    except (TypeError, ValueError):
        return None
    return members if len(members) == len(names) else None


def create_quickly() -> None:
    """Make enums of whole numbers this way from now on."""
    setattr(EnumType, _CREATE, create_enum)
