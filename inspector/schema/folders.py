"""The files of a folder that nobody vouches for, within bounds."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from inspector.errors import SchemaError
from inspector.named_tuple import NamedTuple
from inspector.schema import bounds
from inspector.schema.bounds import read_bounded, shown
from inspector.store.rows import Cancel, check

_LOOKED_AT: Final = 30_000  #: files and folders, whatever their names
_DEPTH: Final = 32  #: folders in folders
_HINT: Final = "Choose the folder that holds the schema alone."


class FolderFiles(NamedTuple):
    """The files of a folder.

    Attributes:
        names: paths from the folder on, with slashes, in order.
        problems: a sentence for what was passed over.
    """

    names: list[str]
    problems: list[str]


def files(
    folder: Path, name: str, endings: tuple[str, ...], cancel: Cancel | None = None
) -> FolderFiles:
    """The files with one of some endings, in the folder and all folders in it.

    Hidden files and folders, whose names begin with a dot, are passed over. Links to folders are
    not followed, and that is said.

    Args:
        folder: where to look.
        name: what it is called in a sentence.
        endings: how the names end.
        cancel: ends it when set.

    Raises:
        CancelledError: it was cancelled.
        SchemaError: it cannot be read, or holds more than is read.
    """
    found: list[str] = []
    links: list[str] = []
    looked_at = 0
    pending = [("", 0)]
    while pending:
        check(cancel)
        prefix, depth = pending.pop()
        try:
            with os.scandir(folder / prefix) as entries:
                for entry in entries:
                    looked_at += 1
                    if looked_at > _LOOKED_AT:
                        most = f"{_LOOKED_AT:,}"
                        raise SchemaError(f"{name} holds more than {most} files.", _HINT)
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        pending.append((f"{prefix}{entry.name}/", depth + 1))
                    elif entry.name.endswith(endings):
                        found.append(prefix + entry.name)
                    elif entry.is_symlink() and entry.is_dir():
                        links.append(prefix + entry.name)
        except OSError as error:
            where = shown(f"{name}/{prefix}".rstrip("/"))
            why = error.strerror or error
            raise SchemaError(f"The folder {where} cannot be read: {why}.") from None
        if depth > _DEPTH:
            raise SchemaError(f"{name} has folders more than {_DEPTH} levels deep.", _HINT)
        if len(found) > bounds.FOLDER_FILES:
            most = f"{bounds.FOLDER_FILES:,}"
            raise SchemaError(
                f"{name} holds more than the {most} files that are read of a schema.", _HINT
            )
    problems = [f"{shown(link)} is a link to a folder, which was not followed." for link in links]
    return FolderFiles(sorted(found), sorted(problems))


def contents(
    folder: Path,
    name: str,
    names: Iterable[str],
    most: tuple[int, int],
    cancel: Cancel | None = None,
) -> list[tuple[str, bytes]]:
    """Names and contents of files.

    Args:
        folder: where they lie.
        name: what it is called in a sentence.
        names: as :func:`files` gives them.
        most: the largest size of one in bytes, and of all.
        cancel: ends it when set.

    Raises:
        CancelledError: it was cancelled.
        SchemaError: one cannot be read, or they are larger than what is read.
    """
    found: list[tuple[str, bytes]] = []
    size = 0
    for one in names:
        check(cancel)
        data = read_bounded(folder / one, most[0], shown(one))
        size += len(data)
        if size > most[1]:
            raise SchemaError(
                f"{name} holds more than the {most[1] >> 20} MiB that are read of a schema.", _HINT
            )
        found.append((one, data))
    return found
