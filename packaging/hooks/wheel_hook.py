"""Adds completions, manual pages and the compiled parts to a wheel; hatchling calls this.

See pyproject.toml. Where there is no C compiler the wheel runs on Python alone, on any system.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ShellFilesHook(BuildHookInterface[Any]):
    """Writes them beside the build, and has them laid into the prefix that the wheel goes to."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the files before the wheel is made."""
        sys.path.insert(0, str(Path(self.root) / "packaging"))
        from shell_files import PREFIX, shell_files  # noqa: PLC0415 - found since now

        for name, text in shell_files(PREFIX):
            made = Path(self.root, "build", "wheel", name)
            made.parent.mkdir(parents=True, exist_ok=True)
            made.write_text(text, encoding="utf-8", newline="\n")
            build_data["shared_data"][str(made)] = f"share/{name}"
        self._compiled(build_data)

    def _compiled(self, build_data: dict[str, Any]) -> None:
        """Build the compiled parts, which make the wheel one for this system and Python."""
        import compiled  # noqa: PLC0415 - found since now

        folder = Path(self.root, "build", "compiled")
        problem = compiled.build(folder)
        if problem:
            self.app.display_warning(problem)
            return
        for made in (*compiled.targets(folder), compiled.prepared(folder)):
            build_data["force_include"][str(made)] = made.relative_to(folder).as_posix()
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
