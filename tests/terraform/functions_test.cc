// Table tests: arguments and results as JSON. "$" strings in arguments stand for what JSON cannot
// say (see Arg).
#include "terraform/functions.h"

#include <gtest/gtest.h>

#include <vector>

#include "value/convert.h"
#include "value/json.h"

namespace plumbline::terraform {
namespace {

struct Case {
  const char* name;
  const char* args;      // a JSON array
  const char* expected;  // JSON, or "!" for an error, or "!part of the message"
};

class FunctionsTest : public ::testing::Test {
 protected:
  // "$unknown" is an unknown string, "$unknown:p" one with the known beginning p, "$any" one of
  // unknown type;
  // {"$list": […]}, {"$set": […]}, {"$map": {…}}, {"$sensitive": v} make those.
  Value Arg(Value v) {
    if (v.is_string() && v.as_string() == "$any")
      return MakeUnknown(arena_, DynamicType(), "a is not known");
    if (v.is_string() && v.as_string().starts_with("$unknown")) {
      UnknownInfo info;
      info.type = StringType();
      info.not_null = true;
      info.cause =
          arena_.New<Cause>(std::string_view("aws_x.a.id is known only after apply"), Span{});
      info.refs = arena_.Copy(std::vector<ResourceRef>{{"aws_x.a", "id"}});
      if (v.as_string().size() > 9) info.prefix = v.as_string().substr(9);
      return MakeUnknown(arena_, info);
    }
    if (v.is_sequence()) {
      std::vector<Value> items;
      for (Value i : v.items()) items.push_back(Arg(i));
      return MakeTuple(arena_, items);
    }
    if (!v.is_mapping()) return v;
    if (const Value* x = v.Find("$list"))
      return *Convert(arena_, Arg(*x), ListType(arena_, DynamicType()));
    if (const Value* x = v.Find("$set"))
      return *Convert(arena_, Arg(*x), SetType(arena_, DynamicType()));
    if (const Value* x = v.Find("$map"))
      return *Convert(arena_, Arg(*x), MapType(arena_, DynamicType()));
    if (const Value* x = v.Find("$sensitive")) return Arg(*x).WithMarks(kSensitive);
    std::vector<Member> members;
    for (const Member& m : v.members()) members.push_back({m.key, Arg(m.value)});
    return MakeObject(arena_, members);
  }

  Result<Value> Call(const char* name, const char* args) {
    auto parsed = ParseJson(arena_, args, limits_);
    EXPECT_TRUE(parsed) << args;
    Value v = Arg(*parsed);
    return CallFunction(name, v.items(), context_);
  }

  void Check(std::initializer_list<Case> cases) {
    for (const Case& c : cases) {
      auto r = Call(c.name, c.args);
      std::string got = r ? ToJson(*r) : "!" + r.error().message;
      if (c.expected[0] == '!') {
        EXPECT_TRUE(!r && got.find(c.expected + 1) != std::string::npos)
            << c.name << c.args << " = " << got;
      } else {
        EXPECT_EQ(got, c.expected) << c.name << c.args;
      }
    }
  }

  Arena arena_;
  Limits limits_;
  DiskFileSystem fs_;
  FunctionContext context_{arena_, limits_, fs_, "/", "/", "2026-01-02T03:04:05Z", {}};
};

constexpr const char* kUnknown = R"({"$unknown":true})";

TEST_F(FunctionsTest, Names) {
  EXPECT_TRUE(IsFunction("upper"));
  EXPECT_TRUE(IsFunction("core::upper"));
  EXPECT_TRUE(IsFunction("try"));
  EXPECT_FALSE(IsFunction("Upper"));
  Check({{"nope", "[]", "!no function named \"nope\""},
         {"upper", "[]", "!needs 1 argument but got 0"},
         {"upper", R"(["a","b"])", "!takes 1 argument but got 2"},
         {"provider::aws::arn_parse", "[]", "!no function named"}});
  EXPECT_TRUE(IsFunction("provider::aws::arn_parse"));
}

TEST_F(FunctionsTest, Numbers) {
  Check({{"abs", "[-2.5]", "2.5"},
         {"abs", R"(["x"])", "!number is required"},
         {"ceil", "[1.2]", "2"},
         {"ceil", "[-1.2]", "-1"},
         {"floor", "[-1.2]", "-2"},
         {"log", "[10,2]", "3.3219280948873626"},
         {"pow", "[2,10]", "1024"},
         {"max", "[1,5,3]", "5"},
         {"max", "[]", "!at least one"},
         {"parseint", R"(["-ff",16])", "-255"},
         {"parseint", R"(["123456789012345678901234567890",10])", "123456789012345678901234567890"},
         {"parseint", R"(["12",2])", "!cannot parse"},
         {"sum", "[[1,2.5]]", "3.5"},
         {"signum", "[-7]", "-1"}});
}

TEST_F(FunctionsTest, Strings) {
  Check({{"chomp", R"(["a\r\n\n"])", R"("a")"},
         {"indent", R"([2,"a\nb"])", R"("a\n  b")"},
         {"join", R"([",",["a",1],["b"]])", R"("a,1,b")"},
         {"join", R"([",",[null]])", "!null"},
         {"replace", R"(["hello","l","L"])", R"("heLLo")"},
         {"replace", R"(["a-b","/(\\w)-(\\w)/","${2}_$1"])", R"("b_a")"},
         {"replace", R"(["abc","","-"])", R"("-a-b-c-")"},
         {"split", R"([",","a,b"])", R"(["a","b"])"},
         {"strrev", R"(["e\u0301a"])", "\"a\u00e9\""},
         {"substr", R"(["hello",-3,2])", R"("ll")"},
         {"title", R"(["hello-world foo_bar"])", R"("Hello-World Foo_bar")"},
         {"trim", R"(["?!x?!","!?"])", R"("x")"},
         {"regex", R"(["(x)(y)?","x"])", R"(["x",null])"},
         {"regex", R"j(["(?<n>x)","x"])j", R"({"n":"x"})"},
         {"regex", R"(["[","x"])", "!invalid regular expression"},
         {"regexall", R"(["a*","baac"])", R"(["","aa",""])"},
         {"format", R"(["%s-%03d|%5.1f|%-4q|%v",  "a", 7, 2.25, "b", [1,"<"]])",
          "\"a-007|  2.2|\\\"b\\\" |[1,\\\"\\\\u003c\\\"]\""},
         {"format", R"(["%d",1.5])", "!whole number"},
         {"format", R"(["%s"])", "!needs a value"},
         {"format", R"(["x",1])", "!uses only 0"},
         {"formatlist", R"(["%s%s",["a","b"],"c"])", R"(["ac","bc"])"}});
}

TEST_F(FunctionsTest, Collections) {
  Check({{"alltrue", R"([["true",true]])", "true"},
         {"coalesce", R"(["",null,"b"])", R"("b")"},
         {"coalesce", R"([1,"a"])", R"("1")"},
         {"chunklist", "[[1,2,3],2]", "[[1,2],[3]]"},
         {"concat", R"([["a"],{"$list":["b"]}])", R"(["a","b"])"},
         {"contains", R"([[1,2],"1"])", "false"},
         {"distinct", R"([["a",1,"1"]])", R"(["a","1"])"},
         {"element", R"([["a","b"],3])", R"("b")"},
         {"element", R"([["a"],-1])", "!not negative"},
         {"flatten", R"([[["a"],[],[["b"]]]])", R"(["a","b"])"},
         {"keys", R"([{"b":1,"a":2}])", R"(["a","b"])"},
         {"length", "[\"\u65e5\u672c\"]", "2"},
         {"lookup", R"([{"a":null},"a","d"])", "null"},
         {"lookup", R"([{"a":1},"b","d"])", R"("d")"},
         {"lookup", R"([{"a":1},"b"])", "!no attribute"},
         {"matchkeys", R"([["a","b"],["x","y"],["y"]])", R"(["b"])"},
         {"merge", R"([null,{"a":1},{"b":2,"a":3}])", R"({"a":3,"b":2})"},
         {"merge", R"([[1]])", "!maps or objects"},
         {"one", "[[]]", "null"},
         {"one", "[[1,2]]", "!"},
         {"range", "[3]", "[0,1,2]"},
         {"range", "[5000]", "!1024"},
         {"reverse", "[[1,2]]", "[2,1]"},
         {"setproduct", R"([["a","b"],[1,2]])", R"([["a",1],["a",2],["b",1],["b",2]])"},
         {"setsubtract", R"([["a","b"],["a"]])", R"(["b"])"},
         {"setunion", R"([["a"],[1]])", R"(["1","a"])"},
         {"slice", "[[1,2,3],1,2]", "[2]"},
         {"sort", "[[10,9,1]]", R"(["1","10","9"])"},
         {"transpose", R"([{"a":["x","y"],"b":["x"]}])", R"({"x":["a","b"],"y":["a"]})"},
         {"values", R"([{"b":1,"a":2}])", "[2,1]"},
         {"zipmap", R"([["a","b"],[1,2]])", R"({"a":1,"b":2})"}});
}

TEST_F(FunctionsTest, Unknown) {
  Check({{"upper", R"(["$unknown"])", kUnknown},
         {"startswith", R"(["$unknown:abc-","abc"])", "true"},
         {"startswith", R"(["$unknown:abc-","x"])", "false"},
         {"startswith", R"(["$unknown","x"])", kUnknown},
         {"contains", R"([["a","$unknown"],"a"])", "true"},
         {"contains", R"([["b","$unknown"],"a"])", kUnknown},
         {"keys", R"([{"a":"$unknown"}])", R"(["a"])"},
         {"length", R"([["$unknown","a"]])", "2"},
         {"length", R"(["$any"])", kUnknown},
         {"merge", R"([{"a":"$unknown"},{"b":1}])", R"({"a":{"$unknown":true},"b":1})"},
         {"concat", R"([["$unknown"],["a"]])", R"([{"$unknown":true},"a"])"},
         {"coalesce", R"(["x","$unknown"])", R"("x")"},
         {"coalesce", R"(["$unknown","x"])", kUnknown},
         {"format", R"(["%s",null])", kUnknown},
         {"anytrue", R"([["$unknown",true]])", "true"}});
  auto joined = Call("join", R"(["-",["a","$unknown","b"]])");
  ASSERT_TRUE(joined && joined->is_unknown());
  EXPECT_EQ(joined->unknown()->prefix, "a-");
  EXPECT_EQ(joined->unknown()->parts.size(), 5u);
  ASSERT_EQ(joined->unknown()->refs.size(), 1u);
  EXPECT_EQ(joined->unknown()->refs[0].address, "aws_x.a");
  EXPECT_EQ(joined->unknown()->cause->text, "aws_x.a.id is known only after apply");
  auto json = Call("jsonencode", R"([{"k":"$unknown"}])");
  ASSERT_TRUE(json && json->is_unknown() && json->unknown()->json != nullptr);
  EXPECT_EQ(ToJson(*json->unknown()->json), R"({"k":{"$unknown":true}})");
}

TEST_F(FunctionsTest, Marks) {
  EXPECT_TRUE(Call("upper", R"([{"$sensitive":"a"}])")->sensitive());
  EXPECT_FALSE(Call("keys", R"([{"a":{"$sensitive":1}}])")->sensitive());
  EXPECT_TRUE(Call("jsonencode", R"([[{"$sensitive":1}]])")->sensitive());
  EXPECT_TRUE(Call("toset", R"([[{"$sensitive":1}]])")->sensitive());
  EXPECT_FALSE(Call("tolist", R"([[{"$sensitive":1}]])")->sensitive());
  EXPECT_FALSE(Call("nonsensitive", R"([{"$sensitive":1}])")->sensitive());
  Check({{"issensitive", R"([{"$sensitive":1}])", "true"},
         {"issensitive", R"([[{"$sensitive":1}]])", "false"}});
}

TEST_F(FunctionsTest, Encoding) {
  Check({{"jsonencode", "[{\"a\":\"<&>\u2028\"}]", R"("{\"a\":\"\\u003c\\u0026\\u003e\\u2028\"}")"},
         {"jsondecode", R"(["{\"a\":[1,null]}"])", R"({"a":[1,null]})"},
         {"jsondecode", R"(["{"])", "!jsondecode"},
         {"base64encode", R"(["hello"])", R"("aGVsbG8=")"},
         {"base64decode", R"(["aGVsbG8="])", R"("hello")"},
         {"base64decode", R"(["aGVsbG8"])", "!padding"},
         {"urlencode", R"(["a b/\u00e9"])", R"("a+b%2F%C3%A9")"}});
}

TEST_F(FunctionsTest, Yaml) {
  Check({{"yamldecode", R"(["a: &x {q: 1}\nb:\n  <<: *x\n  r: [yes, 017, 0o17, 0x1F, 1_000, ~]"])",
          R"({"a":{"q":1},"b":{"q":1,"r":[true,17,15,31,"1_000",null]}})"},
         {"yamldecode", R"(["2020-01-01"])", R"("2020-01-01T00:00:00Z")"},
         {"yamldecode", R"(["!!str 1"])", R"("1")"},
         {"yamldecode", R"(["!custom 1"])", "!unsupported tag"},
         {"yamldecode", R"(["1: a\n2: b"])", R"({"1":"a","2":"b"})"},
         {"yamldecode", R"(["a: 1\n---\nb: 1"])", "!one document"},
         {"yamldecode", R"([""])", "!without a value"},
         {"yamldecode", R"(["a: &a [*a]"])", "!own anchor"},
         {"yamlencode", R"([{"a":[{"b":1,"c":[2]}],"d":{},"e":null}])",
          R"("\"a\":\n- \"b\": 1\n  \"c\":\n  - 2\n\"d\": {}\n\"e\": null\n")"},
         {"yamlencode", R"([{"a":"x\ny\n","b":"x\ny","c":"x \ny"}])",
          R"("\"a\": |\n  x\n  y\n\"b\": |-\n  x\n  y\n\"c\": \"x \\ny\"\n")"},
         {"yamlencode", "[1]", R"("1\n...\n")"},
         {"yamlencode", R"(["$unknown"])", kUnknown}});
  std::string deep(20'000, '[');
  std::vector<Value> args = {Value::String(deep)};
  EXPECT_FALSE(CallFunction("yamldecode", args, context_));
}

TEST_F(FunctionsTest, Dates) {
  Check({{"formatdate", R"(["EEEE, DD-MMM-YY hh:mm:ss ZZZ","2018-01-02T23:12:01Z"])",
          R"("Tuesday, 02-Jan-18 23:12:01 UTC")"},
         {"formatdate", R"(["H 'o''clock' aa Z","2020-02-29T00:05:09-07:30"])",
          R"("12 o'clock am -07:30")"},
         {"formatdate", R"(["YYYYY","2018-01-02T23:12:01Z"])", "!verb \"YYYYY\""},
         {"formatdate", R"(["'x","2018-01-02T23:12:01Z"])", "!not closed"},
         {"formatdate", R"(["YYYY","2018-02-30T23:12:01Z"])", "!RFC 3339"},
         {"timeadd", R"(["2017-11-22T00:00:00Z","-1ns"])", R"("2017-11-21T23:59:59Z")"},
         {"timeadd", R"(["2020-02-28T23:00:00+02:00","1h30m"])", R"("2020-02-29T00:30:00+02:00")"},
         {"timeadd", R"(["2017-11-22T00:00:00Z","1d"])", "!duration"},
         {"timecmp", R"(["2017-11-22T00:00:00Z","2017-11-22T01:00:00+01:00"])", "0"},
         {"plantimestamp", "[]", R"("2026-01-02T03:04:05Z")"},
         {"timestamp", "[]", kUnknown}});
}

TEST_F(FunctionsTest, Digests) {
  Check(
      {{"md5", R"(["hello"])", R"("5d41402abc4b2a76b9719d911017c592")"},
       {"sha1", R"(["hello"])", R"("aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d")"},
       {"sha256", R"(["hello"])",
        R"("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")"},
       {"base64sha512", R"([""])",
        R"("z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==")"},
       {"md5", R"(["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"])",
        R"("3b0c8ac703f828b04c6c197006d17218")"},
       {"uuidv5", R"(["dns","www.example.com"])", R"("2ed6657d-e927-568b-95e1-2665a8aea6a2")"},
       {"uuidv5", R"(["x","a"])", "!namespace"},
       {"uuid", "[]", kUnknown},
       {"rsadecrypt", R"(["x","y"])", "!base64"}});
}

TEST_F(FunctionsTest, Networks) {
  Check({{"cidrsubnet", R"(["10.0.0.0/8",8,2])", R"("10.2.0.0/16")"},
         {"cidrsubnet", R"(["10.0.0.0/8",25,0])", "!cannot extend"},
         {"cidrsubnet", R"(["10.0.0.0/8",4,16])", "!no subnet number 16"},
         {"cidrsubnet", R"(["fd00:fd12:3456:7890::/56",16,256])", R"("fd00:fd12:3456:7801::/72")"},
         {"cidrhost", R"(["10.0.0.0/8",-1])", R"("10.255.255.255")"},
         {"cidrhost", R"(["010.001.0.0/16",5])", R"("10.1.0.5")"},
         {"cidrhost", R"(["::/0",12345678901234567890123])", R"("::29d:42b6:4e76:7142:44cb")"},
         {"cidrhost", R"(["10.0.0/8",1])", "!network such as"},
         {"cidrnetmask", R"(["10.0.0.0/12"])", R"("255.240.0.0")"},
         {"cidrsubnets", R"(["10.1.0.0/16",4,4,8,4])",
          R"(["10.1.0.0/20","10.1.16.0/20","10.1.32.0/24","10.1.48.0/20"])"},
         {"cidrsubnets", R"(["10.1.0.0/16",1,1,1])", "!no room left"}});
}

TEST_F(FunctionsTest, Texts) {
  Check({{"csvdecode", R"(["a,b\n1,\"x,\"\"y\"\"\"\n\n"])", R"([{"a":"1","b":"x,\"y\""}])"},
         {"csvdecode", R"(["a,a\n1,2"])", "!two columns named \"a\""},
         {"csvdecode", R"(["a,b\n1"])", "!got 1 fields on line 2"},
         {"textencodebase64", "[\"h\u00e9\",\"UTF-16LE\"]", R"("aADpAA==")"},
         {"textdecodebase64", R"(["gA==","windows-1252"])", "\"\u20ac\""},
         {"textencodebase64", R"(["x","nope"])", "!encoding \"nope\""}});
}

TEST_F(FunctionsTest, GzipIsThatOfGo) {
  Check({{"base64gzip", R"([""])", R"("H4sIAAAAAAAA/wAAAP//AQAA//8AAAAAAAAAAA==")"},
         {"base64gzip", R"(["hello world"])",
          R"("H4sIAAAAAAAA/8pIzcnJVyjPL8pJAQAAAP//AQAA//+FEUoNCwAAAA==")"},
         {"base64gzip", R"(["hello hello hello hello hello hello"])",
          R"("H4sIAAAAAAAA/8pIzcnJV8BLAgAAAP//AQAA//9XN2KFIwAAAA==")"}});
  // Several blocks with dynamic codes, and a window that moves.
  std::string text;
  for (int i = 0; i < 1024; ++i) {
    for (int k = 0; k < 16; ++k) {
      if (k > 0) text += '\n';
      text += "server " + std::to_string(i) + " port " + std::to_string(k * i) + " name host" +
              std::to_string(i % 17) + ".example.com";
    }
  }
  std::vector<Value> args = {Value::String(text)};
  std::vector<Value> zipped = {*CallFunction("base64gzip", args, context_)};
  EXPECT_EQ(CallFunction("sha256", zipped, context_)->as_string(),
            "3b618b972c7868cee3981b997ec9ca198c3e4106d15839d5bd370fff751a9eb7");
}

TEST_F(FunctionsTest, LimitsHold) {
  limits_.max_string_bytes = 100;
  Check({{"indent", R"([1000000,"a\nb"])", "!limit"},
         {"join", R"(["0123456789012345678901234567890123456789",["a","b","c","d"]])", "!limit"},
         {"format", R"(["%200s","a"])", "!limit"},
         {"format", R"(["%99999999999s","a"])", "!too large"},
         {"replace", R"(["aaaaaaaaaaaaaaaaaaaa","a","0123456789"])", "!limit"},
         {"replace", R"(["aaaaaaaaaaaaaaaaaaaa","/a/","0123456789"])", "!limit"}});
  limits_.max_total_instances = 3;
  Check({{"setproduct", "[[1,2],[3,4]]", "!more than 3 combinations"}});
}

TEST_F(FunctionsTest, FilesStayInside) {
  FunctionContext inside{arena_, limits_, fs_, PLUMBLINE_SOURCE_DIR "/tests", PLUMBLINE_SOURCE_DIR,
                         {},     {}};
  auto call = [&](const char* name, const char* path) {
    std::vector<Value> args = {Value::String(path)};
    return CallFunction(name, args, inside);
  };
  EXPECT_TRUE(call("file", "CMakeLists.txt"));
  EXPECT_TRUE(call("file", "../CMakeLists.txt"));
  EXPECT_NE(call("file", "/etc/passwd").error().message.find("outside"), std::string::npos);
  EXPECT_NE(call("file", "../../../../../../etc/passwd").error().message.find("outside"),
            std::string::npos);
  EXPECT_TRUE(call("fileexists", "CMakeLists.txt")->as_bool());
  EXPECT_FALSE(call("fileexists", "nope")->as_bool());
  auto glob = [&](const char* pattern) {
    std::vector<Value> args = {Value::String("."), Value::String(pattern)};
    auto r = CallFunction("fileset", args, inside);
    return r ? ToJson(*r) : "!" + r.error().message;
  };
  EXPECT_EQ(glob("terraform/{functions,x}_*.cc"), R"(["terraform/functions_test.cc"])");
  EXPECT_EQ(glob("**/functions_tes[s-u].cc"), R"(["terraform/functions_test.cc"])");
  EXPECT_EQ(glob("functions_test.cc"), "[]");
  EXPECT_NE(glob("a[").find("invalid pattern"), std::string::npos);
  EXPECT_NE(glob("**/*a*e*t*e*t*e*t*e*t*e*t*e*t*e*t*e*t*e*t*e*t*e*t*e*t*z").find("["),
            std::string::npos);
  EXPECT_NE(glob("../../../*").find("outside"), std::string::npos);
}

}  // namespace
}  // namespace plumbline::terraform
