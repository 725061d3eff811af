"""What the window asks of a session; tests put their own in its place."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Final, Protocol

from inspector.session.types import Info, KindSummary, Record, RecordHead, Version
from inspector.store.types import Page, StoreFacts

PAGE: Final = 256  #: records read at a time


class Source(Protocol):
    """An open store. Every call is made in the worker and may raise an InspectorError."""

    def facts(self, cancel: Event | None = None) -> StoreFacts:
        """The file as a whole; quick."""

    def info(self, cancel: Event | None = None) -> Info:
        """The file, what is in it and the schemas in use; may look at every record."""

    def kinds(self, cancel: Event | None = None) -> list[KindSummary]:
        """Kinds with a record or a version."""

    def anchors(
        self,
        kind: str,
        cancel: Event | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> tuple[list[str], int]:
        """The last id of every full page of a kind, and the exact number of its records."""

    def records(
        self, kind: str, after: str | None = None, limit: int = PAGE, cancel: Event | None = None
    ) -> Page[RecordHead]:
        """A keyset page of live records."""

    def gone(
        self, kind: str, after: str | None = None, limit: int = PAGE, cancel: Event | None = None
    ) -> Page[RecordHead]:
        """A keyset page of records that have only history."""

    def record(
        self, kind: str, id_: str, version: Version | None = None, cancel: Event | None = None
    ) -> Record:
        """A record, or one of its versions, decoded."""

    def history(self, kind: str, id_: str, cancel: Event | None = None) -> list[Version]:
        """The versions of a record, newest first."""

    def resolve(self, kind: str | None, text: str, cancel: Event | None = None) -> tuple[str, str]:
        """Kind and id of the one record that a text names."""

    def select(self, kind: str, id_: str, text: str, cancel: Event | None = None) -> Version | None:
        """The version a text names; None is the live state."""

    def close(self) -> None:
        """Let go of what is kept for the file."""
