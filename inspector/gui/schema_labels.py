"""What schemas are called where a person chooses one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from inspector.gui.paths import short_path
from inspector.gui.words import visible
from inspector.schema.catalog import is_own, schema_name


def schema_labels(schemas: Iterable[str]) -> dict[str, str]:
    """Names of schemas; of files that are called alike also where they lie."""
    names = {schema: visible(schema_name(schema)) for schema in schemas}
    counts = Counter(names.values())
    return {
        schema: f"{name} in {short_path(str(Path(schema).parent))}"
        if counts[name] > 1 and is_own(schema)
        else name
        for schema, name in names.items()
    }
