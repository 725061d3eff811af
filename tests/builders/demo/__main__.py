"""``python -m tests.builders.demo`` writes ``resources/demo/stigmer.sqlite`` anew."""

from __future__ import annotations

from pathlib import Path

from tests.builders.demo.store import build

TARGET = Path(__file__).resolve().parents[3] / "resources" / "demo" / "stigmer.sqlite"


def main() -> None:
    """Build beside the old file, then put the new one in its place."""
    fresh = TARGET.with_suffix(".new")
    fresh.parent.mkdir(parents=True, exist_ok=True)
    fresh.unlink(missing_ok=True)
    build(fresh)
    fresh.replace(TARGET)
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
