"""Which program the first argument asks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector import __version__
from inspector.cli.names import COMMANDS
from tests.cli.calls import call, failed


def test_version_alone_is_name_and_version() -> None:
    answer = call("--version")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.decode() == f"stigmer-inspector {__version__}\n"


def test_version_is_an_option_of_show() -> None:
    assert call("show", "skill", "reconcile-invoices", "--version", "stable", "--demo").code == 0
    failed(call("--version", "--demo"), 2)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_how_it_is_called(command: str) -> None:
    answer = call(command, "--help")
    assert (answer.code, answer.err) == (0, "")
    text = answer.out.decode()
    assert text.startswith(f"usage: stigmer-inspector {command} ")
    for option in ("--db FILE", "--demo", "--json", "--reveal-secrets", "--schema"):
        assert option in text


def test_help_names_the_commands() -> None:
    text = call("--help").out.decode()
    assert all(command in text for command in COMMANDS)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], bool, str | None]]:
    """What the window was asked to open."""
    calls: list[tuple[list[str], bool, str | None]] = []

    def run(paths: list[str], *, demo: bool, select: str | None) -> int:
        calls.append((paths, demo, select))
        return 0

    app = pytest.importorskip("inspector.gui.app")
    monkeypatch.setattr(app, "run", run)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    return calls


def test_anything_else_opens_windows(opened: list[object]) -> None:
    assert call().code == 0
    assert call("./info", "b.db").code == 0
    assert call("--demo", "--select", "agent/a@live").code == 0
    assert call("a.db", "kinds").code == 0
    assert call("--", "--odd").code == 0
    assert opened == [
        ([], False, None),
        (["./info", "b.db"], False, None),
        ([], True, "agent/a@live"),
        (["a.db", "kinds"], False, None),
        (["--odd"], False, None),
    ]


def test_without_a_display_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("inspector.launch.sys.platform", "linux")
    assert "no display" in failed(call(str(tmp_path)), 3)
