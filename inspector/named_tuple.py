"""Named tuples as ``typing`` has them, made in a third of the time.

``typing.NamedTuple`` compiles and checks the annotation of each field, which nothing here asks
for. Some two hundred are made before a window shows its first rows: that took a seventh of the
start, and a tenth of what ``show`` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["NamedTuple"]

if TYPE_CHECKING:
    from typing import NamedTuple  # noqa: TID251 - the one place
else:
    from collections import namedtuple

    class _Maker(type):
        """Makes of a class statement what ``collections.namedtuple`` makes, with its methods."""

        def __new__(mcs, name, bases, namespace):  # noqa: ANN001, ANN204 - typing says
            if not bases:
                return super().__new__(mcs, name, bases, namespace)
            fields = namespace["__annotations__"]
            defaults = [namespace.pop(one) for one in fields if one in namespace]
            made = namedtuple(name, fields, defaults=defaults)
            if len(bases) > 1:  # Generic
                return type(name, (made, *bases[1:]), {"__slots__": (), **namespace})
            for key, value in namespace.items():
                setattr(made, key, value)
            return made

    class NamedTuple(metaclass=_Maker):
        """A tuple whose fields have names: see ``typing.NamedTuple``."""
