"""Differences beside protobuf's parse of the same messages and git's difference of their JSON."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from google.protobuf.json_format import MessageToJson
from rapidfuzz.distance import LCSseq

from inspector.decode.decoder import decode
from inspector.decode.node import Tree
from inspector.history.difference import Difference, difference
from inspector.history.lcs import common_subsequence
from inspector.history.text_difference import TextDifference, text_difference
from inspector.schema.catalog import release
from tests.bench.paired import Line, paired
from tests.decode.damage import real_blobs
from tests.history.generated import edited
from tests.releases import message_class

_GENERATION = "2026-01-26"
_EXECUTION = "ai.stigmer.agentic.agentexecution.v1.AgentExecution"
_SIZE = 1 << 20
_LINES = 100_000
#: Kinds of items, items and edits; few edits of short lists are where making pairs counts most.
_LISTS = (
    (20, 500, 10), (4, 1_500, 400), (6, 3_000, 1_500), (40, 6_000, 2_000), (6, 50_000, 20_000),
    (1, 50_000, 1),
)  # fmt: skip
_PARSE = "protobuf's parse of both"
_GIT = "git diff --no-index of"


def lines(rounds: int) -> Iterator[Line]:
    """Lists; two executions of 1 MiB that differ in few places and in many; 100,000 lines."""
    yield from _lists(rounds)
    for name, share in (("1 of 100", 0.01), ("every second", 0.5)):
        yield from _messages(rounds, name, share)
    yield from _texts(rounds)


def _lists(rounds: int) -> Iterator[Line]:
    for kinds, items, edits in _LISTS:
        before, after = edited(kinds, items, edits)

        def ours(before: list[int] = before, after: list[int] = after) -> object:
            return common_subsequence(before, after)

        def theirs(before: list[int] = before, after: list[int] = after) -> object:
            return LCSseq.opcodes(before, after)

        what = f"a list of {items:,} items of {kinds} kinds, {edits:,} edits"
        yield paired(
            f"{what}: longest common subsequence", ours, "RapidFuzz's LCSseq.opcodes", theirs,
            rounds=rounds, goal=3.0,
        )  # fmt: skip


def _messages(rounds: int, name: str, share: float) -> Iterator[Line]:
    type_ = release(_GENERATION).messages[_EXECUTION]
    class_: Any = message_class(_GENERATION, _EXECUTION)
    messages = _pair(class_, share)
    first, second = (message.SerializeToString() for message in messages)
    before, after = decode(first, type_), decode(second, type_)
    what = f"two executions of {len(first) // 1024} KiB, {name} message changed"

    def parse() -> list[object]:
        return [class_.FromString(first), class_.FromString(second)]

    def whole() -> Difference:
        return difference(decode(first, type_), decode(second, type_))

    yield paired(
        f"{what}: difference", _comparing(before, after), _PARSE, parse, rounds=rounds,
        note="protobuf's parse is C; a node of ours is made in Python",
    )  # fmt: skip
    yield paired(f"{what}: decode and difference", whole, _PARSE, parse, rounds=rounds)
    if shutil.which("git") is not None:
        texts = [MessageToJson(message, ensure_ascii=False) for message in messages]
        yield _beside_git(f"{what}: decode and difference", whole, "their JSON", texts, rounds)


def _comparing(before: Tree, after: Tree) -> Callable[[], Difference]:
    return lambda: difference(before, after)


def _texts(rounds: int) -> Iterator[Line]:
    if shutil.which("git") is None:
        return
    random = Random(5)
    words = ["review", "deploy", "triage", "invoice", "backup", "label", "", "```"]
    first = [" ".join(random.choices(words, k=random.randint(0, 9))) + "\n" for _ in range(_LINES)]
    for name, share in (("1 of 1,000", 0.001), ("1 of 10", 0.1), ("every second", 0.5)):
        second = [
            f"changed {at}\n" if random.random() < share else line for at, line in enumerate(first)
        ]
        texts = ["".join(first), "".join(second)]

        def compare(texts: list[str] = texts) -> TextDifference:
            return text_difference(texts[0], texts[1])

        what = f"a text of {_LINES:,} lines, {name} changed"
        yield _beside_git(what, compare, "the two", texts, rounds)


def _pair(class_: Any, share: float) -> tuple[Any, Any]:
    """Messages of real executions again and again; a share of them changed, some gone or new."""
    random = Random(3)
    real = [
        message
        for blob in real_blobs("v2-clean")
        if blob.full_name == _EXECUTION
        for message in class_.FromString(blob.data).status.messages
    ]
    first, second = class_(), class_()
    size = 0
    while size < _SIZE:
        message = random.choice(real)
        size += message.ByteSize()
        first.status.messages.append(message)
        if random.random() >= share:
            second.status.messages.append(message)
        elif random.random() < 0.8:
            second.status.messages.append(message)
            second.status.messages[-1].content += " and more"
        elif random.random() < 0.5:
            second.status.messages.extend([random.choice(real), message])
    return first, second


def _beside_git(
    what: str, ours: Callable[[], object], beside: str, texts: list[str], rounds: int
) -> Line:
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("before", "after")]
        for file, text in zip(files, texts, strict=True):
            file.write_text(text, encoding="utf-8")

        def git() -> int:
            command = ["git", "diff", "--no-index", "--", *map(str, files)]
            return subprocess.run(command, capture_output=True, check=False).returncode

        return paired(what, ours, f"{_GIT} {beside}", git, rounds=rounds)
