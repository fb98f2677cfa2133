// Functions on texts: what the real Helm answers.
#include <gtest/gtest.h>

#include "helm/functions_test.h"

namespace plumbline::helm {
namespace {

class TextTable : public ::testing::TestWithParam<Row> {};
TEST_P(TextTable, AnswersAsHelmDoes) {
  EXPECT_EQ(Rendered(GetParam().text), GetParam().expected) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Trimming, TextTable,
    ::testing::Values(
        Row{"{{ trim \" a \" | quote }}", "\"a\""}, Row{"{{ trimAll \"-x\" \"-xax-\" }}", "a"},
        Row{"{{ trimall \"-\" \"--x-\" }}", "x"}, Row{"{{ trimPrefix \"-\" \"--a\" }}", "-a"},
        Row{"{{ trimSuffix \"-\" \"a--\" }}", "a-"}, Row{"{{ trunc 3 \"hello\" }}", "hel"},
        Row{"{{ trunc -3 \"hello\" }}", "llo"}, Row{"{{ trunc -9 \"hello\" }}", "hello"},
        Row{"{{ substr 1 3 \"hello\" }}", "el"}, Row{"{{ substr 3 -1 \"hello\" }}", "lo"},
        Row{"{{ substr -1 3 \"hello\" }}", "hel"},
        Row{"{{ substr 4 2 \"hello\" }}",
            "ERROR error calling substr: runtime error: slice bounds out of range [4:2]"},
        Row{"{{ substr -1 9 \"hello\" }}",
            "ERROR error calling substr: runtime error: slice bounds out of range [:9] with length "
            "5"},
        Row{"{{ repeat 3 \"ab\" }}", "ababab"},
        Row{"{{ repeat -1 \"x\" }}", "ERROR error calling repeat: strings: negative Repeat count"},
        Row{"{{ replace \"-\" \"_\" \"a-b-c\" }}", "a_b_c"},
        Row{"{{ replace \"\" \"x\" \"ab\" }}", "xaxbx"},
        Row{"{{ indent 2 \"a\\nb\" }}", "  a\n  b"},
        Row{"{{ nindent 2 \"a\\nb\\n\" }}", "\n  a\n  b\n  "},
        Row{"{{ indent -1 \"a\" }}", "ERROR error calling indent: strings: negative Repeat count"},
        Row{"{{ abbrev 5 \"hello world\" }}", "he..."}, Row{"{{ abbrev 3 \"hello\" }}", "hello"},
        Row{"{{ abbrevboth 5 10 \"1234 5678 9123\" }}", "...5678..."},
        Row{"{{ wrap 10 \"the quick brown fox jumps\" }}", "the quick\nbrown fox\njumps"},
        Row{"{{ wrapWith 5 \"|\" \"Hello World again\" }}", "Hello|World|again"},
        Row{"{{ nospace \"a b\\tc\" }}", "abc"}, Row{"{{ nospace \"é x\" }}", "Ã©x"}));

INSTANTIATE_TEST_SUITE_P(
    Quoting, TextTable,
    ::testing::Values(Row{"{{ quote \"a\\\"b\" 1 nil 2.5 }}", "\"a\\\"b\" \"1\" \"2.5\""},
                      Row{"{{ squote \"a\" 1 nil \"it's\" }}", "'a' '1' 'it's'"},
                      Row{"{{ quote .Values.nope | len }}", "0"},
                      Row{"{{ cat \"a\" nil 1 true }}", "a 1 true"},
                      Row{"{{ toString 1.50 }}", "1.5"}, Row{"{{ toString nil }}", "<nil>"},
                      Row{"{{ toString (list 1 \"a\") }}", "[1 a]"},
                      Row{"{{ plural \"one\" \"many\" 1 }} {{ plural \"one\" \"many\" 2 }}",
                          "one many"},
                      Row{"{{ contains \"ell\" \"hello\" }} {{ hasPrefix \"he\" \"hello\" }} {{ "
                          "hasSuffix \"x\" \"hello\" }}",
                          "true true false"},
                      Row{"{{ upper 5 }}", "ERROR expected string; found 5"}));

INSTANTIATE_TEST_SUITE_P(
    Words, TextTable,
    ::testing::Values(Row{"{{ upper \"hé\" }} {{ lower \"HÉ\" }}", "HÉ hé"},
                      Row{"{{ title \"hello wORLD foo-bar\" }}", "Hello WORLD Foo-Bar"},
                      Row{"{{ untitle \"Hello World\" }}", "hello world"},
                      Row{"{{ swapcase \"This Is A.Test\" }}", "tHIS iS a.tEST"},
                      Row{"{{ initials \"First Try now\" }}", "FTn"},
                      Row{"{{ snakecase \"HTTPServer\" }} {{ snakecase \"a1B2\" }} {{ snakecase "
                          "\"with space-dash\" }} {{ snakecase \"fooBar9Baz\" }}",
                          "http_server a1_b2 with_space_dash foo_bar9_baz"},
                      Row{"{{ kebabcase \"FirstName\" }} {{ kebabcase \"HTTP2xServer\" }} {{ "
                          "kebabcase \"1-a\" }}",
                          "first-name http-2x-server 1-a"},
                      Row{"{{ camelcase \"http_server\" }} {{ camelcase \"foo-bar baz\" }} {{ "
                          "camelcase \"_x\" }} {{ camelcase \"-\" }}",
                          "HttpServer FooBarBaz _X --"}));

INSTANTIATE_TEST_SUITE_P(
    TextLists, TextTable,
    ::testing::Values(Row{"{{ splitList \",\" \"a,b,,c\" | toJson }}", "[\"a\",\"b\",\"\",\"c\"]"},
                      Row{"{{ splitList \"\" \"aé\" | toJson }}", "[\"a\",\"é\"]"},
                      Row{"{{ (split \"$\" \"foo$bar\")._1 }}", "bar"},
                      Row{"{{ splitn \"$\" 2 \"a$b$c\" | toJson }}",
                          "{\"_0\":\"a\",\"_1\":\"b$c\"}"},
                      Row{"{{ join \"-\" (list 1 nil \"b\" true) }}", "1-b-true"},
                      Row{"{{ join \",\" 5 }}", "5"},
                      Row{"{{ sortAlpha (list \"b\" 1 \"a\") }}", "[1 a b]"},
                      Row{"{{ sortAlpha nil }}", "[<nil>]"},
                      Row{"{{ toStrings (list 1 nil \"x\") | toJson }}", "[\"1\",\"x\"]"},
                      Row{"{{ toStrings 5 | toJson }}", "[\"5\"]"}));

INSTANTIATE_TEST_SUITE_P(
    Regexes, TextTable,
    ::testing::Values(
        Row{"{{ regexMatch \"^a.*z$\" \"abcz\" }} {{ regexMatch \"(\" \"a\" }}", "true false"},
        Row{"{{ mustRegexMatch \"a(b\" \"a\" }}",
            "ERROR error calling mustRegexMatch: error parsing regexp: missing closing ): `a(b`"},
        Row{"{{ regexFind \"[a-z][0-9]\" \"ab12c3\" }}", "b1"},
        Row{"{{ regexFindAll \"[2,4,6,8]\" \"123456789\" -1 }}", "[2 4 6 8]"},
        Row{"{{ regexFindAll \"a*\" \"baaau\" -1 | toJson }}", "[\"\",\"aaa\",\"\"]"},
        Row{"{{ regexFindAll \"z\" \"abc\" -1 | toJson }}", "null"},
        Row{"{{ regexFindAll \"[a-\" \"abc\" -1 }}",
            "ERROR error calling regexFindAll: regexp: Compile(`[a-`): error parsing regexp: "
            "missing closing ]: `[a-`"},
        Row{"{{ regexReplaceAll \"a(x*)b\" \"-ab-axxb-\" \"${1}W\" }}", "-W-xxW-"},
        Row{"{{ regexReplaceAll \"a(x*)b\" \"-ab-axxb-\" \"$1W\" }}", "---"},
        Row{"{{ regexReplaceAll \"x*\" \"abc\" \"-\" }}", "-a-b-c-"},
        Row{"{{ regexReplaceAllLiteral \"a(x*)b\" \"-ab-axxb-\" \"${1}\" }}", "-${1}-${1}-"},
        Row{"{{ regexSplit \"z+\" \"pizza\" -1 | toJson }}", "[\"pi\",\"a\"]"},
        Row{"{{ regexSplit \"\" \"abc\" 2 | toJson }}", "[\"a\",\"bc\"]"},
        Row{"{{ regexSplit \"a\" \"\" -1 | toJson }}", "[\"\"]"},
        Row{"{{ regexQuoteMeta \"1.2.3[x]\" }}", "1\\.2\\.3\\[x\\]"},
        Row{"{{ mustRegexFind \"*a\" \"x\" }}",
            "ERROR error calling mustRegexFind: error parsing regexp: missing argument to "
            "repetition operator: `*`"},
        Row{"{{ mustRegexFind \"\\\\8\" \"x\" }}",
            "ERROR error calling mustRegexFind: error parsing regexp: invalid escape sequence: "
            "`\\8`"},
        Row{"{{ mustRegexFind \"a)\" \"x\" }}",
            "ERROR error calling mustRegexFind: error parsing regexp: unexpected ): `a)`"}));

}  // namespace
}  // namespace plumbline::helm
