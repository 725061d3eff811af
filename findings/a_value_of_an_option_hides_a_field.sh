#!/usr/bin/env bash
# A field is kept out of logs since a value of an enum somewhere else is marked, but not in each run.
#
# Packages: protobuf-java 4.33.0 from Maven, Java 17; grpcio-tools 1.76.0 makes the descriptors.
# Seen: debug_redact = true is known as an option of fields. It may stand at a value of an enum too,
# and then hides each field that has this value in a custom option of its own, however deep within
# that: DebugFormat writes [REDACTED] for `by_value` and `by_part`, beside which nothing says so.
# A flag within an option that is itself debug_redact hides nothing. And all of this only where
# the descriptors were parsed with a registry that knows the custom options: parsed without one, the
# same field of the same schema is printed. So to know which fields of a schema are secrets it is
# not enough to read the options of its fields, nor to read them with the messages of descriptor.proto.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install -q grpcio-tools==1.76.0
mvn -q -B dependency:copy -Dartifact=com.google.protobuf:protobuf-java:4.33.0 -DoutputDirectory=. >&2
cat > a.proto <<'PROTO'
syntax = "proto3";
package p;
import "google/protobuf/descriptor.proto";
enum Class { PUBLIC = 0; PERSONAL = 1 [debug_redact = true]; }
message Policy { Class class = 1; bool hush = 2 [debug_redact = true]; }
extend google.protobuf.FieldOptions { Class class = 50000; Policy policy = 50001; }
message M {
  string by_itself = 1 [debug_redact = true];
  string by_value = 2 [(class) = PERSONAL];
  string by_part = 3 [(policy).class = PERSONAL];
  string by_flag = 4 [(policy).hush = true];
  string other = 5 [(class) = PUBLIC];
}
PROTO
env/bin/python -m grpc_tools.protoc -I. --descriptor_set_out=set.binpb a.proto
cat > Show.java <<'JAVA'
import com.google.protobuf.DebugFormat;
import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.ExtensionRegistry;
import java.nio.file.Files;
import java.nio.file.Path;

public class Show {
    static FileDescriptor file(FileDescriptorSet set) throws Exception {
        FileDescriptor[] needs = {DescriptorProtos.getDescriptor()};
        return FileDescriptor.buildFrom(set.getFile(0), needs);
    }

    static void show(String how, FileDescriptor file) {
        DynamicMessage.Builder made = DynamicMessage.newBuilder(file.findMessageTypeByName("M"));
        for (FieldDescriptor field : made.getDescriptorForType().getFields()) {
            made.setField(field, "shown");
        }
        // What stands before and between is random, so that nobody parses it.
        String text = DebugFormat.singleLine().toString(made.build());
        System.out.println(how + text.substring(text.indexOf("by_itself")).replaceAll("\\s+", " ").trim());
    }

    public static void main(String[] words) throws Exception {
        byte[] data = Files.readAllBytes(Path.of("set.binpb"));
        FileDescriptor plain = file(FileDescriptorSet.parseFrom(data));
        ExtensionRegistry known = ExtensionRegistry.newInstance();
        for (FieldDescriptor one : plain.getExtensions()) {
            if (one.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                known.add(one, DynamicMessage.getDefaultInstance(one.getMessageType()));
            } else {
                known.add(one);
            }
        }
        show("options unknown: ", plain);
        show("options known: ", file(FileDescriptorSet.parseFrom(data, known)));
    }
}
JAVA
java -cp protobuf-java-4.33.0.jar Show.java | tee seen
diff seen - <<'SEEN'
options unknown: by_itself: [REDACTED] by_value: "shown" by_part: "shown" by_flag: "shown" other: "shown"
options known: by_itself: [REDACTED] by_value: [REDACTED] by_part: [REDACTED] by_flag: "shown" other: "shown"
SEEN
