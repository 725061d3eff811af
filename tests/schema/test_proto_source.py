"""Source files, beside what protoc makes of them."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from inspector.errors import CancelledError, SchemaError
from inspector.schema import bounds
from inspector.schema.own import read_own
from inspector.schema.proto_source import read
from inspector.schema.proto_tokens import ProtoTokens
from tests.schema.protos import both, compiled, field, source, written

HEAD = 'syntax = "proto3";\npackage shop.v1;\n'

#: Name of the case, and the files of a folder.
CASES: dict[str, dict[str, str]] = {
    "proto2": {
        "a.proto": """
            // No syntax is proto2.
            package t;
            message Base {
              optional int32 a = 1 [default = 7]; required string name = 2;
              repeated int32 nums = 3; repeated int32 packed = 4 [packed = true];
              optional group Grp = 5 { optional string inner = 1; repeated group Deep = 2 {} }
              enum Col { RED = 0; BLUE = 5; NAVY = -1; option allow_alias = true; AZURE = 5; }
              optional Col c = 6 [default = BLUE]; extensions 100 to 199, 10000 to max;
              optional bytes b = 7 [default = "\\x00\\101\\n'" "\\u00e9"];
              map<string, Base> kids = 8;
              oneof o { string s1 = 9; int64 s2 = 10; group Og = 12 { optional bool x = 1; } }
              optional MSet ms = 11;
              reserved 20, 30 to 40, 5000; reserved "old", 'older';
              message Inner { extend Base { optional Inner nested_ext = 102; } }
            }
            message MSet { option message_set_wire_format = true; extensions 4 to max; }
            message Item { extend MSet { optional Item item = 2147483646; } }
            extend Base { optional string ext = 100; repeated Base extmsg = 101;
                          repeated group ExtGrp = 103 { optional float f = 1; } }
        """
    },
    "proto3": {
        "a.proto": """
            syntax = "proto3";
            package a.b;
            option java_multiple_files = true; option go_package = "x/y";
            message M {
              optional int32 o = 1; int32 _o = 2; optional string _x = 3; optional M m = 4;
              repeated int32 packed = 5;
              repeated int32 loose = 6 [packed = false, deprecated = true];
              map<int32, .a.b.M.E> by_number = 7; map<bool, bytes> map_2_two = 8;
              enum E { E_ZERO = 0; E_HEX = 0x10; E_OCT = 010; reserved -5 to -1; reserved "GONE"; }
              oneof one { string s = 9; M self = 10; }
              string named = 11 [json_name = "other Name"]; string twoWords_here = 12;
              map maps = 13; message map { string message = 1; string option = 2; bool to = 3; }
              string optional = 14; repeated string repeated = 15; rpc rpc = 16;
            }
            message rpc { M.map in = 1; M.E e = 2; }
            message Empty {};;
            service S {
              option deprecated = true;
              rpc One (M) returns (stream M);
              rpc Two (stream .a.b.M) returns (M) { option deprecated = true; ; };
            }
        """
    },
    "edition 2023": {
        "a.proto": """
            edition = "2023";
            package e;
            option features.field_presence = IMPLICIT;
            option features.enum_type = CLOSED;
            message M {
              int32 imp = 1; int32 exp = 2 [features.field_presence = EXPLICIT];
              N del = 3 [features.message_encoding = DELIMITED];
              repeated int32 unpacked = 4 [features.repeated_field_encoding = EXPANDED];
              string raw = 5 [features.utf8_validation = NONE];
              Cl c = 6 [features.field_presence = EXPLICIT];
              int32 must = 7 [features.field_presence = LEGACY_REQUIRED];
              map<string, string> m = 8 [features.utf8_validation = NONE];
              oneof o { int32 x = 9; N y = 10; }
              enum In { IN_ZERO = 0; } repeated In in = 11; Op op = 12;
              extensions 100 to 200 [verification = UNVERIFIED];
              reserved gone, lost;
            }
            message N { string x = 1; N n = 2 [features = { message_encoding: DELIMITED }]; }
            enum Cl { A = 1; B = 2; }
            enum Op { option features.enum_type = OPEN; O = 0; }
            extend M { repeated string ext = 100; string one = 101; }
        """
    },
    "delimited for all": {
        "a.proto": """
            edition = "2023";
            option features.message_encoding = DELIMITED;
            option features.utf8_validation = NONE;
            option features.repeated_field_encoding = EXPANDED;
            message M { M self = 1; map<string, M> map = 2; repeated M list = 3;
                        repeated int32 n = 4;
                        repeated int32 p = 5 [features.repeated_field_encoding = PACKED];
                        string s = 6 [features.utf8_validation = VERIFY]; }
        """
    },
    "edition 2024": {
        "a.proto": """
            edition = "2024";
            package e;
            import "b.proto";
            import option "google/protobuf/descriptor.proto";
            export message M { local enum E { E_UNKNOWN = 0; } E e = 1; repeated b.B bs = 2;
                               string s = 3; }
            local message Hidden { string x = 1; }
            enum Out { OUT_UNKNOWN = 0; }
        """,
        "b.proto": 'edition = "2024"; package b; export message B { int64 n = 1; }',
    },
    "scopes": {
        "a.proto": """
            syntax = "proto3";
            package a.b.c;
            import "b.proto"; import public "well.proto"; import "google/protobuf/timestamp.proto";
            message M {
              message N { message M { string deepest = 1; } M inner = 1; .a.b.c.M outer = 2; }
              N n = 1; M m = 2; N.M nm = 3; b.B bb = 4; a.b.B abb = 5; Top top = 6; Half half = 7;
              google.protobuf.Timestamp at = 8; google.protobuf.Struct struct = 9;
              // A field of that name is nothing to look into.
              string other = 10; other.T t = 11;
            }
        """,
        "b.proto": """
            syntax = "proto3"; package a.b; import public "c.proto"; message B {} message Half {}
        """,
        "c.proto": 'syntax = "proto3"; package a; message Top {}',
        "well.proto": """
            syntax = "proto3"; package other; import public "google/protobuf/struct.proto";
            message T { google.protobuf.Value v = 1; }
        """,
    },
    "secrets": {
        # Laid out as the options are in protobuf's own unittest.proto.
        "a.proto": """
            syntax = "proto3";
            message M {
              string a = 1 [debug_redact = true]; string b = 2 [debug_redact = false];
              repeated M c = 3 [
                deprecated = true,
                debug_redact = true
              ];
              map<string, string> d = 4 [debug_redact = true, deprecated = false];
              oneof o { M e = 5 [debug_redact=true]; string f = 6; }
            }
        """
    },
    "secrets by an option": {
        "a.proto": """
            edition = "2023";
            package p.q;
            import "b.proto";
            message M {
              string by_value = 1 [(audit.class) = PERSONAL];
              string by_part = 2 [deprecated = true, (.audit.policy).class = PERSONAL];
              string by_inner = 3 [(audit.policy) = { inner { all: [PUBLIC, SECRET] } }];
              repeated string by_one_of_many = 4 [(audit.all) = PUBLIC, (audit.all) = SECRET];
              map<string, string> by_key = 5 [(audit.policy) = { named: [{ key: "k" value: 1 }] }];
              string by_own = 6 [(M.kept) = AWAY];
              string by_further = 7 [(audit.policy).(audit.more) = PERSONAL];
              string by_alias = 8 [(audit.class) = PRIVATE];
              string public = 20 [(audit.class) = PUBLIC, (audit.policy).class = PUBLIC];
              string flag_of_option = 21 [(audit.policy).hush = true];
              string text_of_option = 22 [(audit.policy).note = "PERSONAL"];
              string number_of_option = 23 [(audit.level) = 1];
              audit.Class of_that_enum = 24;
              enum Kept { HERE = 0; AWAY = 1 [debug_redact = true]; }
              extend google.protobuf.FieldOptions { Kept kept = 50010; }
              extensions 100 to 200;
            }
            extend M { string by_extension = 100 [(audit.class) = SECRET]; string free = 101; }
        """,
        "b.proto": """
            syntax = "proto2";
            package audit;
            import public "google/protobuf/descriptor.proto";
            enum Class {
              option allow_alias = true;
              PUBLIC = 0; PERSONAL = 1 [debug_redact = true]; PRIVATE = 1;
              SECRET = 2 [deprecated = true, debug_redact = true]; KNOWN = 3 [debug_redact = false];
            }
            message Policy {
              optional Class class = 1; optional bool hush = 2 [debug_redact = true];
              message Inner { repeated Class all = 1; } optional Inner inner = 3;
              map<string, Class> named = 4; optional string note = 5;
              extensions 10 to 20;
            }
            extend Policy { optional Class more = 10; }
            extend google.protobuf.FieldOptions {
              optional Class class = 50000; optional Policy policy = 50001;
              repeated Class all = 50002; optional int32 level = 50003;
            }
        """,
    },
    "across syntaxes": {
        "a.proto": "package p; enum Closed { ONE = 1; } message Req { required int32 x = 1; }",
        "b.proto": """
            edition = "2023"; package p; import "a.proto";
            message M { Closed c = 1; Req r = 2; repeated Closed cs = 3; }
        """,
        "c.proto": """
            syntax = "proto3"; package p; import "a.proto"; import "b.proto";
            message O { optional Req r = 1; map<string, M> ms = 2; }
        """,
    },
    "comments and lines": {
        "a.proto": "\ufeff// first\r\nsyntax/**/=/* a * b */'proto3';"
        "message M{/***/string/**/x/**/=/**/1;//\n}//end"
    },
    "a folder of folders": {
        "x/y/a.proto": 'syntax = "proto3"; import "x/b.proto"; message A { B b = 1; }',
        "x/b.proto": 'syntax = "proto3"; message B { int32 i = 1; }',
    },
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_read_as_protoc_reads_it(tmp_path: Path, name: str) -> None:
    folder = written(tmp_path / "protos", CASES[name])
    ours, theirs = both(folder, tmp_path)
    assert ours.types == theirs.types
    assert (ours.problems, ours.kinds) == (theirs.problems, theirs.kinds) == ((), {})


def test_what_matters_is_what_the_language_says(tmp_path: Path) -> None:
    """Not only alike: what both say is right."""
    schema = read_own(written(tmp_path, CASES["edition 2023"]))
    fields = {one.name: one for one in schema.types.messages["e.M"]}
    assert [name for name, one in fields.items() if one.presence] == [
        *("exp", "del", "c", "must", "x", "y", "one")
    ]
    assert [name for name, one in fields.items() if one.required] == ["must"]
    assert [name for name, one in fields.items() if one.delimited] == ["del"]
    assert [name for name, one in fields.items() if one.utf8] == ["ext", "one"]
    assert not fields["unpacked"].packed
    assert {name: enum.closed for name, enum in schema.types.enums.items()} == {
        **{"e.Cl": True, "e.Op": False, "e.M.In": True}
    }
    assert fields["ext"].extension == "e.ext"
    assert fields["ext"].json_name == "[e.ext]"
    assert schema.types.entries == {"e.M.MEntry"}
    entry = schema.types.messages["e.M.MEntry"]
    assert [(one.name, one.utf8) for one in entry] == [("key", False), ("value", False)]


@pytest.mark.parametrize("skimmed", [False, True])
def test_what_is_marked_a_secret_is_known_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, skimmed: bool
) -> None:
    if skimmed:
        monkeypatch.setattr(bounds, "SKIMMED", 0)
    schema = read_own(written(tmp_path, CASES["secrets"]))
    marked = [one.name for one in schema.types.messages["M"] if one.redacted]
    assert marked == ["a", "c", "d", "e"]


def test_so_is_what_has_an_option_whose_value_is_marked(tmp_path: Path) -> None:
    """``DebugFormat`` of protobuf-java 4.33.0 leaves these out: Descriptors.getRedactionState.

    See findings/a_value_of_an_option_hides_a_field.sh.
    """
    schema = read_own(written(tmp_path, CASES["secrets by an option"]))
    marked = {one.name for one in schema.types.messages["p.q.M"] if one.redacted}
    assert marked == {
        *("by_value", "by_part", "by_inner", "by_one_of_many", "by_key", "by_own", "by_further"),
        *("by_alias", "by_extension"),
    }
    assert field(schema, "audit.Policy", "hush").redacted


def test_an_option_that_is_declared_in_a_file_that_is_missing_marks_nothing(tmp_path: Path) -> None:
    text = """
        syntax = "proto3"; import "audit.proto";
        enum Class { PUBLIC = 0; PERSONAL = 1 [debug_redact = true]; }
        message M { string a = 1 [(audit.class) = PERSONAL]; string b = 2 [debug_redact = true]; }
    """
    schema = source(tmp_path, text)
    assert [one.name for one in schema.types.messages["M"] if one.redacted] == ["b"]
    assert schema.problems == ()


def test_maps_are_never_delimited(tmp_path: Path) -> None:
    schema = read_own(written(tmp_path, CASES["delimited for all"]))
    assert field(schema, "M", "self").delimited
    assert not field(schema, "M", "map").delimited
    assert not field(schema, "M.MapEntry", "value").delimited


def test_of_proto2_enums_are_closed_groups_delimited_and_sets_known(tmp_path: Path) -> None:
    schema = read_own(written(tmp_path, CASES["proto2"]))
    types = schema.types
    assert types.enums["t.Base.Col"].closed
    assert types.enums["t.Base.Col"].values == ((0, "RED"), (5, "BLUE"), (-1, "NAVY"), (5, "AZURE"))
    assert types.message_sets == {"t.MSet"}
    assert field(schema, "t.MSet", "item").number == 2**31 - 2
    assert field(schema, "t.Base", "grp").delimited
    assert field(schema, "t.Base", "grp").type_name == "t.Base.Grp"
    assert field(schema, "t.Base", "name").required
    assert not field(schema, "t.Base", "name").utf8
    assert field(schema, "t.Base", "nested_ext").extension == "t.Base.Inner.nested_ext"


def test_optional_fields_of_proto3_are_in_no_oneof(tmp_path: Path) -> None:
    schema = read_own(written(tmp_path, CASES["proto3"]))
    shown = {one.name: (one.presence, one.oneof) for one in schema.types.messages["a.b.M"]}
    assert shown["o"] == shown["_x"] == (True, None)
    assert shown["_o"] == (False, None)
    assert shown["s"] == (True, "one")


#: A wrong text, and how the sentence about it goes on behind the name of the file.
WRONG = {
    "message M { string x = 1; ": "line 1: a type is expected, not the end of the file",
    "message M {\n  string x = 1\n}": "line 3: ';' is expected, not '}'",
    "message M {\n\n  strin g x = 1; }": "line 3: '=' is expected, not 'x'",
    "message 3 {}": "line 1: a name is expected, not '3'",
    "message M { string x = 0; }": "line 1: this number is out of range",
    "message M { string x = 536870912; }": "line 1: this number is out of range",
    "message M { string x = -1; }": "line 1: a whole number is expected, not '-'",
    "message M { string x = 1x; }": "line 1: '1' cannot stand here",
    "message M { string x = 08; }": "line 1: '0' cannot stand here",
    "message M { string x = 1;\n int32 y = 1; }": "line 2: the number 1 is used twice in M",
    "message M { string x = 1;\n int32 x = 2; }": "line 2: M.x is declared twice",
    "message M {}\nmessage M {}": "line 2: M is declared twice",
    "enum E {\nA = 0; B = 0; }": "line 2: the number 0 is used twice in E, which does not allow",
    "enum E { A = 0; }\nenum F { A = 0; }": "line 2: A is declared twice",
    "enum E {\n}": "line 1: the enum E has no value",
    "enum E { A = 2147483648; }": "line 1: this number is out of range",
    "message M { oneof o {\n} }": "line 1: the oneof o has no field",
    "message M { oneof o { repeated string x = 1; } }": "line 1: a field in a oneof has no label",
    "message M { oneof o { map<int32, M> x = 1; } }": "line 1: a map has no label and stands in a",
    "message M { map<double, M> x = 1; }": "line 1: the type of a key: an integer type, bool or",
    "message M { map<M, M> x = 1; }": "line 1: the type of a key",
    "message M { required string x = 1; }": "line 1: 'required' is not part of proto3",
    "message M { repeated group G = 1 {} }": "line 1: groups are part of proto2 only",
    "message M { string x = 1 [packed = 3]; }": "line 1: packed cannot be set to this",
    "message M { string x = 1 [json_name = 3]; }": "line 1: a string is expected, not '3'",
    "option x = {\n a: [1, 2}": "line 2: ']' is expected, not '}'",
    "option x = {\n a: 1": "line 1: the braces of this value are never closed",
    "option x = 99999999999999999999999999;": "line 1: this number is out of range",
    "/* no end\n\n": "line 1: a comment without an end cannot stand here",
    '\n"no end\n': "line 2: a string without an end",
    "option x = 1.5e+;": "line 1: '1' cannot stand here",
    '\nimport "\\q";': "line 2: a string without an end, or with an unknown escape",
    'import "\\xff";': "line 1: this string is not UTF-8 text",
    "\nfoo": "line 2: a declaration is expected, not 'foo'",
    "package a; package b;": "line 1: there is a package already",
    "message M { extensions 5 to 4; }": "line 1: a number that is not smaller",
    "service S { rpc X (M) return (M); }": "line 1: 'returns' is expected, not 'return'",
    "message M { string x = 1; \0 }": r"line 1: '�' cannot stand here",
    "§": "line 1: '§' cannot stand here",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_said_with_file_and_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(SchemaError) as raised:
        source(tmp_path, 'syntax = "proto3"; ' + text)
    assert raised.value.message.startswith(f"a.proto, {WRONG[text]}")
    assert "\n" not in raised.value.message


@pytest.mark.parametrize("text", WRONG)
def test_skimming_says_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(bounds, "SKIMMED", 0)
    test_what_is_wrong_is_said_with_file_and_line(tmp_path, text)


@pytest.mark.parametrize("name", CASES)
def test_what_is_right_is_skimmed_and_read(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    files = [(path, text.encode()) for path, text in CASES[name].items()]
    unskimmed = [one[:2] for one in read(files)]
    monkeypatch.setattr(bounds, "SKIMMED", 0)
    assert [one[:2] for one in read(files)] == unskimmed


#: Valid statements, as many as make a file long, by what they are.
LONG = {
    "fields": "message M { string a = 1; repeated .p.Q b = 2; map<int32, a.B> c = 3; }",
    "options": "message M { string a = 1 [deprecated = true, (x.y) = 'z']; }",
    "values": 'enum E { A = 0; B = -1; C = 2 [(name) = "c", deprecated = false]; }',
    "oneofs": "message M { oneof one { string a = 1; M b = 2; } reserved 3, 5 to 9; ; }",
    "heads": "message M {} // of nothing\n/* at all */ enum E { }",
    "methods": "service S { rpc A (stream M) returns (.a.B); rpc C(M)returns(M) {} }",
    "custom": "option (a.b).c = { d: 1 e: [] f { g: 'h' -1.5 } };",
}


@pytest.mark.parametrize("what", LONG)
def test_an_error_behind_much_that_is_right_is_found_before_that_is_read(
    monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """It is the last of many files, and the first thing that is looked at word by word."""
    long = (HEAD + f"{LONG[what]}\n" * 2000).encode()
    words = 0
    step = ProtoTokens.step

    def counted(tokens: ProtoTokens) -> object:
        nonlocal words
        words += 1
        return step(tokens)

    monkeypatch.setattr(ProtoTokens, "step", counted)
    wrong = (HEAD + "message M { string x = ; }").encode()
    with pytest.raises(SchemaError, match=r"z\.proto, line 3: a whole number is expected, not ';'"):
        read([("a.proto", long), ("b.proto", long), ("z.proto", wrong)])
    assert words < 100


@pytest.mark.parametrize("text", WRONG)
def test_protoc_refuses_it_too(
    tmp_path: Path, text: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert compiled(written(tmp_path, {"a.proto": 'syntax = "proto3"; ' + text})) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('syntax = "proto4";', "line 1: the syntax 'proto4' is unknown"),
        ('edition = "2022";', "line 1: edition '2022' is unknown; known are 2023 and 2024"),
        ('\nsyntax = proto3;', "line 2: a string is expected, not 'proto3'"),
        ("message M { string x = 1; }", "line 1: 'optional', 'repeated', 'required' or another"),
        ('edition = "2023"; message M { optional int32 x = 1; }', "line 1: 'optional' is not part"),
        ('edition = "2023"; message M { required int32 x = 1; }', "line 1: 'required' is not part"),
        ('edition = "2023"; message M { group G = 1 {} }', "line 1: groups are part of proto2"),
        ('edition = "2023"; option features.colour = RED;', "line 1: features cannot be set to"),
        ('edition = "2023"; option features.enum_type = AJAR;', "line 1: features cannot be set"),
    ],
)  # fmt: skip
def test_what_a_syntax_does_not_have_is_said(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SchemaError) as raised:
        source(tmp_path, text)
    assert raised.value.message.startswith(f"a.proto, {said}")


def test_bytes_that_are_no_text_have_a_line(tmp_path: Path) -> None:
    written(tmp_path, {"a.proto": b'syntax = "proto3";\n\nmessage \xff {}'})
    with pytest.raises(SchemaError, match=r"^a\.proto, line 3: this is not UTF-8 text\.$"):
        read_own(tmp_path)


def test_what_is_declared_in_two_files_names_both(tmp_path: Path) -> None:
    written(tmp_path, {"a.proto": HEAD + "message M {}", "b.proto": HEAD + "\nmessage M {}"})
    with pytest.raises(SchemaError, match=r"^b\.proto, line 4: shop\.v1\.M is declared in a\.pro"):
        read_own(tmp_path)


def test_files_that_import_each_other_are_refused(tmp_path: Path) -> None:
    files = {name: f'import "{other}";' for name, other in (("a.proto", "b.proto"),)}
    written(tmp_path, {**files, "b.proto": 'import "c.proto";', "c.proto": 'import "a.proto";'})
    with pytest.raises(SchemaError, match=r"import each other: a\.proto, b\.proto, c\.proto\."):
        read_own(tmp_path)


def test_a_type_that_is_nowhere_makes_its_field_unreadable_by_name(tmp_path: Path) -> None:
    schema = source(
        tmp_path,
        HEAD + "message M {\n Gone x = 1;\n string y = 2;\n map<string, Gone> z = 3;\n"
        " oneof o { Gone a = 4; }\n oneof p { Gone b = 5; int32 c = 6; }\n}",
    )
    fields = schema.types.messages["shop.v1.M"]
    assert [(one.number, one.name, one.oneof) for one in fields] == [(2, "y", None), (6, "c", "p")]
    assert list(schema.types.messages) == ["shop.v1.M"]
    why = "cannot be read by name, since its type Gone is not here."
    assert schema.problems == (
        f"a.proto, line 4: shop.v1.M.x (1) {why}",
        f"a.proto, line 6: shop.v1.M.z (3) {why}",
        f"a.proto, line 7: shop.v1.M.a (4) {why}",
        f"a.proto, line 8: shop.v1.M.b (5) {why}",
    )


def test_what_is_imported_for_options_alone_may_be_missing(tmp_path: Path) -> None:
    """As in Stigmer's own folder, whose rules for values no record holds."""
    schema = source(
        tmp_path,
        HEAD + 'import "buf/validate/validate.proto";\n'
        "message M { string x = 1 [(buf.validate.field).string.min_len = 1]; }",
    )
    assert [one.name for one in schema.types.messages["shop.v1.M"]] == ["x"]
    assert schema.problems == ()


def test_a_missing_import_is_said_and_the_rest_is_read(tmp_path: Path) -> None:
    schema = source(
        tmp_path,
        HEAD + 'import "buf/validate/validate.proto";\nimport "google/protobuf/any.proto";\n'
        "message M {\n string x = 1 [(buf.validate.field).string.min_len = 1];\n"
        " google.protobuf.Any any = 2;\n buf.validate.Rule rule = 3;\n}",
    )
    assert [one.name for one in schema.types.messages["shop.v1.M"]] == ["x", "any"]
    assert schema.problems == (
        "buf/validate/validate.proto is not here, though a.proto imports it.",
        "a.proto, line 8: shop.v1.M.rule (3) cannot be read by name, since its type"
        " buf.validate.Rule is not here.",
    )
    assert "google.protobuf.Any" in schema.types.messages
    assert "google.protobuf.Struct" not in schema.types.messages


def test_a_map_to_a_missing_type_leaves_the_messages_beside_it(tmp_path: Path) -> None:
    text = """import "missing.proto";
        message A {
            message B { string s = 1; gone.Type t = 2; map<string, gone.Type> m = 3; }
            repeated B b = 1;
            map<string, gone.Type> m = 2;
            map<string, B> kept = 3;
        }"""
    schema = source(tmp_path, HEAD + text)
    fields = {
        name: [field.name for field in fields] for name, fields in schema.types.messages.items()
    }
    assert fields["shop.v1.A"] == ["b", "kept"]
    assert fields["shop.v1.A.B"] == ["s"]
    assert sum("cannot be read by name" in one for one in schema.problems) == 3


def test_what_a_missing_file_could_change_is_no_fact(tmp_path: Path) -> None:
    """The missing file could declare a.b.T, which would hide a.T."""
    files = {
        "a.proto": 'syntax = "proto3"; package a; message T {}',
        "b.proto": 'syntax = "proto3"; package a.b; import "a.proto"; import "gone.proto";\n'
        "message M { T t = 1; a.T sure = 2; .a.T sure_too = 3; M self = 4; }",
    }
    schema = read_own(written(tmp_path, files))
    assert [one.name for one in schema.types.messages["a.b.M"]] == ["sure", "sure_too", "self"]
    assert schema.problems[1] == (
        "b.proto, line 2: a.b.M.t (1) cannot be read by name, since its type T may be in a file"
        " that is not here."
    )


def test_a_name_that_is_hidden_is_not_found_further_out(tmp_path: Path) -> None:
    schema = source(
        tmp_path, HEAD + "message Out { message In {} }\nmessage M { message Out {} Out.In x = 1; }"
    )
    assert schema.types.messages["shop.v1.M"] == ()
    assert "Out.In is not here" in schema.problems[0]


def test_what_is_not_imported_is_not_seen(tmp_path: Path) -> None:
    files = {
        "a.proto": HEAD + 'import "b.proto"; message A { C c = 1; }',
        "b.proto": HEAD + 'import "c.proto"; message B { C c = 1; }',
        "c.proto": HEAD + "message C {}",
    }
    schema = read_own(written(tmp_path, files))
    assert schema.types.messages["shop.v1.A"] == ()
    assert len(schema.types.messages["shop.v1.B"]) == 1


def test_features_for_other_languages_need_no_file_of_theirs(tmp_path: Path) -> None:
    schema = source(
        tmp_path,
        'edition = "2023"; import "google/protobuf/cpp_features.proto";'
        " message M { string x = 1 [features.(pb.cpp).string_type = VIEW,"
        " features = { field_presence: IMPLICIT [pb.cpp] { string_type: VIEW } }]; }",
    )
    assert not field(schema, "M", "x").presence
    assert schema.problems == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("message M {" * 40 + "}" * 40, "line 1: this is more than 32 messages deep"),
        ("option x = {" + "a:{" * 40 + "}" * 41 + ";", "line 1: this value is nested too deep"),
        ("option x = {a:" + "[" * 40, "line 1: this value is nested too deep"),
        ("package " + "a." * 20 + "a;", "line 1: the name of this package is too long"),
        ("message M { " + "a." * 80 + "a x = 1; }", "line 1: this name has too many parts"),
        ("message " + "M" * 2000 + " {}", "line 1: the name MMMMM"),
        (
            "option x = { " + "[a.a]: 1 " * (bounds.SOURCE_TOKENS // 7 + 1) + "};",
            "line 1: up to here there are",
        ),
    ],
    ids=lambda value: value[:30],
)
def test_what_is_too_deep_or_too_much_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SchemaError) as raised:
        source(tmp_path, 'syntax = "proto3"; ' + text)
    assert raised.value.message.startswith(f"a.proto, {said}")


def test_more_declarations_than_are_read_are_refused(tmp_path: Path) -> None:
    values = "".join(f"V{index} = {index};" for index in range(bounds.SOURCE_DECLARED - 2))
    ranges = "extensions 100 to 200, 300 to 400, 500 to max;"
    with pytest.raises(SchemaError, match="more than 25,000 things are declared"):
        source(tmp_path, f'syntax = "proto2"; enum E {{ {values} }} message M {{ {ranges} }}')
    with pytest.raises(SchemaError, match="More than the 25,000 things"):
        source(tmp_path, HEAD + ";" * (4 * bounds.SOURCE_DECLARED + 1))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "".join(
                f"message M{at} {{ string a = 1; int32 b = 2 [deprecated = true]; }}\n"
                for at in range(bounds.SOURCE_DECLARED // 3 + 1)
            ),
            "More than the 25,000 things that are read are declared.",
        ),
        (
            "enum E { "
            + "".join(f"V{at} = -0x{at:x};" for at in range(bounds.SOURCE_DECLARED + 1)),
            "More than the 25,000 things that are read are declared.",
        ),
        (
            "option x = { " + "a " * (bounds.SOURCE_TOKENS + 1),
            "More than the 300,000 words that are read stand in it.",
        ),
        (
            "option x = { a: " + "'b' \"c\" " * (bounds.SOURCE_TOKENS // 2 + 1),
            "More than the 300,000 words that are read stand in it.",
        ),
    ],
    ids=["fields", "values", "names", "texts"],
)
def test_what_holds_too_much_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    monkeypatch.delattr(ProtoTokens, "__init__")
    with pytest.raises(SchemaError) as raised:
        source(tmp_path, HEAD + text)
    assert raised.value.message == said


def test_many_files_may_declare_more_than_one_may(tmp_path: Path) -> None:
    """Large collections are many files; what makes a single one long is a list or an attack."""
    each = bounds.DECLARED_A_FILE
    many = bounds.SOURCE_DECLARED // each + 2
    for at in range(many):
        values = "".join(f"V{at}_{one} = {one};" for one in range(each))
        text = f"{HEAD} message M{at} {{ enum E {{ {values} }} }}"
        (tmp_path / f"{at}.proto").write_text(text, encoding="utf-8")
    assert len(read_own(tmp_path).types.messages) == many


def test_what_is_no_declaration_is_not_counted_as_one(tmp_path: Path) -> None:
    """Options, comments and texts may hold as much as they like of what looks like fields."""
    aside = "option java_multiple_files = true;\n// a = 1; b = 2; message M {\n"
    text = f"{aside * 2}/* {'c = 3;' * 30} */ option x = 'd = 4;{'e = 5;' * 30}';\n"
    schema = source(tmp_path, HEAD + text * 1000 + "message M { string x = 1; }")
    assert list(schema.types.messages) == ["shop.v1.M"]


def test_thousands_of_enum_values_are_read(tmp_path: Path) -> None:
    values = "".join(f"V{index} = {index};" for index in range(5000))
    schema = source(tmp_path, HEAD + f"enum E {{ {values} }} message M {{ E e = 1; }}")
    assert schema.types.enums["shop.v1.E"].values[-1] == (4999, "V4999")


def test_it_can_be_cancelled_within_a_file(tmp_path: Path) -> None:
    cancel = threading.Event()
    written(tmp_path, {"a.proto": HEAD + "message M {}", "b.proto": HEAD + "message N {}"})
    done: list[tuple[int, int]] = []

    def progress(now: int, of: int) -> None:
        done.append((now, of))
        cancel.set()

    with pytest.raises(CancelledError):
        read_own(tmp_path, cancel, progress)
    assert done == [(1, 2)]


def test_a_copy_of_a_well_known_type_is_not_another_one(tmp_path: Path) -> None:
    files = {
        "vendor/google/protobuf/timestamp.proto": 'syntax = "proto3"; package google.protobuf;'
        " message Timestamp { string not_the_real_one = 1; }",
        "a.proto": 'syntax = "proto3"; import "google/protobuf/timestamp.proto";'
        " message M { google.protobuf.Timestamp at = 1; }",
    }
    schema = read_own(written(tmp_path, files))
    fields = schema.types.messages["google.protobuf.Timestamp"]
    assert [one.name for one in fields] == ["seconds", "nanos"]
    assert schema.problems == ()
