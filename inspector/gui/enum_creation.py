"""Qt's enums are made in a quarter of the time the standard library takes for them.

The bindings make an enum with all of its members when the class it is in is first used, by
``enum.Flag("AlignmentFlag", [("AlignLeft", 1), ...])``: some 250 enums with 3,800 members until the
first rows, a sixth of the start. The standard library takes each member through steps that are of
use where members are written in a class (``auto()``, properties, values of any type). With
:func:`create_quickly` an enum whose members are whole numbers with plain names, which is all that
the bindings ask for, is made of the same parts without these steps, and is the same: every enum of
the bindings was compared (``tests/gui/test_enum_creation.py``).

That holds for the versions of Python in ``_KNOWN`` alone, whose ``EnumType`` was looked through.
With any other one, and for any other enum, the standard library's way is taken.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import Enum, EnumType, Flag, IntEnum, IntFlag
from typing import Any, Final

#: Versions of Python of which is known what an enum is made of.
_KNOWN: Final = ((3, 11),)
_CREATE: Final = "_create_"  #: what makes an enum of which name and members are given
#: What each enum has of its own.
_OWN: Final = ("_member_names_", "_member_map_", "_value2member_map_", "_unhashable_values_")

_BASES: Final = (Enum, IntEnum, Flag, IntFlag)


class _Template:
    """What all enums of a base have, taken from one without members."""

    def __init__(self, base: type[Enum], boundary: object) -> None:
        """Has the standard library make it.

        Args:
            base: ``Enum``, ``IntEnum``, ``Flag`` or ``IntFlag``.
            boundary: what a flag does with bits that have no name.
        """
        made = _by_standard_library(base, "Template", (), module=__name__, boundary=boundary)
        names = dict(vars(made))
        #: Functions that a class would take for its methods under these names, and change.
        self.later = {"__new__": names.pop("__new__")}
        self.names = {name: value for name, value in names.items() if name not in _OWN}
        #: Names that a member cannot just be put under.
        self.taken = {"mro"}.union(*map(vars, made.__mro__))
        self.is_number = issubclass(base, int)
        self.is_flag = issubclass(base, Flag)

    def fits(self, members: dict[str, Any]) -> bool:
        """Whether these members need none of the steps that are left out."""
        values = members.values()
        return (
            {int}.issuperset(map(type, values))
            and {str}.issuperset(map(type, members))
            and self.taken.isdisjoint(members)
            and not any(name.startswith("_") or not name for name in members)
            and not (self.is_flag and values and min(values) < 0)
        )

    def make(self, base: type[Enum], name: str, module: str, members: dict[str, int]) -> Any:
        """An enum with members that :meth:`fits`."""
        ordered: list[str] = []
        by_name: dict[str, Any] = {}
        by_value: dict[int, Any] = {}
        own = dict(zip(_OWN, (ordered, by_name, by_value, []), strict=True))
        parts = {**self.names, **own, "__module__": module}
        made: Any = type.__new__(EnumType, name, (base,), parts)
        put, new, is_number = type.__setattr__, object.__new__, self.is_number
        for key, value in self.later.items():
            put(made, key, value)
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


_by_standard_library: Final[Callable[..., Any]] = vars(EnumType)[_CREATE]
_templates: Final[dict[tuple[type[Enum], object], _Template]] = {}


def _count_bits(made: Any, singles: list[int], values: dict[int, Any]) -> None:
    mask = single = 0
    for value in values:
        mask |= value
    for value in singles:
        single |= value
    put = type.__setattr__
    put(made, "_flag_mask_", mask)
    put(made, "_singles_mask_", single)
    put(made, "_all_bits_", 2 ** mask.bit_length() - 1)
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
    """Make enums of whole numbers this way from now on, where the version of Python is known."""
    if sys.version_info[:2] in _KNOWN:
        setattr(EnumType, _CREATE, create_enum)
