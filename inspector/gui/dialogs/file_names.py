"""The names that files are proposed under when something is exported."""

from __future__ import annotations

import re
from typing import Final

from inspector.decode.record_summary import text
from inspector.session.summaries import Record

_UNFIT: Final = re.compile(r"[^\w.-]+")
_LONGEST: Final = 120  #: characters of a file name


def slug_of(record: Record) -> str | None:
    """The record's slug, where it has one."""
    return text(record.tree.root, "metadata", "slug") if record.tree is not None else None


def file_name(record: Record, slug: str | None) -> str:
    """A name for an export: kind, slug or id, and of a version its tag or hash."""
    parts = [record.kind, slug or record.id]
    if record.version is not None:
        hash_ = (record.version.version_hash or "")[:8]
        parts.append(record.version.tag or hash_ or record.version.name)
    return f"{file_stem(*parts)}.json"


def file_stem(*parts: str) -> str:
    """Parts of a file's name, without what a file system may not take."""
    stem = "-".join(_UNFIT.sub("-", part).strip("-.") for part in parts if part)
    return stem[:_LONGEST]
