"""The worker: newest wins, late answers are dropped, cancelling cancels, closing ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Event, current_thread, main_thread
from threading import enumerate as enumerate_threads

import pytest
from pytestqt.qtbot import QtBot

from inspector.errors import CancelledError, InspectorError
from inspector.gui import tasks as tasks_module
from inspector.gui.tasks import Report, Tasks
from inspector.store.deadline import Deadline


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    worker = Tasks()
    yield worker
    worker.close()


def patient(begun: Event) -> Callable[[Event, Report], str]:
    """Work that ends only when it is cancelled."""

    def work(cancel: Event, report: Report) -> str:
        begun.set()
        assert cancel.wait(10)
        raise CancelledError("Cancelled.")

    return work


def answer(number: int) -> Callable[[Event, Report], int]:
    return lambda _cancel, _report: number


def test_the_answer_comes_in_the_gui_thread(tasks: Tasks, qtbot: QtBot) -> None:
    seen: list[object] = []
    tasks.run("a", lambda _c, _r: current_thread(), lambda t: seen.extend((t, current_thread())))
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert seen[0] is not main_thread()
    assert seen[1] is main_thread()
    assert not tasks.is_busy("a")


def test_the_newest_of_a_channel_wins_and_cancels_the_one_that_runs(
    tasks: Tasks, qtbot: QtBot
) -> None:
    begun, seen, cancelled = Event(), list[str](), list[bool]()

    def slow(cancel: Event, report: Report) -> str:
        begun.set()
        cancelled.append(cancel.wait(10))
        return "late"

    tasks.run("a", slow, seen.append)
    assert begun.wait(10)
    tasks.run("a", lambda _c, _r: "replaced", seen.append)
    tasks.run("a", lambda _c, _r: "newest", seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    tasks.run("b", lambda _c, _r: "other", seen.append)
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert seen == ["newest", "other"]
    assert cancelled == [True]


def test_channels_do_not_disturb_each_other(tasks: Tasks, qtbot: QtBot) -> None:
    seen: list[int] = []
    for number in range(20):
        tasks.run(f"channel {number}", answer(number), seen.append)
    qtbot.waitUntil(lambda: len(seen) == 20)
    assert seen == list(range(20))


def test_cancel_tells_the_one_who_asked(tasks: Tasks, qtbot: QtBot) -> None:
    begun, errors = Event(), list[InspectorError]()
    tasks.run("a", patient(begun), lambda _: None, errors.append)
    assert begun.wait(10)
    tasks.cancel("a")
    qtbot.waitUntil(lambda: bool(errors))
    assert isinstance(errors[0], CancelledError)


def test_forget_tells_nobody(tasks: Tasks, qtbot: QtBot) -> None:
    begun, errors, seen = Event(), list[InspectorError](), list[str]()
    tasks.run("a", patient(begun), lambda _: None, errors.append)
    assert begun.wait(10)
    tasks.forget("a")
    tasks.run("b", lambda _c, _r: "after", seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert not errors


def test_a_failure_of_the_world_is_an_answer(tasks: Tasks, qtbot: QtBot) -> None:
    errors: list[InspectorError] = []

    def fail(cancel: Event, report: Report) -> None:
        raise InspectorError("The file is gone.")

    tasks.run("a", fail, lambda _: None, errors.append)
    qtbot.waitUntil(lambda: bool(errors))
    assert str(errors[0]) == "The file is gone."


def test_a_bug_is_reported_as_one(tasks: Tasks, qtbot: QtBot) -> None:
    def bug(cancel: Event, report: Report) -> None:
        raise ZeroDivisionError

    with qtbot.waitSignal(tasks.crashed) as told:
        tasks.run("a", bug, lambda _: None, lambda _: None)
    assert isinstance(told.args[0], ZeroDivisionError)


def test_progress_ends_with_how_far_it_came(tasks: Tasks, qtbot: QtBot) -> None:
    far: list[tuple[int, int]] = []
    done: list[None] = []
    go_on = Event()

    def work(cancel: Event, report: Report) -> None:
        for step in range(1, 1001):
            report(step, 1000)
        assert go_on.wait(10)
        report(1000, 1000)

    def hear(step: int, total: int) -> None:
        far.append((step, total))
        go_on.set()

    tasks.run("a", work, done.append, on_progress=hear)
    qtbot.waitUntil(lambda: bool(done))
    assert far == sorted(far)
    assert 1 <= len(far) <= 1001


def test_busy_is_told_once_for_a_chain_of_requests(tasks: Tasks, qtbot: QtBot) -> None:
    told: list[tuple[str, bool]] = []
    tasks.busy.connect(lambda channel, on: told.append((channel, on)))
    begun, seen = Event(), list[str]()
    tasks.run("a", patient(begun), seen.append)
    assert begun.wait(10)
    tasks.run("a", lambda _c, _r: "new", seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert told == [("a", True), ("a", False)]


def test_closing_in_the_middle_ends_the_thread_and_delivers_nothing(qtbot: QtBot) -> None:
    tasks, begun, seen = Tasks(), Event(), list[object]()
    tasks.run("a", patient(begun), seen.append, seen.append)
    tasks.run("b", lambda _c, _r: "waiting", seen.append, seen.append)
    assert begun.wait(10)
    tasks.close()
    tasks.run("c", lambda _c, _r: "too late", seen.append)
    marker: list[int] = []
    other = Tasks()
    other.run("m", lambda _c, _r: 1, marker.append)
    qtbot.waitUntil(lambda: bool(marker))
    other.close()
    assert not seen


def test_closing_does_not_wait_for_a_disk_that_does_not_answer(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks_module, "_AT_CLOSE", 0.0)
    tasks, begun, answers, ended = Tasks(), Event(), Event(), Event()
    seen: list[str] = []

    def stuck(cancel: Event, report: Report) -> None:
        begun.set()
        assert answers.wait(10)
        assert cancel.is_set()
        seen.append("read")

    def let_go() -> None:
        seen.append("let go")
        ended.set()

    tasks.run("a", stuck, lambda _: seen.append("answered"))
    assert begun.wait(10)
    tasks.close(let_go)
    assert seen == []
    (closing,) = [one for one in enumerate_threads() if one.name == "inspector-closing"]
    assert not closing.daemon
    answers.set()
    assert ended.wait(10)
    closing.join(10)
    assert seen == ["read", "let go"]


def test_closing_does_not_wait_until_what_is_kept_is_let_go_of(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another window reads of a slow disk, and no two do so at once."""
    monkeypatch.setattr(tasks_module, "_AT_CLOSE", 0.05)
    tasks, turn, ended = Tasks(), Event(), Event()

    def let_go() -> None:
        assert turn.wait(10)
        ended.set()

    tasks.close(let_go)
    assert not ended.is_set()
    turn.set()
    assert ended.wait(10)
    for closing in enumerate_threads():
        if closing.name == "inspector-closing":
            closing.join(10)


def test_closing_twice_is_as_good_as_once(qtbot: QtBot) -> None:
    tasks = Tasks()
    tasks.close()
    tasks.close()


def test_slow_work_does_not_keep_a_quick_answer_waiting(tasks: Tasks, qtbot: QtBot) -> None:
    begun, seen, failed = Event(), list[object](), list[InspectorError]()
    tasks.run("all", patient(begun), seen.append, failed.append, slow=True)
    assert begun.wait(10)
    tasks.run("record", answer(7), seen.append)
    qtbot.waitUntil(lambda: seen == [7])
    assert tasks.is_busy("all")
    tasks.cancel("all")
    qtbot.waitUntil(lambda: bool(failed))
    assert seen == [7]


@pytest.mark.parametrize("cancelled", [False, True])
def test_slow_work_does_not_wait_for_a_frame_while_it_reads_the_store(
    tasks: Tasks, monkeypatch: pytest.MonkeyPatch, cancelled: bool
) -> None:
    """Who waited there would keep others from reading, and SQLite asks every few rows."""
    monkeypatch.setattr(tasks_module, "_LONGEST_FRAME", 3600.0)
    begun, paints, told = Event(), Event(), Event()
    said: list[bool] = []

    def read(cancel: Event, report: Report) -> None:
        begun.set()
        assert paints.wait(10)
        deadline = Deadline(cancel, 3600.0)
        said.extend((deadline.cancelled, deadline()))
        told.set()

    tasks.run("all", read, lambda _: None, lambda _: None, slow=True)
    assert begun.wait(10)
    with tasks_module.painting():
        if cancelled:
            tasks.cancel("all")
        paints.set()
        assert told.wait(10)
    assert said == [cancelled, cancelled]
