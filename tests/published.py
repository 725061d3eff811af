"""Packages as they are published, fetched as pip is set up here and never installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def published_wheel(folder: Path, release: str) -> Path:
    """The wheel of a release of Stigmer's messages; skips the test where no index gives it.

    Args:
        folder: where it is kept for whoever asks again.
        release: its version.
    """
    named = f"stigmer_protos-{release}-*.whl"
    if not list(folder.glob(named)):
        command = ["-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--quiet"]
        limits = ["--retries", "0", "--timeout", "10", "--disable-pip-version-check"]
        what = [f"stigmer-protos=={release}", "--dest", str(folder)]
        done = subprocess.run(
            [sys.executable, *command, *limits, *what], capture_output=True, check=False
        )
        if done.returncode:
            pytest.skip("no package index answers")
    [wheel] = folder.glob(named)
    return wheel
