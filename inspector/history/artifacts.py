"""A skill version's artifact: whether it is there, is what its hash says, and what is in it.

Nothing is unpacked to disk; entries are read into memory up to a limit.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from inspector.decode.record_summary import text
from inspector.history.archive import ArchiveEntry, entries, open_archive
from inspector.history.record import Record
from inspector.store.rows import Cancel, check

#: The daemon's own override of where artifacts are.
VARIABLE: Final = "STORAGE_PATH"
_BLOCK: Final = 1 << 20
_LARGEST: Final = 1 << 30
_BESIDE: Final = ("", "-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Artifact:
    """What is known of an artifact.

    Attributes:
        key: ``status.artifact_storage_key``.
        expected: the version's hash, None where it has none.
        path: the file, None where there is none.
        size: bytes of the file.
        sha256: of the file; None where it could not be read whole.
        entries: what the archive lists.
        problem: one sentence about what is wrong, empty where nothing is.
    """

    key: str
    expected: str | None
    path: Path | None = None
    size: int | None = None
    sha256: str | None = None
    entries: tuple[ArchiveEntry, ...] = ()
    problem: str = ""

    @property
    def matches(self) -> bool | None:
        """Whether the file is what the hash says; None where that is not known."""
        if self.sha256 is None or self.expected is None:
            return None
        return self.sha256 == self.expected.lower()


def folders(
    store: Path, environment: Mapping[str, str] | None = None, home: Path | None = None
) -> list[Path]:
    """Where artifacts may lie: ``$STORAGE_PATH``, beside the store, the user's own storage."""
    named = (os.environ if environment is None else environment).get(VARIABLE, "")
    usual = (home or Path.home()) / ".stigmer" / "storage"
    found = [Path(named)] if named else []
    found += [Path(os.path.realpath(store)).parent / "storage", usual]
    # A store in the user's own folder lies beside the user's own storage.
    return list({os.path.realpath(folder): folder for folder in reversed(found)}.values())[::-1]


def artifact_of(
    record: Record, places: Sequence[Path], store: Path, cancel: Cancel | None = None
) -> Artifact | None:
    """The artifact of a skill's version; None where the record names none.

    Args:
        record: the version, decoded.
        places: folders to look in, the first that has it counts.
        store: the database, which is never opened this way.
        cancel: ends the reading when set.

    Raises:
        CancelledError: it was set.
    """
    if record.tree is None:
        return None
    root = record.tree.root
    key = text(root, "status", "artifact_storage_key") or text(root, "status", "artifactStorageKey")
    if key is None:
        return None
    expected = text(root, "status", "version_hash") or text(root, "status", "versionHash")
    return _look(key, expected, places, store, cancel)


def _look(
    key: str, expected: str | None, places: Sequence[Path], store: Path, cancel: Cancel | None
) -> Artifact:
    relative = PurePosixPath(key)
    if relative.is_absolute() or ".." in relative.parts or "\0" in key:
        return Artifact(key, expected, problem="Its key leads out of the storage; it is not read.")
    for folder in places:
        path = folder / relative
        try:
            facts = path.stat()
        except (OSError, ValueError):
            continue
        problem = _unsafe(path, facts, folder, store)
        if problem:
            return Artifact(key, expected, path, problem=problem)
        return _read(Artifact(key, expected, path, facts.st_size), cancel)
    looked = ", ".join(str(folder) for folder in places)
    return Artifact(key, expected, problem=f"Artifact not found. Looked in {looked}.")


def _unsafe(path: Path, facts: os.stat_result, folder: Path, store: Path) -> str:
    """Why a file is not opened; empty where it is."""
    if not stat.S_ISREG(facts.st_mode):
        return "It is not a regular file; it is not read."
    real = Path(os.path.realpath(path))
    if not real.is_relative_to(os.path.realpath(folder)):
        return "It is a link out of the storage; it is not read."
    # Opening the database another way would drop SQLite's locks on it.
    for suffix in _BESIDE:
        try:
            kept = Path(f"{os.path.realpath(store)}{suffix}").stat()
        except OSError:
            continue
        if (kept.st_dev, kept.st_ino) == (facts.st_dev, facts.st_ino):
            return "It is the store's own file; it is not read."
    if facts.st_size > _LARGEST:
        return f"It has {facts.st_size:,} bytes, which is too large to read."
    return ""


def _read(artifact: Artifact, cancel: Cancel | None) -> Artifact:
    assert artifact.path is not None
    try:
        with artifact.path.open("rb") as file:
            digest = _sha256(file, cancel)
            listed, problem = _listed(file, cancel)
    except OSError as error:
        why = error.strerror or str(error)
        return Artifact(
            artifact.key, artifact.expected, artifact.path, artifact.size,
            problem=f"It cannot be read: {why}.",
        )  # fmt: skip
    return Artifact(
        artifact.key, artifact.expected, artifact.path, artifact.size, digest, listed, problem
    )


def _sha256(file: BinaryIO, cancel: Cancel | None) -> str:
    digest = hashlib.sha256()
    while block := file.read(_BLOCK):
        check(cancel)
        digest.update(block)
    return digest.hexdigest()


def _listed(file: BinaryIO, cancel: Cancel | None) -> tuple[tuple[ArchiveEntry, ...], str]:
    archive = open_archive(file)
    if isinstance(archive, str):
        return (), archive
    with archive:
        found = []
        for entry in entries(archive):
            check(cancel)
            found.append(entry)
    return tuple(found), ""


@dataclass(frozen=True, slots=True)
class EntryPair:
    """An entry in two artifacts, None where it is in one only."""

    name: str
    before: ArchiveEntry | None
    after: ArchiveEntry | None

    @property
    def change(self) -> str:
        """``same`` (size and checksum), ``changed``, ``added`` or ``removed``."""
        if self.before is None:
            return "added"
        if self.after is None:
            return "removed"
        same = (self.before.size, self.before.crc) == (self.after.size, self.after.crc)
        return "same" if same else "changed"


def compare(before: Artifact, after: Artifact) -> list[EntryPair]:
    """The entries of two artifacts by name; of a name that stands twice, in order."""
    old, new = _by_name(before.entries), _by_name(after.entries)
    names = sorted({**old, **new})
    return [EntryPair(name[0], old.get(name), new.get(name)) for name in names]


def _by_name(listed: Iterable[ArchiveEntry]) -> dict[tuple[str, int], ArchiveEntry]:
    found: dict[tuple[str, int], ArchiveEntry] = {}
    for entry in listed:
        repeat = 0
        while (entry.name, repeat) in found:
            repeat += 1
        found[entry.name, repeat] = entry
    return found
