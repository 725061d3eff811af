"""The generations as google.protobuf knows them: a descriptor pool each.

The generations share full names, so each has a pool of its own. Reading a record does not need
them; they serve expressions, tests and the writing of the demo store.
"""

from __future__ import annotations

from functools import cache

from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from inspector.schema.catalog import descriptor_set


@cache
def pool(generation: str) -> DescriptorPool:
    """The descriptor pool of a generation.

    Raises:
        KeyError: no such generation.
    """
    made = DescriptorPool()
    for file in FileDescriptorSet.FromString(descriptor_set(generation)).file:
        made.AddSerializedFile(file.SerializeToString())
    return made


@cache
def message_class(generation: str, full_name: str) -> type[Message]:
    """The class of a message in a generation.

    Raises:
        KeyError: no such generation, or no such message in it.
    """
    return GetMessageClass(pool(generation).FindMessageTypeByName(full_name))
