"""What Qt's bindings need to say how a call is wrong is loaded after the first rows, not before.

At import they unpack modules out of an archive within the library and compile them, every time: a
sixth of what a start does until the first rows. All that these make are signatures, help and the
sentences of a ``TypeError``. With :func:`signatures_later` there are stand-ins in their place until
one is called, or until :func:`load_later`, which a window does after its first rows.

So it is for the versions in ``_KNOWN`` alone, of which the library was looked through: it takes
eight functions of the module ``loader``, and the names of ``mapping`` by ``update_mapping`` there.
With any other, and where the modules lie beside the library as files (``SBK_EMBED=0``), nothing is
changed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from threading import RLock, Thread
from types import ModuleType
from typing import Any, Final

#: Versions of the bindings of which is known what their library takes of the modules.
_KNOWN: Final = ((6, 11), (6, 12))
_PACKAGE: Final = "shibokensupport.signature"
_BOOTSTRAP: Final = "signature_bootstrap"  #: the module of the library that unpacks the others
_LOADER: Final = f"{_PACKAGE}.loader"
_MAPPING: Final = f"{_PACKAGE}.mapping"
#: What the library takes of each module: at import of ``loader``, with the first mistake of the
#: other, which it looks up in ``sys.modules`` without importing it.
_TAKEN: Final = {
    _LOADER: (
        *("pyside_type_init", "create_signature", "seterror_argument", "make_helptext"),
        *("feature_import", "feature_imported"),
    ),
    _MAPPING: ("update_mapping",),
}


class _Signatures:
    """The modules that are not loaded yet, and the library's finder that has them."""

    def __init__(self, finder: Any) -> None:
        self._finder = finder
        self._bootstrap = sys.modules[_BOOTSTRAP]
        self._lock = RLock()
        self._finished: list[ModuleType] = []
        self._modules = {name: self._stand_in(name) for name in _TAKEN}
        self._loaded = False

    @property
    def loader(self) -> ModuleType:
        """What stands in for the module the library begins with."""
        return self._modules[_LOADER]

    def publish(self) -> None:
        """Put the other module where the library looks for it."""
        sys.modules[_MAPPING] = self._modules[_MAPPING]

    def load(self) -> None:
        """Load them into the stand-ins, whose names are then what they are without us."""
        with self._lock:
            if self._loaded:
                return
            self._loaded = True  # what they call meanwhile is theirs already
            sys.modules.setdefault(_BOOTSTRAP, self._bootstrap)
            # Not changed in place: another thread may be going through it.
            sys.meta_path = [self._finder, *sys.meta_path]
            try:
                # In the order in which the second needs the first.
                for name in (_MAPPING, _LOADER):
                    self._finder.exec_module(self._modules[name])
            finally:
                sys.meta_path = [one for one in sys.meta_path if one is not self._finder]
            for module in self._finished:
                vars(self.loader)["finish_import"](module)

    def _stand_in(self, name: str) -> ModuleType:
        module = ModuleType(name)
        names = vars(module)
        names["__spec__"] = ModuleSpec(name, self._finder)
        for function in _TAKEN[name]:
            names[function] = self._forwarding(names, function)
        if name == _LOADER:
            names["finish_import"] = self._finished.append
            names["post_init"] = _nothing  # what it does to imports, the launcher undoes
        return module

    def _forwarding(self, names: dict[str, Any], function: str) -> Callable[..., Any]:
        def forward(*arguments: Any, **named: Any) -> Any:
            self.load()
            return names[function](*arguments, **named)

        return forward


def _nothing() -> None:
    pass


class _Finders(list[Any]):
    """The finders of modules, of which the first stays the first."""

    def insert(self, index: Any, finder: Any) -> None:
        """Insert behind it."""
        super().insert(int(index) + 1, finder)


class _StandInFinder:
    """Finds the stand-in of the loader, once, in place of the library's finder."""

    def __init__(self) -> None:
        self.signatures: _Signatures | None = None

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> Any:
        """The stand-in where it is the loader that is asked for, and out of the library."""
        if name != _LOADER or self.signatures is not None or not _is_known():
            return None
        finder = next((one for one in sys.meta_path if type(one).__module__ == _BOOTSTRAP), None)
        if finder is None:
            return None
        self.signatures = _Signatures(finder)
        return ModuleSpec(name, self)  # type: ignore[arg-type]  # it answers what is asked of it

    def create_module(self, _spec: ModuleSpec) -> ModuleType:
        """The stand-in."""
        assert self.signatures is not None
        return self.signatures.loader

    def exec_module(self, _module: ModuleType) -> None:
        """Nothing is to be executed yet."""
        assert self.signatures is not None
        self.signatures.publish()


def _is_known() -> bool:
    version = getattr(sys.modules.get("shiboken6"), "__version_info__", ())
    return tuple(version[:2]) in _KNOWN


_signatures: list[_Signatures] = []


@contextmanager
def signatures_later() -> Iterator[None]:
    """Within it the bindings are imported without what they need for signatures."""
    plain, ours = sys.meta_path, _StandInFinder()
    sys.meta_path = _Finders([ours, *plain])
    try:
        yield
    finally:
        plain[:] = [finder for finder in sys.meta_path if finder is not ours]
        sys.meta_path = plain
        if ours.signatures is not None:
            _signatures.append(ours.signatures)


def load_later() -> None:
    """Load what was left out, if it was, in a thread of its own: some 40 ms of work."""
    if _signatures:
        Thread(target=_signatures.pop().load, name="signatures", daemon=True).start()
