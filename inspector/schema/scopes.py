"""Which declaration a name stands for, by protobuf's rules of scope."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final

from google.protobuf.descriptor_pb2 import DescriptorProto, FileDescriptorProto

from inspector.named_tuple import NamedTuple


class Symbol(Enum):
    """What a full name stands for, as far as that matters for finding others."""

    MESSAGE = "message"
    ENUM = "enum"
    SERVICE = "service"
    EXTENSION = "extension"


class Declaration(NamedTuple):
    """A declaration and the name of its file."""

    symbol: Symbol
    file: str


class Meaning(NamedTuple):
    """What a name stands for.

    Attributes:
        full_name: without a leading dot, empty where there is no such declaration.
        symbol: what that is, None where there is none.
        certain: whether a file that is not there could not change it.
    """

    full_name: str
    symbol: Symbol | None
    certain: bool = True


#: Where the rest of a name may be found; an extension is found by its last part only.
_SCOPES: Final = (Symbol.MESSAGE, Symbol.ENUM, Symbol.SERVICE)
_TYPES: Final = (Symbol.MESSAGE, Symbol.ENUM)
_NOTHING: Final = Meaning("", None)


class Scopes:
    """The declarations of some files, and who sees which of them."""

    def __init__(self, files: Mapping[str, FileDescriptorProto]) -> None:
        self._files = files
        self._places: dict[str, Declaration] = {}
        self._packages: dict[str, set[str]] = {}
        self._public: dict[str, list[str]] = {}
        self._seen: tuple[str, frozenset[str], bool] = ("", frozenset(), True)
        self._known: dict[tuple[str, str, tuple[Symbol, ...]], Meaning] = {}
        for name, file in files.items():
            self._add(name, file)
            imports = list(file.dependency)
            self._public[name] = [imports[index] for index in file.public_dependency]

    def _add(self, name: str, file: FileDescriptorProto) -> None:
        prefix = f"{file.package}." if file.package else ""
        package = file.package
        while package:
            self._packages.setdefault(package, set()).add(name)
            package = package.rpartition(".")[0]
        services = ((Symbol.SERVICE, one.name) for one in file.service)
        enums = ((Symbol.ENUM, one.name) for one in file.enum_type)
        extensions = ((Symbol.EXTENSION, one.name) for one in file.extension)
        for symbol, last in (*services, *enums, *extensions):
            self._places.setdefault(prefix + last, Declaration(symbol, name))
        pending = [(prefix, message) for message in file.message_type]
        while pending:
            scope, message = pending.pop()
            self._add_message(scope, message, name)
            inner = f"{scope}{message.name}."
            pending += ((inner, nested) for nested in message.nested_type)

    def _add_message(self, scope: str, message: DescriptorProto, name: str) -> None:
        full_name = scope + message.name
        self._places.setdefault(full_name, Declaration(Symbol.MESSAGE, name))
        for enum in message.enum_type:
            self._places.setdefault(f"{full_name}.{enum.name}", Declaration(Symbol.ENUM, name))
        for extension in message.extension:
            place = Declaration(Symbol.EXTENSION, name)
            self._places.setdefault(f"{full_name}.{extension.name}", place)

    def place(self, full_name: str) -> Declaration | None:
        """The declaration of a full name, None where there is none."""
        return self._places.get(full_name)

    def resolve(
        self, name: str, scope: str, file: str, wanted: tuple[Symbol, ...] = _TYPES
    ) -> Meaning:
        """What a name stands for where it is written.

        Args:
            name: as it is written; with a leading dot it is a full name.
            scope: full name of what it is written in.
            file: the file it is written in, which sees itself and what it imports.
            wanted: what it may be; the search for a name of one part goes on past all else.
        """
        if name.startswith("."):
            return self._full(name[1:], file, wanted)
        visible, complete = self._visible(file)
        place = name, scope, wanted
        if place not in self._known:
            package = self._files[file].package
            self._known[place] = self._search(name, scope, package, visible, complete, wanted)
        return self._known[place]

    def _search(
        self,
        name: str,
        scope: str,
        package: str,
        visible: frozenset[str],
        complete: bool,
        wanted: tuple[Symbol, ...],
    ) -> Meaning:
        """Looks in one scope after the other, from the innermost on."""
        first, dot, rest = name.partition(".")
        while True:
            prefix = f"{scope}." if scope else ""
            meaning = self._within(prefix + first, dot + rest, visible, wanted)
            if meaning is not None:
                # A file that is not there could have declared it in a scope further in; in the
                # package of this very file it would then be declared twice. Names are commonly
                # written from the outermost package on, where nobody would hide their first part.
                sure = complete or len(scope) >= len(package) or (not scope and bool(rest))
                return meaning._replace(certain=sure)
            if not scope:
                return _NOTHING._replace(certain=complete)
            scope = scope.rpartition(".")[0]

    def _full(self, full_name: str, file: str, wanted: tuple[Symbol, ...]) -> Meaning:
        """Whatever file declares it: compiled descriptors need not name what they import."""
        place = self._places.get(full_name)
        if place is None or place.symbol not in wanted:
            return _NOTHING._replace(certain=self._visible(file)[1])
        return Meaning(full_name, place.symbol)

    def _within(
        self, first: str, rest: str, visible: frozenset[str], wanted: tuple[Symbol, ...]
    ) -> Meaning | None:
        """What the name stands for if its first part is declared as ``first``, else None."""
        symbol = self._look(first, visible)
        if not rest:
            return Meaning(first, symbol) if symbol in wanted else None
        if symbol not in _SCOPES and not self._packages.get(first, set()) & visible:
            return None
        # The first part decides: what is further out under the same name is hidden by it.
        found = self._look(first + rest, visible)
        return Meaning(first + rest, found) if found in wanted else _NOTHING

    def _look(self, full_name: str, visible: frozenset[str]) -> Symbol | None:
        place = self._places.get(full_name)
        return place.symbol if place is not None and place.file in visible else None

    def _visible(self, name: str) -> tuple[frozenset[str], bool]:
        """The files whose declarations a file sees, and whether all of them are there."""
        if self._seen[0] != name:
            file = self._files[name]
            visible, complete = {name}, True
            pending = [*file.dependency, *file.option_dependency]
            while pending:
                imported = pending.pop()
                if imported in visible:
                    continue
                if imported not in self._files:
                    complete = False
                    continue
                visible.add(imported)
                pending += self._public[imported]
            self._known.clear()
            self._seen = name, frozenset(visible), complete
        return self._seen[1:]
