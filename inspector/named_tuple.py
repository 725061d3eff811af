"""Named tuples as ``typing`` has them, made in a sixth of the time.

``typing.NamedTuple`` compiles and checks the annotation of each field, which nothing here asks
for, and ``collections.namedtuple`` compiles a constructor for each class. Here there is one for
each number of fields, in which each class has its own names. Some hundred and thirty are made
before a window shows its first rows: that took more than a seventh of the start, and a tenth of
what ``show`` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["NamedTuple"]

if TYPE_CHECKING:
    from typing import NamedTuple  # noqa: TID251 - the one place
else:
    from collections import namedtuple
    from functools import cache
    from types import FunctionType

    @cache
    def _template(count):  # noqa: ANN001, ANN202 - typing says
        """A named tuple of so many fields, of which others are made that have other names."""
        return namedtuple("template", [f"field{number}" for number in range(count)])

    def _replace(self, /, **changed):  # noqa: ANN001, ANN003, ANN202
        """A tuple with other values in some of its fields."""
        made = self._make(map(changed.pop, self._fields, self))
        if changed:
            raise ValueError(f"Got unexpected field names: {list(changed)!r}")
        return made

    def _repr(self):  # noqa: ANN001, ANN202
        """The name of the class, and each field with its value."""
        words = ", ".join(map("{}={!r}".format, self._fields, self))
        return f"{type(self).__name__}({words})"

    def _made(name, fields, defaults):  # noqa: ANN001, ANN202
        """What ``collections.namedtuple`` makes: the template with other names of its fields."""
        template = _template(len(fields))
        members = dict(vars(template))
        own = [
            (one, members.pop(field)) for one, field in zip(fields, template._fields, strict=True)
        ]
        members.update(own, _fields=fields, _field_defaults=defaults, __match_args__=fields)
        # It puts its arguments into a tuple, whatever they are called.
        new = template.__new__
        code = new.__code__.replace(co_varnames=("_cls", *fields))
        made = FunctionType(code, new.__globals__, "__new__", tuple(defaults.values()))
        made.__qualname__ = f"{name}.__new__"
        members.update(__new__=made, __repr__=_repr)
        members.update({one: _replace for one in ("_replace", "__replace__") if one in members})
        return type(name, (tuple,), members)

    class _Maker(type):
        """Makes of a class statement what ``collections.namedtuple`` makes, with its methods."""

        def __new__(mcs, name, bases, namespace):  # noqa: ANN001, ANN204 - typing says
            if not bases:
                return super().__new__(mcs, name, bases, namespace)
            fields = tuple(namespace["__annotations__"])
            defaults = {one: namespace.pop(one) for one in fields if one in namespace}
            made = _made(name, fields, defaults)
            if len(bases) > 1:  # Generic
                return type(name, (made, *bases[1:]), {"__slots__": (), **namespace})
            for key, value in namespace.items():
                setattr(made, key, value)
            return made

    class NamedTuple(metaclass=_Maker):
        """A tuple whose fields have names: see ``typing.NamedTuple``."""
