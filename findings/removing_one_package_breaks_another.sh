#!/usr/bin/env bash
# Removing a package of messages takes files of the protobuf runtime along.
#
# Packages: stigmer-apis 0.1.0.dev0 and protobuf 6.33.2, each installed and removed by pip.
# Seen: the wheel of stigmer-apis carries google/protobuf/{descriptor,duration,empty,field_mask,
# struct,timestamp}_pb2.py of its own. Installed after protobuf they replace its files without a
# word; `pip uninstall stigmer-apis` deletes them, and `import google.protobuf.struct_pb2` fails in
# an environment where `pip check` finds nothing wrong. So whoever wants the messages of such a
# package reads its wheel as data.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install -q --no-deps protobuf==6.33.2
env/bin/python -c 'import google.protobuf.struct_pb2'
env/bin/pip install -q --no-deps stigmer-apis==0.1.0.dev0
env/bin/pip uninstall -q -y stigmer-apis
{
    env/bin/pip check
    env/bin/python -c 'import google.protobuf.struct_pb2' 2>&1 | tail -n 1 || true
} | tee seen
diff - seen <<'SEEN'
No broken requirements found.
ModuleNotFoundError: No module named 'google.protobuf.struct_pb2'
SEEN
