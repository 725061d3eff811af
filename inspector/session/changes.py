"""What each version of a resource changed."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.decode.node import Tree
from inspector.history.difference import difference
from inspector.history.versions import Version
from inspector.session.session import Session
from inspector.store.types import Cancel


def summaries(
    session: Session, versions: Sequence[Version], cancel: Cancel | None = None
) -> list[list[str] | None]:
    """For each version the paths that differ from the one before it.

    Args:
        session: the store.
        versions: a whole history, newest first.
        cancel: ends it when set.

    Returns:
        None for the oldest version, and where one of the two does not decode.
    """
    found: list[list[str] | None] = [None] * len(versions)
    older: Tree | None = None
    for index in range(len(versions) - 1, -1, -1):
        version = versions[index]
        tree = session.record(version.kind, version.id, version, cancel).tree
        if tree is not None and tree.malformed:
            tree = None
        if tree is not None and older is not None:
            found[index] = [entry.path for entry in difference(older, tree).entries]
        older = tree
    return found
