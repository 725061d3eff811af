"""Decoding and JSON beside google.protobuf and its json_format, over the same blobs."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from google.protobuf.json_format import MessageToJson, SerializeToJsonError
from google.protobuf.message import Message

from inspector.decode.decoder import decode
from inspector.decode.json_writer import write
from inspector.decode.secrets import covered
from inspector.errors import SchemaError
from inspector.schema.own import read_own
from inspector.schema.types import MessageType
from inspector.session.session import Session
from tests.bench.paired import Line, paired
from tests.decode.damage import Blob, demo_blobs, real_blobs
from tests.places import SHARED
from tests.releases import kind_info, message_class

TRIED = (
    "tried, by what it took off its own part: messages in field order without dictionaries "
    "(decoding -10 %), plain tuples for steps (-4 %), Struct and map entries at a glance, "
    "attributes in place of unpacking and dates kept by day (JSON -26 %); "
    "left alone: decoding without the garbage collector (-12 %), slotted nodes (slower to make)"
)

_Case = tuple[bytes, MessageType, type[Message]]


def made_blobs() -> tuple[Blob, ...]:
    """The records of the made store of layout 8; none without the reference material."""
    file = SHARED / "stigmer" / "made" / "v8" / "stigmer.sqlite"
    if not file.is_file():
        return ()
    connection = sqlite3.connect(f"{file.as_uri()}?immutable=1", uri=True)
    try:
        rows = connection.execute("SELECT kind, data FROM resources").fetchall()
    finally:
        connection.close()
    infos = [(kind_info("2026-10", kind), kind, data) for kind, data in rows]
    return tuple(
        Blob("2026-10", info.message.full_name, kind, data)
        for info, kind, data in infos
        if info is not None and info.message is not None
    )


def lines(rounds: int) -> Iterator[Line]:
    """A line for each store, and two for what the first one's time is made of."""
    stores = {
        "v2-clean": real_blobs("v2-clean"),
        "v0": real_blobs("v0"),
        "made/v8": made_blobs(),
        "demo": demo_blobs(),
    }
    for store, blobs in stores.items():
        cases = _cases(blobs)
        if not cases:
            continue
        size = sum(len(data) for data, _, _ in cases)
        yield paired(
            f"{store}: decode, secrets, JSON of {len(cases)} records, {size // 1024} KiB",
            lambda cases=cases: [_ours(data, message) for data, message, _ in cases],  # type: ignore[misc]
            "protobuf's parse and json_format",
            lambda cases=cases: [_theirs(data, class_) for data, _, class_ in cases],  # type: ignore[misc]
            rounds=rounds,
            goal=1.0,
            note=TRIED if store == "v2-clean" else "",
        )
    yield from _parts(_cases(stores["v2-clean"]), rounds)
    yield from _choosing(rounds)
    yield from _refusing(rounds)


def _refusing(rounds: int) -> Iterator[Line]:
    """What is wrong behind 24,000 declarations beside reading those."""
    message = "message M%d { " + "".join(f"string f{at} = {at}; " for at in range(1, 100)) + "}\n"
    right = 'syntax = "proto3";\n' + "".join(message % at for at in range(240))
    ends = {
        "an error in a .proto file": ("message M { string x = ; }", 0.2),
        "a name declared twice in a .proto file": ("message M0 {}", 0.5),
    }
    with tempfile.TemporaryDirectory() as folder:
        (whole := Path(folder) / "whole.proto").write_text(right, encoding="utf-8")
        for what, (end, goal) in ends.items():
            (wrong := Path(folder) / "wrong.proto").write_text(right + end, encoding="utf-8")
            yield paired(
                f"{what} of 24,000 declarations, at its end",
                lambda wrong=wrong: _refused(wrong),  # type: ignore[misc]
                "reading it without",
                lambda whole=whole: read_own(whole),  # type: ignore[misc]
                rounds=rounds,
                goal=goal,
                note="the goal is 200 ms on a quiet machine",
            )


def _refused(path: Path) -> None:
    with contextlib.suppress(SchemaError):
        read_own(path)


def _choosing(rounds: int) -> Iterator[Line]:
    """The choice of the releases beside decoding with the release that is known to be right."""
    for name in ("real/v2-clean/stigmer.db", "history/lived/upgraded/stigmer.sqlite"):
        file = SHARED / "stigmer" / name
        if not file.is_file():
            continue
        session = Session.open(file)
        reader = session.reader()
        rows = [row for kind in session.store.kinds() for row in session.rows(kind.kind)]
        cases = [(row.data or b"", row.kind, row.updated_at) for row in rows]
        single: list[tuple[bytes, MessageType]] = []
        for data, kind, written in cases:
            choice = reader.read(data, kind, written).choice
            key = choice.merged.root(kind) if choice.merged is not None else None
            if choice.merged is not None and key is not None:
                view = choice.merged.strict(choice.release)
                single.append((data, view.message(key)))
        yield paired(
            f"{name}: {len(cases)} records decoded, their releases chosen",
            lambda cases=cases, reader=reader: [reader.read(*case) for case in cases],  # type: ignore[misc]
            "decoding with the right release alone",
            lambda single=single: [decode(data, message) for data, message in single],  # type: ignore[misc]
            rounds=rounds,
            goal=1.1,
        )
        session.close()


def _parts(cases: Sequence[_Case], rounds: int) -> Iterator[Line]:
    trees = [decode(data, message) for data, message, _ in cases]
    messages = [class_.FromString(data) for data, _, class_ in cases]
    yield paired(
        "v2-clean: decode alone",
        lambda: [decode(data, message) for data, message, _ in cases],
        "json_format alone",
        lambda: [MessageToJson(message, ensure_ascii=False) for message in messages],
        rounds=rounds,
        note="protobuf's own parse is C and takes a fiftieth of json_format's time",
    )
    yield paired(
        "v2-clean: secrets and JSON alone",
        lambda: [write(tree.root, covered(tree)) for tree in trees],
        "json_format alone",
        lambda: [MessageToJson(message, ensure_ascii=False) for message in messages],
        rounds=rounds,
    )


def _cases(blobs: Sequence[Blob]) -> list[_Case]:
    """What both can read and write."""
    cases: list[_Case] = []
    for blob in blobs:
        info = kind_info(blob.release, blob.kind)
        assert info is not None
        assert info.message is not None
        class_ = message_class(blob.release, blob.full_name)
        try:
            _theirs(blob.data, class_)
        except (ValueError, SerializeToJsonError):
            continue  # a time out of range, or a number that is none
        cases.append((blob.data, info.message, class_))
    return cases


def _ours(data: bytes, message: MessageType) -> str:
    tree = decode(data, message)
    return write(tree.root, covered(tree))


def _theirs(data: bytes, class_: type[Message]) -> str:
    return MessageToJson(class_.FromString(data), ensure_ascii=False)
