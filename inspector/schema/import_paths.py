"""Which file an import means, where nobody says from which folder on it counts."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from google.protobuf.descriptor_pb2 import FileDescriptorProto


class ImportPaths:
    """The files of a folder, of which only their paths are known.

    Attributes:
        read: the files to be read: not those that are supplied anyway, and of copies the one with
            the shortest path.
    """

    def __init__(
        self, files: Sequence[tuple[str, bytes]], supplied: Collection[str], above: str = ""
    ) -> None:
        """Looks at the paths.

        Args:
            files: path from a folder on, with slashes, and content of each.
            supplied: names of the files that need not be there.
            above: path of that folder, since imports may count from one around it.
        """
        self._supplied = supplied
        self._above = f"{above}/" if above else ""
        self._ending: dict[str, list[str]] = {}
        self._same: dict[str, str] = {}
        first: dict[tuple[str, bytes], str] = {}
        self.read: list[str] = []
        for name, content in sorted(files, key=lambda file: (file[0].count("/"), file[0])):
            endings = _endings(self._above + name)
            if any(ending in supplied for ending in endings):
                continue
            last = name.rpartition("/")[2]
            self._same[name] = first.setdefault((last, content), name)
            if self._same[name] == name:
                self.read.append(name)
            for ending in endings:
                self._ending.setdefault(ending, []).append(name)

    def settle(self, file: FileDescriptorProto) -> None:
        """Gives the imports of a file the paths of the files they mean.

        An import counts from the folder on. Where no file lies there, it means the one whose path
        ends so; of several the one that counts from a folder around the importing file. Where that
        does not decide it means none.
        """
        for imports in (file.dependency, file.option_dependency):
            for index, name in enumerate(imports):
                imports[index] = self._meant(name, file.name)

    def _meant(self, imported: str, importing: str) -> str:
        if imported in self._supplied:
            return imported
        if imported in self._same:
            return self._same[imported]
        found = {self._same[name] for name in self._ending.get(imported, ())}
        if len(found) > 1:
            around = {
                self._same[name]
                for name in self._ending[imported]
                if (self._above + importing).startswith((self._above + name).removesuffix(imported))
            }
            found = around or found
        return found.pop() if len(found) == 1 else imported


def _endings(name: str) -> list[str]:
    """The path, and what is left of it without the first folders."""
    parts = name.split("/")
    return ["/".join(parts[index:]) for index in range(len(parts))]
