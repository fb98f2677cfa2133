// toYaml and fromYaml: what the real Helm answers.
#include <gtest/gtest.h>

#include "helm/functions_test.h"

namespace plumbline::helm {
namespace {

class YamlTable : public ::testing::TestWithParam<Row> {};
TEST_P(YamlTable, AnswersAsHelmDoes) {
  EXPECT_EQ(Rendered(GetParam().text), GetParam().expected) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    YamlTexts, YamlTable,
    ::testing::Values(
        Row{"{{ toYaml \"\" }}", "\"\""}, Row{"{{ toYaml \"a\" }}", "a"},
        Row{"{{ toYaml \"yes\" }}", "\"yes\""}, Row{"{{ toYaml \"y\" }}", "\"y\""},
        Row{"{{ toYaml \"Off\" }}", "\"Off\""}, Row{"{{ toYaml \"null\" }}", "\"null\""},
        Row{"{{ toYaml \"~\" }}", "\"~\""}, Row{"{{ toYaml \"1\" }}", "\"1\""},
        Row{"{{ toYaml \"0x1f\" }}", "\"0x1f\""}, Row{"{{ toYaml \"1e3\" }}", "\"1e3\""},
        Row{"{{ toYaml \"08\" }}", "\"08\""}, Row{"{{ toYaml \"1_000\" }}", "\"1_000\""},
        Row{"{{ toYaml \"1:30\" }}", "\"1:30\""}, Row{"{{ toYaml \".5\" }}", "\".5\""},
        Row{"{{ toYaml \".inf\" }}", "\".inf\""}, Row{"{{ toYaml \"-\" }}", "'-'"},
        Row{"{{ toYaml \"- a\" }}", "'- a'"}, Row{"{{ toYaml \"a: b\" }}", "'a: b'"},
        Row{"{{ toYaml \"a #b\" }}", "'a #b'"}, Row{"{{ toYaml \"#a\" }}", "'#a'"},
        Row{"{{ toYaml \"@a\" }}", "'@a'"}, Row{"{{ toYaml \"a\\nb\" }}", "|-\n  a\n  b"},
        Row{"{{ toYaml \"a\\n\" }}", "|\n  a"}, Row{"{{ toYaml \"\\na\" }}", "|2-\n\n  a"},
        Row{"{{ toYaml \"a\\n\\n\" }}", "|+\n  a\n"},
        Row{"{{ toYaml \" a\\nb\" }}", "|2-\n   a\n  b"},
        Row{"{{ toYaml \"a \\nb\" }}", "\"a \\nb\""}, Row{"{{ toYaml \"a\\tb\" }}", "\"a\\tb\""},
        Row{"{{ toYaml \"2020-01-01\" }}", "\"2020-01-01\""},
        Row{"{{ toYaml \"2020-13-01\" }}", "2020-13-01"}, Row{"{{ toYaml \"é✓\" }}", "é✓"},
        Row{"{{ toYaml \"😀\" }}", "\"\\U0001F600\""},
        Row{"{{ toYaml \"it's: x\" }}", "'it''s: x'"}, Row{"{{ toYaml \"<<\" }}", "<<"},
        Row{"{{ toYaml \"1.2.3\" }}", "1.2.3"},
        Row{"{{ toYaml \"12345678901234567890\" }}", "\"12345678901234567890\""},
        Row{"{{ toYaml \"{{ x }}\" }}", "'{{ x }}'"}, Row{"{{ toYaml \"a\\\"b\" }}", "a\"b"},
        Row{"{{ toYaml (repeat 20 \"word \") }}",
            "'word word word word word word word word word word word word word word word word "
            "word\n  word word word '"},
        Row{"{{ toYaml (repeat 100 \"x\") }}",
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            "xxxxxxxxxxxxxx"}));

INSTANTIATE_TEST_SUITE_P(
    YamlKeys, YamlTable,
    ::testing::Values(
        Row{"{{ dict \"b10\" 1 \"b9\" 2 \"B\" 3 \"a\" 4 \"1\" 5 \"10\" 6 \"2\" 7 \"_\" 8 \"a.b\" 9 "
            "\"\" 10 | toYaml }}",
            "\"\": 10\n_: 8\n\"1\": 5\n\"2\": 7\n\"10\": 6\nB: 3\na: 4\na.b: 9\nb9: 2\nb10: 1"},
        Row{"{{ dict \"yes\" 1 \"a: b\" 2 \"a\\nb\" 3 \"- x\" 4 | toYaml }}",
            "'- x': 4\n? |-\n  a\n  b\n: 3\n'a: b': 2\n\"yes\": 1"},
        Row{"{{ dict (repeat 130 \"k\") (list 1 (dict \"a\" 1)) | toYaml }}",
            "? "
            "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
            "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk\n: - 1\n  - a: 1"}));

INSTANTIATE_TEST_SUITE_P(
    YamlShapes, YamlTable,
    ::testing::Values(
        Row{"{{ toYaml nil }} {{ toYaml true }} {{ toYaml 1.5 }} {{ toYaml (list) }} {{ toYaml "
            "(dict) }}",
            "null true 1.5 [] {}"},
        Row{"{{ dict \"a\" (list 1 (dict \"x\" 1 \"y\" (list \"z\"))) \"b\" (dict \"c\" (dict "
            "\"d\" nil)) | toYaml }}",
            "a:\n- 1\n- x: 1\n  \"y\":\n  - z\nb:\n  c:\n    d: null"},
        Row{"{{ list (list 1 (list 2)) (dict \"a\" (list)) | toYaml }}", "- - 1\n  - - 2\n- a: []"},
        Row{"{{ dict \"m\" \"l1\\nl2\\n\" \"l\" (list \"a\\nb\") | toYaml }}",
            "l:\n- |-\n  a\n  b\nm: |\n  l1\n  l2"},
        Row{"{{ toYaml 1e21 }} {{ toYaml 1e-7 }} {{ toYaml .Values.million }} {{ toYaml "
            ".Values.big }} {{ toYaml 1e20 }}",
            "1e+21 1e-07 1000000 12345678901 1e+20"},
        Row{"{{ dict \"a\" (list 1 (dict \"x\" 1 \"y\" (list \"z\"))) \"f\" 1000000.0 | "
            "toYamlPretty }}",
            "a:\n  - 1\n  - x: 1\n    \"y\":\n      - z\nf: 1e+06"},
        Row{"{{ concat (list) (list) | toYaml }}", "null"},
        Row{"{{ .Values.nested | toYaml | nindent 4 }}",
            "\n    ports:\n    - name: http\n      port: 80\n    x:\n      k: deep"}));

INSTANTIATE_TEST_SUITE_P(
    YamlReading, YamlTable,
    ::testing::Values(
        Row{"{{ fromYaml \"a: yes\\nb: [y, n, on, Off]\" | toJson }}",
            "{\"a\":true,\"b\":[true,false,true,false]}"},
        Row{"{{ fromYaml \"on: 1\\n0777: 2\\n1.5: 3\\n\\\"off\\\": 4\" | toJson }}",
            "{\"1.5\":3,\"511\":2,\"off\":4,\"true\":1}"},
        Row{"{{ fromYaml \"a: 0777\\nb: 0o17\\nc: 0x1F\\nd: 1_000\\ne: 08\" | toJson }}",
            "{\"a\":511,\"b\":15,\"c\":31,\"d\":1000,\"e\":8}"},
        Row{"{{ fromYaml \"a: 2020-01-01\" | toJson }}", "{\"a\":\"2020-01-01\"}"},
        Row{"{{ fromYaml \"a: .inf\" | toJson }}",
            "{\"Error\":\"error converting YAML to JSON: json: unsupported value: +Inf\"}"},
        Row{"{{ fromYaml \"a: &x {b: 1}\\nc:\\n  <<: *x\\n  d: 2\" | toJson }}",
            "{\"a\":{\"b\":1},\"c\":{\"b\":1,\"d\":2}}"},
        Row{"{{ fromYaml \"a: |\\n  x\\n  y\\nb: >-\\n  x\\n  y\" | toJson }}",
            "{\"a\":\"x\\ny\\n\",\"b\":\"x y\"}"},
        Row{"{{ fromYaml \"a: !!str 1\\nb: !!binary aGk=\" | toJson }}",
            "{\"a\":\"1\",\"b\":\"hi\"}"},
        Row{"{{ fromYaml \"- 1\" | toJson }}",
            "{\"Error\":\"error unmarshaling JSON: while decoding JSON: json: cannot unmarshal "
            "array into Go value of type map[string]interface {}\"}"},
        Row{"{{ fromYaml \"a\" | toJson }}",
            "{\"Error\":\"error unmarshaling JSON: while decoding JSON: json: cannot unmarshal "
            "string into Go value of type map[string]interface {}\"}"},
        Row{"{{ fromYaml \"\" | toJson }}", "{}"},
        Row{"{{ fromYaml \"---\\na: 1\\n---\\nb: 2\" | toJson }}", "{\"a\":1}"},
        Row{"{{ fromYaml \"a: 12345678901234567890\" | toJson }}", "{\"a\":12345678901234567000}"},
        Row{"{{ fromYaml \"a: ~\\nb:\\nc: Null\" | toJson }}",
            "{\"a\":null,\"b\":null,\"c\":null}"},
        Row{"{{ fromYaml \"null: a\" | toJson }}",
            "{\"Error\":\"error converting YAML to JSON: unsupported map key of type: "
            "%!s(\\u003cnil\\u003e), key: \\u003cnil\\u003e, value: \\\"a\\\"\"}"},
        Row{"{{ fromYaml \"a: 1\\na: 2\" | toJson }}", "{\"a\":2}"},
        Row{"{{ fromYamlArray \"- 1\\n- a: b\" | toJson }} {{ fromYamlArray \"a: 1\" | toJson }} "
            "{{ fromYamlArray \"\" | toJson }}",
            "[1,{\"a\":\"b\"}] [\"error unmarshaling JSON: while decoding JSON: json: cannot "
            "unmarshal object into Go value of type []interface {}\"] []"}));

}  // namespace
}  // namespace plumbline::helm
