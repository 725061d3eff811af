#!/usr/bin/env bash
# An expression of CEL takes a message of another schema, and reads its fields by its own numbers.
#
# Packages: cel-expr-python 0.1.3, protobuf 7.35.0.
# Seen: two descriptor pools have a message p.M each. In the old one field 1 is `first` and 2 is
# `last`; in the new one 1 is `title` and 2 is `first`. An expression that was compiled with the new
# pool is given a message of the old one: nothing is said, and r.first is what the message calls
# `last`. Only the full name is compared, and the message goes over as bytes. So where messages of
# several releases of one schema are in use, each needs an expression compiled for its own.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install -q cel-expr-python==0.1.3 protobuf==7.35.0
cat > read.py <<'PY'
from cel_expr_python import cel
from google.protobuf import descriptor_pool, message_factory
from google.protobuf.descriptor_pb2 import FileDescriptorProto


def schema(*names):
    file = FileDescriptorProto(name="m.proto", package="p", syntax="proto3")
    message = file.message_type.add(name="M")
    for number, name in enumerate(names, 1):
        message.field.add(name=name, number=number, type=9, label=1)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return pool, message_factory.GetMessageClass(pool.FindMessageTypeByName("p.M"))


_, Old = schema("first", "last")
pool, New = schema("title", "first")
expression = cel.NewEnv(descriptor_pool=pool, variables={"r": cel.Type("p.M")}).compile("r.first")
for message in (Old(first="Ada", last="Byron"), New(title="Countess", first="Ada")):
    print(expression.eval(data={"r": message}).value())
PY
env/bin/python read.py | diff - <(printf 'Byron\nAda\n')
echo "a message of the old schema is read with the numbers of the new one"
