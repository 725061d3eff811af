"""``watch``: what changes in the store, as it is seen."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import datetime

from inspector.cli.arguments import seconds, text
from inspector.cli.command import Command
from inspector.cli.output import Output, say
from inspector.errors import StoreError, StoreErrorKind, UsageError
from inspector.exit_codes import Exit
from inspector.export.json_object import object_text
from inspector.plurals import counted
from inspector.session.follower import Condition, Follower
from inspector.session.record_lookup import resolve, resolve_kind
from inspector.session.seen_changes import SeenChange, StoreNotice, changed_fields
from inspector.session.session import Session

_WIDTH = 9


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what is watched, and for how long."""
    parser.add_argument("kind", metavar="KIND", nargs="?", type=text, help="only this kind")
    parser.add_argument("id", metavar="ID", nargs="?", type=text, help="only this record of it")
    parser.add_argument(
        "--for",
        metavar="SECONDS",
        dest="seconds",
        type=seconds,
        help="stop after this many seconds",
    )


def run(session: Session, words: argparse.Namespace, output: Output) -> int:
    """Tells of changes until the time is over, or for ever."""
    return watch(session, words, output)


def watch(
    session: Session,
    words: argparse.Namespace,
    output: Output,
    *,
    sleep: Callable[[float], object] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
    now: Callable[[], datetime] | None = None,
) -> int:
    """What :func:`run` does, by the clocks of whoever calls: tests bring their own.

    Raises:
        NotFoundError, UsageError: there is no such kind or record, or there are several.
    """
    if session.store.moment is not None:
        raise UsageError("A commit of the log never changes.", "Watch the store without --commit.")
    kind, id_ = _wanted(session, words)
    follower = (
        Follower(session, clock=clock) if now is None else Follower(session, clock=clock, now=now)
    )
    while True:
        look = follower.look()
        if look.store.condition in (Condition.GONE, Condition.UNREADABLE):
            raise StoreError(StoreErrorKind.MISSING, look.store.sentence)
        if look.begun:
            break
        output.progress(f"{counted(look.known, 'row')} read")
    say("watching")
    end = None if words.seconds is None else clock() + words.seconds
    while end is None or clock() < end:
        pause = follower.interval
        sleep(pause if end is None else max(0.0, min(pause, end - clock())))
        if not follower.may_have_news():
            continue
        look = follower.look()
        for notice in look.notices:
            _store(notice, words, output)
        for change in look.changes:
            if kind in (None, change.kind) and id_ in (None, change.id):
                _record(session, change, words, output)
        output.flush()
    return Exit.DONE


def _wanted(session: Session, words: argparse.Namespace) -> tuple[str | None, str | None]:
    if words.kind is None:
        return None, None
    if words.id is None:
        return resolve_kind(session, words.kind), None
    return resolve(session, words.kind, words.id)


def _record(
    session: Session, change: SeenChange, words: argparse.Namespace, output: Output
) -> None:
    fields = changed_fields(session, change)
    if words.json:
        _line(output, change.time, change.happened, change.kind, change.id, change.audit_id, fields)
        return
    said = "" if fields is None else f"  {', '.join(fields) or 'same meaning'}"
    version = "" if change.audit_id is None else f"  audit:{change.audit_id}"
    name = f"{change.kind}/{change.id}"
    output.line(f"{_time(change.time)}  {change.happened:{_WIDTH}}{name}{version}{said}")


def _store(notice: StoreNotice, words: argparse.Namespace, output: Output) -> None:
    if words.json:
        _line(output, notice.time, "store", None, None, None, str(notice.happened))
        return
    output.line(f"{_time(notice.time)}  {notice.happened}: {notice.sentence}")


def _line(
    output: Output,
    seen: datetime,
    event: str,
    kind: str | None,
    id_: str | None,
    audit_id: int | None,
    fields: object,
) -> None:
    members: list[tuple[str, object]] = [
        ("time", _time(seen)),
        ("event", str(event)),
        ("kind", kind),
        ("id", id_),
        ("auditId", audit_id),
        ("fields", fields),
    ]
    output.text(object_text(members, indent=None) + "\n")


def _time(seen: datetime) -> str:
    return seen.strftime("%Y-%m-%dT%H:%M:%S.") + f"{seen.microsecond // 1000:03}Z"


COMMAND = Command(run, add_arguments, tells_damage=True)
