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
         {"upper", "[]", "!needs 1 arguments but got 0"},
         {"upper", R"(["a","b"])", "!takes 1 arguments but got 2"},
         {"provider::aws::arn_parse", "[]", kUnknown}});
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
}

}  // namespace
}  // namespace plumbline::terraform
