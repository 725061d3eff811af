"""Which protobuf the schemas are loaded with."""

from __future__ import annotations


def protobuf_version() -> str:
    """The version of protobuf."""
    import google.protobuf  # noqa: PLC0415 - it takes long, and few ask

    return google.protobuf.__version__
