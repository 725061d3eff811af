"""Qt's bindings say of a wrong call what they always say, whenever what that needs is loaded."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Final

import PySide6
import pytest

from tests.places import ROOT

_WRONG: Final = """
from PySide6.QtCore import QObject, QSize, QTimer
from PySide6.QtWidgets import QLabel

def tell(call):
    try:
        call()
    except (AttributeError, TypeError) as error:
        print(error)

tell(lambda: QSize("x", "y"))
tell(lambda: QSize("x", "y"))
tell(lambda: QObject(foo=3))
tell(lambda: QObject().setObjectName(3))
tell(lambda: QLabel(3))
print(QTimer.singleShot.__doc__)
from PySide6.support.signature import get_signature
print(get_signature(QSize.width), get_signature(QObject.setParent))
import threading
print([one.name for one in threading.enumerate() if one is not threading.main_thread()])
"""
_PLAIN: Final = "import PySide6.QtCore\n"
_LATER: Final = """
import sys
from inspector.gui.signature_loading import load_later, signatures_later

finders = list(sys.meta_path)
with signatures_later():
    import PySide6.QtCore, PySide6.QtWidgets
assert sys.meta_path == finders
print("shibokensupport.signature.parser" in sys.modules, file=sys.stderr)
"""
_SOON: Final = """
import threading
load_later()
load_later()
for thread in threading.enumerate():
    if thread is not threading.main_thread():
        thread.join()
print("shibokensupport.signature.parser" in sys.modules, file=sys.stderr)
"""
_KNOWN: Final = PySide6.__version_info__[:2] in ((6, 11), (6, 12))


def _run(code: str, **more: str) -> tuple[str, str]:
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **more},
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )
    return done.stdout, done.stderr


@pytest.fixture(scope="module")
def said() -> str:
    """What is said without us."""
    out, _ = _run(_PLAIN + _WRONG)
    assert "Supported signatures" in out
    return out


def test_a_wrong_call_loads_what_it_is_said_with(said: str) -> None:
    out, loaded = _run(_LATER + _WRONG)
    assert out == said
    assert loaded == f"{not _KNOWN}\n"


def test_it_is_loaded_in_a_thread(said: str) -> None:
    out, loaded = _run(_LATER + _SOON + _WRONG)
    assert out == said
    assert loaded == f"{not _KNOWN}\nTrue\n"


def test_another_version_loads_as_it_always_does(said: str) -> None:
    other = "import inspector.gui.signature_loading as ours\nours._KNOWN = ()\n"
    out, loaded = _run(other + _LATER + _WRONG)
    assert out == said
    assert loaded == "True\n"
