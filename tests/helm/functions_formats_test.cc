// Encodings, versions, dates, JSON and TOML: what the real Helm answers.
#include <gtest/gtest.h>

#include "helm/functions_test.h"

namespace plumbline::helm {
namespace {

class FormatsTable : public ::testing::TestWithParam<Row> {};
TEST_P(FormatsTable, AnswersAsHelmDoes) {
  EXPECT_EQ(Rendered(GetParam().text), GetParam().expected) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Encodings, FormatsTable,
    ::testing::Values(
        Row{"{{ b64enc \"héllo\" }} {{ b64dec \"aGk=\" }} {{ b64dec \"a?\" }} {{ b64dec \"YQ\" }} "
            "{{ b32enc \"ab\" }} {{ b32dec \"MFRA====\" }} {{ b32dec \"ME\" }}",
            "aMOpbGxv hi illegal base64 data at input byte 1 illegal base64 data at input byte 0 "
            "MFRA==== ab illegal base32 data at input byte 0"},
        Row{"{{ sha1sum \"abc\" }} {{ sha256sum \"abc\" }} {{ adler32sum \"hello\" }}",
            "a9993e364706816aba3e25717850c26c9cd0d89d "
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad 103547413"},
        Row{"{{ sha512sum \"abc\" }}",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c"
            "23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
        Row{"{{ derivePassword 1 \"medium\" \"password\" \"user\" \"example.com\" }} {{ "
            "derivePassword 1 \"x\" \"p\" \"u\" \"s\" }}",
            "ZedJuz8$ cannot find password template x"},
        Row{"{{ \"plain\" | encryptAES \"key\" | decryptAES \"key\" }}", "plain"},
        Row{"{{ htpasswd \"a:b\" \"c\" }} {{ genPrivateKey \"bad\" }}",
            "invalid username: a:b Unknown type bad"},
        Row{"{{ base \"a/b.txt\" }} {{ dir \"a/b/c\" }} {{ clean \"a/../b/./c\" }} {{ ext "
            "\"x.tar.gz\" }} {{ isAbs \"/a\" }} {{ base \"\" }} {{ dir \"/\" }}",
            "b.txt a/b b/c .gz true . /"},
        Row{"{{ urlParse \"http://user:pass@host:80/p/a?q=1#frag\" | toJson }}",
            "{\"fragment\":\"frag\",\"host\":\"host:80\",\"hostname\":\"host\",\"opaque\":\"\","
            "\"path\":\"/p/a\",\"query\":\"q=1\",\"scheme\":\"http\",\"userinfo\":\"user:pass\"}"},
        Row{"{{ urlParse \"http://h:x/\" }}",
            "ERROR error calling urlParse: unable to parse url: parse \"http://h:x/\": invalid "
            "port \":x\" after host"},
        Row{"{{ urlJoin (dict \"scheme\" \"http\" \"host\" \"h\" \"path\" \"/a b\" \"userinfo\" "
            "\"u:p\" \"query\" \"q=1\" \"fragment\" \"f\") }}",
            "http://u:p@h/a%20b?q=1#f"},
        Row{"{{ urlJoin (dict \"scheme\" 1) }}",
            "ERROR error calling urlJoin: unable to parse scheme key, must be of type string, but "
            "int found"},
        Row{"{{ lookup \"v1\" \"Pod\" \"\" \"\" }} {{ getHostByName \"x\" }}", "map[] "},
        Row{"{{ env \"X\" }}", "ERROR template: t:1: function \"env\" not defined"}));

INSTANTIATE_TEST_SUITE_P(
    Versions, FormatsTable,
    ::testing::Values(
        Row{"{{ semverCompare \">=1.19-0\" \"1.28.3-gke.100\" }}", "true"},
        Row{"{{ semverCompare \">=1.19\" \"1.28.3-gke.100\" }}", "false"},
        Row{"{{ semverCompare \"^1.2\" \"1.9.0\" }}", "true"},
        Row{"{{ semverCompare \"^0.1\" \"0.2.0\" }}", "false"},
        Row{"{{ semverCompare \"~1.2.3\" \"1.2.9\" }}", "true"},
        Row{"{{ semverCompare \"1.2.x\" \"1.2.7\" }}", "true"},
        Row{"{{ semverCompare \"*\" \"0.0.1\" }}", "true"},
        Row{"{{ semverCompare \"<1.14-0\" \"1.13.9\" }}", "true"},
        Row{"{{ semverCompare \"1.2 - 2\" \"1.5.0\" }}", "true"},
        Row{"{{ semverCompare \">=1.0, <2 || 3.x\" \"3.4.5\" }}", "true"},
        Row{"{{ semverCompare \"!=1.2.3\" \"1.2.4\" }}", "true"},
        Row{"{{ semverCompare \">1\" \"1.5.0\" }}", "false"},
        Row{"{{ semverCompare \"<=1\" \"1.5.0\" }}", "true"},
        Row{"{{ semverCompare \"x y\" \"1.0.0\" }}",
            "ERROR error calling semverCompare: improper constraint: \"x y\""},
        Row{"{{ semverCompare \">=1\" \"nope\" }}",
            "ERROR error calling semverCompare: invalid semantic version"},
        Row{"{{ $v := semver \"v1.2.3-rc.1+b\" }}{{ $v.Major }} {{ $v.Prerelease }} {{ $v.Metadata "
            "}} {{ $v.Original }} {{ $v }} {{ $v.IncMinor }} {{ typeOf $v }} {{ toJson $v }}",
            "1 rc.1 b v1.2.3-rc.1+b 1.2.3-rc.1+b 1.3.0 *semver.Version \"1.2.3-rc.1+b\""},
        Row{"{{ semver \"x\" }}", "ERROR error calling semver: invalid semantic version"}));

INSTANTIATE_TEST_SUITE_P(
    Dates, FormatsTable,
    ::testing::Values(
        Row{"{{ date \"2006-01-02 15:04:05\" 1700000000 }}", "2023-11-14 22:13:20"},
        Row{"{{ dateInZone \"Mon, 02 Jan 2006 15:04:05 MST -0700\" 1700000000 \"Europe/Berlin\" }}",
            "Tue, 14 Nov 2023 23:13:20 CET +0100"},
        Row{"{{ dateInZone \"3:04PM Z07:00\" 0 \"Asia/Kolkata\" }} {{ dateInZone \"2006\" 0 "
            "\"No/Where\" }}",
            "5:30AM +05:30 1970"},
        Row{"{{ toDate \"2006-01-02\" \"2020-02-29\" | date \"02.01.06 002 _2 .000\" }}",
            "29.02.20 060 29 .000"},
        Row{"{{ toDate \"2006-01-02\" \"x\" }}", "0001-01-01 00:00:00 +0000 UTC"},
        Row{"{{ mustToDate \"2006-01-02\" \"x\" }}",
            "ERROR error calling mustToDate: parsing time \"x\" as \"2006-01-02\": cannot parse "
            "\"x\" as \"2006\""},
        Row{"{{ toDate \"2006-01-02\" \"2020-02-29\" | dateModify \"-1.5h\" }}",
            "2020-02-28 22:30:00 +0000 UTC"},
        Row{"{{ toDate \"2006-01-02\" \"2020-02-29\" | unixEpoch }} {{ htmlDate 0 }} {{ "
            "htmlDateInZone 0 \"Asia/Tokyo\" }}",
            "1582934400 1970-01-01 1970-01-01"},
        Row{"{{ duration \"95\" }} {{ duration 5 }} {{ duration (int64 3723) }} {{ durationRound "
            "\"2h10m5s\" }} {{ durationRound \"9000h\" }} {{ durationRound 1 }}",
            "1m35s 0s 1h2m3s 2h 1y 0s"},
        Row{"{{ unixEpoch 5 }}", "ERROR can't handle 5 for arg of type time.Time"},
        Row{"{{ typeOf now }} {{ kindOf now }}", "time.Time struct"}));

INSTANTIATE_TEST_SUITE_P(
    Json, FormatsTable,
    ::testing::Values(
        Row{"{{ toJson (dict \"a\" \"<&>\\u2028\" \"b\" (list 1.0 1e21 1e-7 nil true)) }}",
            "{\"a\":\"\\u003c\\u0026\\u003e\\u2028\",\"b\":[1,1e+21,1e-7,null,true]}"},
        Row{"{{ toRawJson \"<a&b>\" }}", "\"<a&b>\""},
        Row{"{{ toPrettyJson (dict \"a\" (list 1 (dict)) \"b\" (list)) }}",
            "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}"},
        Row{"{{ toJson .Values.big }} {{ toJson 1e20 }} {{ toJson -0.0 }}",
            "12345678901 100000000000000000000 -0"},
        Row{"{{ fromJson \"{\\\"a\\\":[1,null,\\\"x\\\"]}\" }} {{ fromJson \"[1]\" }}",
            "map[a:[1 <nil> x]] map[Error:json: cannot unmarshal array into Go value of type "
            "map[string]interface {}]"},
        Row{"{{ fromJson \"{a:1}\" }}",
            "map[Error:invalid character 'a' looking for beginning of object key string]"},
        Row{"{{ fromJson \"{\\\"a\\\":1\" }}", "map[Error:unexpected end of JSON input]"},
        Row{"{{ fromJsonArray \"[1,\\\"a\\\"]\" }} {{ fromJsonArray \"{}\" }}",
            "[1 a] [json: cannot unmarshal object into Go value of type []interface {}]"},
        Row{"{{ mustFromJson \"nul\" }}",
            "ERROR error calling mustFromJson: invalid character ' ' in literal null (expecting "
            "'l')"},
        Row{"{{ fromJson \"null\" | toJson }}", "null"},
        Row{"{{ mustFromJson \"\\\"\\\\ud83d\\\\ude00\\\"\" }}", "😀"}));

INSTANTIATE_TEST_SUITE_P(
    Toml, FormatsTable,
    ::testing::Values(
        Row{"{{ dict \"a\" 1 \"b\" (dict \"c\" \"x\\\"y\") \"l\" (list 1 2.0 true) | toToml }}",
            "a = 1\nl = [1, 2.0, true]\n\n[b]\n  c = \"x\\\"y\"\n"},
        Row{"{{ dict \"t\" (list (dict \"a\" 1) (dict \"b\" (dict \"c\" 2))) | toToml }}",
            "[[t]]\n  a = 1\n\n[[t]]\n  [t.b]\n    c = 2\n"},
        Row{"{{ dict \"a b\" (list (dict \"x\" 1) 2) | toToml }}", "\"a b\" = [{x = 1}, 2]\n"},
        Row{"{{ toToml 5 }} {{ toToml (list 1 \"a\") }}", "5 [1, \"a\"]"},
        Row{"{{ dict \"n\" (list nil) | toToml }}", "toml: cannot encode array with nil element"},
        Row{"{{ toToml nil }}",
            "ERROR error calling toToml: reflect: call of reflect.Value.Type on zero Value"},
        Row{"{{ fromToml \"a = 1\\n[b]\\nc = \\\"x\\\"\\n[[d]]\\ne = 1.5\\n[[d]]\\ne = true\" | "
            "toJson }}",
            "{\"a\":1,\"b\":{\"c\":\"x\"},\"d\":[{\"e\":1.5},{\"e\":true}]}"},
        Row{"{{ fromToml \"a.b = 0x1f\\nc = {d = [1, 2]}\\n\" | toJson }}",
            "{\"a\":{\"b\":31},\"c\":{\"d\":[1,2]}}"}));

}  // namespace
}  // namespace plumbline::helm
