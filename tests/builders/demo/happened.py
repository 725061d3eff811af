"""What the daemon keeps of executions beside them: an event for each thing that happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from google.protobuf.json_format import ParseDict

from inspector.history.stored_events import MESSAGES
from inspector.schema.pools import message_class
from inspector.store.event_log import EXECUTION_EVENTS
from tests.builders.demo.core import Identity, after, column, iso
from tests.builders.demo.january_workflows import TUESDAY, WEDNESDAY

#: The last release that kept them.
_RELEASE: Final = "3.41.0"
_NAMES: Final = ("prepare", "fetch", "decide", "reconcile")
_STEP: Final = 40  #: seconds between the beginnings of two tasks
_TOOK: Final = 31

Row = tuple[object, ...]
Happened = tuple[datetime, str, str, Mapping[str, object]]


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _row(execution: Identity, number: int, happened: Happened) -> Row:
    when, type_, task, payload = happened
    class_ = message_class(_RELEASE, MESSAGES[EXECUTION_EVENTS])
    value = {
        "eventId": f"{execution.id}:{number}",
        "eventType": type_,
        "sequenceNumber": number,
        "occurredAt": iso(when),
        "taskName": task,
        _camel(type_): payload,
    }
    data = ParseDict(value, class_()).SerializeToString(deterministic=True)
    return execution.id, number, type_, task, data, column(when)


def _task(execution: Identity, index: int, name: str) -> Iterator[Happened]:
    start = after(execution.created, seconds=4 + _STEP * index)
    read = {"month": "2025-12", "page": index}
    yield start, "task_started", name, {"inputSummary": read, "attemptNumber": 1}
    if execution is WEDNESDAY and name == "fetch":
        error = "503 from the ledger\nupstream connect error, retries are used up"
        tried = {"error": error, "attemptNumber": 1, "maxAttempts": 1, "durationMs": 1000 * _TOOK}
        yield after(start, seconds=_TOOK), "task_failed", name, tried
        return
    done = {"durationMs": 1000 * _TOOK, "outputSummary": {"invoices": 6}, "tokensUsed": 900 + index}
    yield after(start, seconds=_TOOK), "task_completed", name, done


def _of(execution: Identity, names: Sequence[str]) -> Iterator[Happened]:
    begin = after(execution.created, seconds=3)
    yield begin, "execution_started", "", {"totalTasks": len(_NAMES)}
    for index, name in enumerate(names):
        yield from _task(execution, index, name)
    if execution is WEDNESDAY:
        failed = {"error": "task fetch: 503 from the ledger", "failedTaskName": "fetch"}
        yield after(execution.created, minutes=2), "execution_failed", "", failed
        return
    kept = {"artifactId": "art-1", "displayName": "differences.csv", "sizeBytes": 2114}
    yield after(begin, seconds=160), "artifact_created", "reconcile", kept
    done = {"durationMs": 177_000, "totalTokens": 3606, "outputSummary": {"reconciled": 41}}
    yield after(execution.created, minutes=3), "execution_completed", "", done


def execution_events() -> list[Row]:
    """Rows of the table of them: a good night and a bad one."""
    nights = ((TUESDAY, _NAMES), (WEDNESDAY, _NAMES[:2]))
    return [
        _row(execution, number, happened)
        for execution, names in nights
        for number, happened in enumerate(_of(execution, names), 1)
    ]
