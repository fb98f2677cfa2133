// Functions on numbers, lists and maps: what the real Helm answers.
#include <gtest/gtest.h>

#include "helm/functions_test.h"

namespace plumbline::helm {
namespace {

class ValuesTable : public ::testing::TestWithParam<Row> {};
TEST_P(ValuesTable, AnswersAsHelmDoes) {
  EXPECT_EQ(Rendered(GetParam().text), GetParam().expected) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Numbers, ValuesTable,
    ::testing::Values(
        Row{"{{ add 1 \"2\" 3.9 }} {{ add1 41 }} {{ sub 5 7 }} {{ mul 2 3 4 }} {{ div 7 2 }} {{ "
            "mod 7 3 }}",
            "6 42 -2 24 3 1"},
        Row{"{{ div 1 0 }}", "ERROR error calling div: runtime error: integer divide by zero"},
        Row{"{{ mod 1 0 }}", "ERROR error calling mod: runtime error: integer divide by zero"},
        Row{"{{ addf 0.1 0.2 }} {{ subf 1 0.9 }} {{ mulf 1.1 1.1 }} {{ divf 1 3 }} {{ add1f 0.5 }}",
            "0.3 0.1 1.21 0.3333333333333333 1.5"},
        Row{"{{ divf 1 0 }}", "ERROR error calling divf: decimal division by 0"},
        Row{"{{ max 1 5 3 }} {{ min 4 2 }} {{ biggest 1 2 }} {{ maxf 1.5 3 }} {{ minf 1.5 3 }}",
            "5 2 2 3 1.5"},
        Row{"{{ floor 123.9999 }} {{ ceil 123.001 }} {{ round 123.555555 3 }} {{ round -2.5 0 }} "
            "{{ round 1.25 1 0.6 }}",
            "123 124 123.556 -3 1.2"},
        Row{"{{ int \"10\" }} {{ int \"010\" }} {{ int \"0x1f\" }} {{ int \"1.00\" }} {{ int \"x\" "
            "}} {{ int 3.9 }} {{ int true }}",
            "10 8 31 1 0 3 1"},
        Row{"{{ int64 \"1e3\" }} {{ float64 \"1e3\" }} {{ float64 \"1_000\" }} {{ float64 \"x\" }}",
            "0 1000 1000 0"},
        Row{"{{ atoi \"42\" }} {{ atoi \"x\" }} {{ atoi \"99999999999999999999\" }} {{ toDecimal "
            "\"0777\" }} {{ toDecimal 777 }}",
            "42 0 9223372036854775807 511 511"},
        Row{"{{ until 4 }} {{ until -3 }} {{ untilStep 3 12 3 }} {{ untilStep 5 0 -2 }} {{ "
            "untilStep 0 5 0 }}",
            "[0 1 2 3] [0 -1 -2] [3 6 9] [5 3 1] []"},
        Row{"{{ seq 5 }}|{{ seq -2 }}|{{ seq 0 2 10 }}|{{ seq 2 -2 }}|{{ seq 5 1 0 }}|{{ seq 1 2 3 "
            "4 }}",
            "1 2 3 4 5|1 0 -1 -2|0 2 4 6 8 10|2 1 0 -1 -2||"},
        Row{"{{ int .Values.million }} {{ .Values.million }} {{ int 1e30 }}",
            "1000000 1e+06 -9223372036854775808"}));

INSTANTIATE_TEST_SUITE_P(
    Lists, ValuesTable,
    ::testing::Values(
        Row{"{{ append (list 1) 2 }} {{ push (list) nil }} {{ prepend (list 1) 0 }}",
            "[1 2] [<nil>] [0 1]"},
        Row{"{{ first (list 1 2) }} {{ last (list 1 2) }} {{ rest (list 1 2 3) }} {{ initial (list "
            "1 2 3) }}",
            "1 2 [2 3] [1 2]"},
        Row{"{{ first (list) }} {{ first \"abc\" }}",
            "ERROR error calling first: Cannot find first on type string"},
        Row{"{{ first nil }}",
            "ERROR error calling first: runtime error: invalid memory address or nil pointer "
            "dereference"},
        Row{"{{ rest (list) | toJson }} {{ concat (list) | toJson }} {{ list | toJson }}",
            "null null []"},
        Row{"{{ reverse (list 1 2 3) }} {{ uniq (list 1 1 \"a\" \"a\" 1.0) }} {{ compact (list 1 0 "
            "\"\" nil \"a\") }}",
            "[3 2 1] [1 a 1] [1 a]"},
        Row{"{{ without (list 1 2 3 2) 2 1 }} {{ has 2 (list 1 2) }} {{ has 2.0 (list 1 2) }} {{ "
            "has 1 nil }}",
            "[3] true false false"},
        Row{"{{ has 1 \"abc\" }}", "ERROR error calling has: Cannot find has on type string"},
        Row{"{{ slice (list 1 2 3 4) 1 3 }} {{ slice (list 1 2 3) 1 }} {{ slice (list) 1 | toJson "
            "}}",
            "[2 3] [2 3] null"},
        Row{"{{ slice (list 1) 0 5 }}",
            "ERROR error calling slice: reflect.Value.Slice: slice index out of bounds"},
        Row{"{{ concat (list 1) (until 2) (splitList \",\" \"a,b\") | toJson }}",
            "[1,0,1,\"a\",\"b\"]"},
        Row{"{{ concat (list 1) \"x\" }}",
            "ERROR error calling concat: Cannot concat type string as list"},
        Row{"{{ chunk 2 (list 1 2 3) }} {{ chunk 2 (list 1) | typeOf }}",
            "[[1 2] [3]] [][]interface {}"},
        Row{"{{ tuple 1 \"a\" | toJson }}", "[1,\"a\"]"}));

INSTANTIATE_TEST_SUITE_P(
    Dicts, ValuesTable,
    ::testing::Values(
        Row{"{{ dict \"a\" 1 \"b\" }} {{ dict 1 2 | toJson }}", "map[a:1 b:] {\"1\":2}"},
        Row{"{{ get (dict \"a\" 1) \"a\" }}{{ get (dict) \"a\" | quote }}", "1\"\""},
        Row{"{{ $d := dict }}{{ $_ := set $d \"x\" 1 }}{{ $_ := unset $d \"y\" }}{{ $d }} {{ "
            "hasKey $d \"x\" }}",
            "map[x:1] true"},
        Row{"{{ set nil \"a\" 1 }}", "ERROR error calling set: assignment to entry in nil map"},
        Row{"{{ pick (dict \"a\" 1 \"b\" 2) \"a\" \"z\" }} {{ omit (dict \"a\" 1 \"b\" 2) \"a\" }} "
            "{{ pluck \"a\" (dict \"a\" 1) (dict \"b\" 2) (dict \"a\" 3) }}",
            "map[a:1] map[b:2] [1 3]"},
        Row{"{{ dig \"a\" \"b\" \"none\" (dict \"a\" (dict \"b\" 1)) }} {{ dig \"a\" \"x\" "
            "\"none\" (dict \"a\" (dict \"b\" 1)) }}",
            "1 none"},
        Row{"{{ dig \"a\" 1 \"x\" }}",
            "ERROR error calling dig: interface conversion: interface {} is string, not "
            "map[string]interface {}"},
        Row{"{{ dig \"a\" \"b\" \"c\" (dict \"a\" 1) }}",
            "ERROR error calling dig: interface conversion: interface {} is int, not "
            "map[string]interface {}"},
        Row{"{{ merge (dict \"a\" false \"l\" (list 1)) (dict \"a\" true \"b\" 2 \"l\" (list 2)) | "
            "toJson }}",
            "{\"a\":true,\"b\":2,\"l\":[1]}"},
        Row{"{{ mergeOverwrite (dict \"a\" 1 \"m\" (dict \"x\" 1)) (dict \"a\" nil \"m\" (dict "
            "\"y\" 2)) | toJson }}",
            "{\"a\":null,\"m\":{\"x\":1,\"y\":2}}"},
        Row{"{{ merge (dict \"m\" (dict \"x\" 0)) (dict \"m\" (dict \"x\" 5 \"y\" 6)) | toJson }}",
            "{\"m\":{\"x\":5,\"y\":6}}"},
        Row{"{{ mergeOverwrite (dict \"a\" \"x\") (dict \"a\" \"\") | toJson }}", "{\"a\":\"\"}"},
        Row{"{{ $x := dict \"a\" 1 }}{{ $_ := merge $x (dict \"z\" 1) }}{{ $x | toJson }}",
            "{\"a\":1,\"z\":1}"},
        Row{"{{ $x := dict \"a\" (dict \"b\" 1) }}{{ $y := deepCopy $x }}{{ $_ := set $y.a \"b\" 2 "
            "}}{{ $x }} {{ $y }}",
            "map[a:map[b:1]] map[a:map[b:2]]"},
        Row{"{{ deepCopy nil }}",
            "ERROR error calling deepCopy: reflect: call of reflect.Value.Type on zero Value"},
        Row{"{{ merge nil (dict \"a\" 1) }}", "map[a:1]"}));

INSTANTIATE_TEST_SUITE_P(
    Defaults, ValuesTable,
    ::testing::Values(
        Row{"{{ default \"d\" false }} {{ default \"d\" 0 }} {{ default \"d\" \"\" }} {{ default "
            "\"d\" (list) }} {{ default \"d\" 5 }} {{ default \"d\" }}",
            "d d d d 5 d"},
        Row{"{{ empty nil }} {{ empty 0.0 }} {{ empty (dict) }} {{ empty \"a\" }}",
            "true true true false"},
        Row{"{{ coalesce 0 \"\" nil 2 }} {{ all 1 0 }} {{ any 0 1 }} {{ all }} {{ any }}",
            "2 false true true false"},
        Row{"{{ ternary \"a\" \"b\" true }} {{ ternary 1 2 false }}", "a 2"},
        Row{"{{ typeOf 1 }} {{ typeOf (list 1) }} {{ typeOf (dict) }} {{ typeOf nil }} {{ typeOf "
            "1.5 }} {{ typeOf (until 1) }}",
            "int []interface {} map[string]interface {} <nil> float64 []int"},
        Row{"{{ kindOf (dict) }} {{ kindOf nil }} {{ kindIs \"slice\" (list) }} {{ typeIs "
            "\"string\" \"a\" }} {{ typeIsLike \"int\" 1 }}",
            "map invalid true true true"},
        Row{"{{ deepEqual (list 1 2) (list 1 2) }} {{ deepEqual 1 1.0 }}", "true false"},
        Row{"{{ required \"need\" 0 }}", "0"}));

INSTANTIATE_TEST_SUITE_P(
    Templates, ValuesTable,
    ::testing::Values(Row{"{{ tpl \"{{ .a }}{{ .nope }}\" (dict \"a\" 1) }}", "1"},
                      Row{"{{ define \"x\" }}[{{ . }}]{{ end }}{{ include \"x\" 5 | upper }}",
                          "[5]"},
                      Row{"{{ include \"none\" . }}",
                          "ERROR error calling include: template: no template \"none\" associated "
                          "with template \"gotpl\""}));

}  // namespace
}  // namespace plumbline::helm
