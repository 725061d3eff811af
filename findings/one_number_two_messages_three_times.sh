#!/usr/bin/env bash
# A field keeps its name and number while its message type goes to and fro.
#
# Packages: stigmer-protos 0.4.8, 0.5.0, 2.0.1, 3.0.0 and stigmer-apis 0.1.0.dev0, read as data
# (the wheels are unzipped, the serialized descriptors are taken out of the sources with ast).
# Seen: field 5 `status` of ai.stigmer.agentic.session.v1.Session is an ApiResourceAuditStatus, then
# a SessionStatus, then an ApiResourceAuditStatus again, then a SessionStatus again. Name, number and
# wire type never change, so no parser complains, and neither "newest schema" nor "newest that
# parses" is right for a stored blob: only a set of releases is.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install -q protobuf==6.33.2
for version in 0.4.8 0.5.0 2.0.1 3.0.0; do
    env/bin/pip download -q --no-deps -d wheels "stigmer-protos==$version"
done
env/bin/pip download -q --no-deps -d wheels stigmer-apis==0.1.0.dev0
cat > read.py <<'PY'
import ast, pathlib, zipfile
from google.protobuf.descriptor_pb2 import FileDescriptorProto

def status(wheel):
    with zipfile.ZipFile(wheel) as packed:
        for name in packed.namelist():
            if not name.endswith("session/v1/api_pb2.py"):
                continue
            for call in ast.walk(ast.parse(packed.read(name))):
                if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "AddSerializedFile":
                    file = FileDescriptorProto.FromString(call.args[0].value)
                    for message in file.message_type:
                        if message.name == "Session":
                            for field in message.field:
                                if field.number == 5:
                                    return field.name, field.type_name.rpartition(".")[2]

for version in ("protos-0.4.8", "protos-0.5.0", "protos-2.0.1", "protos-3.0.0", "apis-0.1.0"):
    (wheel,) = pathlib.Path("wheels").glob(f"stigmer_{version}[-.]*.whl")
    print(version, *status(wheel))
PY
env/bin/python read.py | tee seen
diff - seen <<'SEEN'
protos-0.4.8 status ApiResourceAuditStatus
protos-0.5.0 status SessionStatus
protos-2.0.1 status SessionStatus
protos-3.0.0 status ApiResourceAuditStatus
apis-0.1.0 status SessionStatus
SEEN
