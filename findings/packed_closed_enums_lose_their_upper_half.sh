#!/usr/bin/env bash
# A number without a name in a packed field of a closed enum is kept with 32 of its 64 bits.
#
# Packages: protobuf 6.33.0, 7.35.0 and 7.36.2, each with upb (what wheels bring) and with pure
# Python.
# Seen: a proto2 enum knows 0 only. The varint 9007199254741033 (2**53 + 41) in field 1, which is
# single, is kept as an unknown field whole, everywhere. The same in field 2, which is packed, is
# kept as 41 by upb of 6.33.0 and 7.35.0 and written back as that; by pure Python, and by upb of
# 7.36.2, it is kept whole. So reading and writing a message changes it with one of two versions in
# use side by side, and a test that holds a decoder against protobuf has another answer by version.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
cat > read.py <<'PY'
from google.protobuf import __version__, descriptor_pool, message_factory, unknown_fields
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from google.protobuf.internal import api_implementation

file = FileDescriptorProto(name="a.proto", package="p", syntax="proto2")
file.enum_type.add(name="E").value.add(name="ZERO", number=0)
message = file.message_type.add(name="M")
message.field.add(name="single", number=1, type=14, label=1, type_name=".p.E")
message.field.add(name="packed", number=2, type=14, label=3, type_name=".p.E").options.packed = True
pool = descriptor_pool.DescriptorPool()
pool.Add(file)
number = bytes.fromhex("a980808080808010")
data = b"\x08" + number + b"\x12\x08" + number
read = message_factory.GetMessageClass(pool.FindMessageTypeByName("p.M")).FromString(data)
print(
    __version__,
    api_implementation.Type(),
    *((one.field_number, one.data) for one in unknown_fields.UnknownFieldSet(read)),
)
PY
for version in 6.33.0 7.35.0 7.36.2; do
    env/bin/pip install -q "protobuf==$version"
    for way in upb python; do
        PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION=$way env/bin/python read.py
    done
done > seen
cat seen
diff seen - <<'SEEN'
6.33.0 upb (1, 9007199254741033) (2, 41)
6.33.0 python (1, 9007199254741033) (2, 9007199254741033)
7.35.0 upb (1, 9007199254741033) (2, 41)
7.35.0 python (1, 9007199254741033) (2, 9007199254741033)
7.36.2 upb (1, 9007199254741033) (2, 9007199254741033)
7.36.2 python (1, 9007199254741033) (2, 9007199254741033)
SEEN
