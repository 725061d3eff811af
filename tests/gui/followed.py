"""A store beside a writer, followed by a window that looks when it is told to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from inspector.gui.style.theme import Theme
from tests.builders import layouts
from tests.builders.demo.core import FIRST, encode
from tests.builders.layouts import Rec
from tests.builders.writer import Writer
from tests.gui.windows import Driver

AGENT = "ai.stigmer.agentic.agent.v1.Agent"


def agent(id_: str, name: str, text: str = "Sort.") -> bytes:
    return encode(
        FIRST,
        AGENT,
        {
            "apiVersion": "agentic.stigmer.ai/v1",
            "kind": "Agent",
            "metadata": {"name": name, "id": id_},
            "spec": {"instructions": text},
        },
    )


def save(id_: str, name: str, text: str = "Sort.") -> str:
    """What writes a record."""
    data = agent(id_, name, text).hex()
    return (
        "INSERT INTO resources (kind, id, data, updated_at)"
        f" VALUES ('agent', '{id_}', x'{data}', '2026-11-28 20:00:00')"
        " ON CONFLICT (kind, id) DO UPDATE SET data = excluded.data,"
        " updated_at = excluded.updated_at"
    )


def made_store(tmp_path: Path) -> Path:
    """Thirty agents."""
    ids = [f"agt-{number:03}" for number in range(30)]
    return layouts.v2(tmp_path / "stigmer.db", [Rec("agent", one, agent(one, one)) for one in ids])


def killed_store(tmp_path: Path) -> Path:
    """The same after a daemon saved one three times, deleted another, and was killed."""
    path = made_store(tmp_path)
    with Writer(path) as writer:
        for text in ("One.", "Two.", "Three."):
            writer.sql(save("agt-003", "agt-003", text))
        writer.sql("DELETE FROM resources WHERE id = 'agt-004'")
        writer.kill()
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return made_store(tmp_path)


@pytest.fixture
def writer(path: Path) -> Iterator[Writer]:
    with Writer(path) as made:
        yield made


@pytest.fixture
def driver(qtbot: QtBot, theme: Theme, path: Path, writer: Writer) -> Iterator[Driver]:
    made = Driver(qtbot)
    made.window.resize(1440, 900)
    made.open(path)
    made.wait(lambda: made.window.status.mode.text() == "Live")
    made.wait(made.window.tasks.is_idle)
    learn(made)
    yield made
    made.window.close()


def learn(driver: Driver) -> None:
    """Look until all rows are known: on a busy machine one look may not get through them.

    From then on time stands still for tints, which on such a machine are gone before they are
    looked at.
    """
    parts = driver.window.parts_now()
    while not parts.follow.caught_up:
        look(driver)
    parts.updates.marks._clock = lambda: 0.0


def look(driver: Driver) -> None:
    """Look now, and let all be shown that comes of it."""
    driver.wait(driver.window.tasks.is_idle)
    driver.window.parts_now().follow.look()
    settle(driver)


def settle(driver: Driver) -> None:
    updates = driver.window.parts_now().updates
    driver.wait(lambda: driver.window.tasks.is_idle() and not updates.is_due)
