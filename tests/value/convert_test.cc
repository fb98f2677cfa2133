#include "value/convert.h"

#include <gtest/gtest.h>

#include <vector>

#include "value/json.h"

namespace plumbline {
namespace {

class ConvertTest : public ::testing::Test {
 protected:
  Value Json(const char* text) { return *ParseJson(arena_, text, Limits{}); }
  std::string To(const char* json, const Type* type) {
    auto v = Convert(arena_, Json(json), type);
    return v ? ToJson(*v) + " " + TypeJson(TypeOf(arena_, *v)) : "!" + v.error().message;
  }
  std::string Unified(std::initializer_list<const char*> jsons) {
    std::vector<const Type*> types;
    for (const char* j : jsons) types.push_back(TypeOf(arena_, Json(j)));
    const Type* t = Unify(arena_, types);
    return t == nullptr ? "none" : TypeJson(t);
  }
  const Type* List(const Type* t) { return ListType(arena_, t); }
  const Type* Set(const Type* t) { return SetType(arena_, t); }
  const Type* Map(const Type* t) { return MapType(arena_, t); }
  const Type* Object(std::vector<TypeAttr> attrs) { return ObjectType(arena_, attrs); }

  Arena arena_;
};

TEST_F(ConvertTest, Primitives) {
  EXPECT_EQ(To("1.50", StringType()), R"("1.5" "string")");
  EXPECT_EQ(To("true", StringType()), R"("true" "string")");
  EXPECT_EQ(To("\"1e3\"", NumberType()), R"(1000 "number")");
  EXPECT_EQ(To("\"1\"", BoolType()), R"(true "bool")");
  EXPECT_TRUE(To("\"True\"", BoolType()).starts_with("!"));
  EXPECT_TRUE(To("1", BoolType()).starts_with("!"));
  EXPECT_TRUE(To("\"0x1f\"", NumberType()).starts_with("!"));
  EXPECT_TRUE(To("[]", StringType()).starts_with("!"));
}

TEST_F(ConvertTest, CollectionsUnifyTheirElements) {
  EXPECT_EQ(To(R"(["a",1,null])", List(DynamicType())), R"(["a","1",null] ["list","string"])");
  EXPECT_EQ(To(R"([[1],["a","b"]])", List(DynamicType())),
            R"([["1"],["a","b"]] ["list",["list","string"]])");
  EXPECT_EQ(To(R"([{"a":1},{"b":2}])", List(DynamicType())),
            R"([{"a":1},{"b":2}] ["list",["map","number"]])");
  EXPECT_EQ(To(R"([1,"1",1.0])", Set(DynamicType())), R"(["1"] ["set","string"])");
  EXPECT_EQ(To("[null,null]", List(DynamicType())), R"([null,null] ["list","dynamic"])");
  EXPECT_EQ(To("[]", List(DynamicType())), R"([] ["list","dynamic"])");
  EXPECT_EQ(To("[]", List(StringType())), R"([] ["list","string"])");
  EXPECT_TRUE(To("[1,true]", List(DynamicType())).starts_with("!"));
  EXPECT_TRUE(To(R"([null,{"a":1}])", List(DynamicType())).starts_with("!"));
  EXPECT_EQ(To(R"({"a":1,"b":"x"})", Map(DynamicType())), R"({"a":"1","b":"x"} ["map","string"])");
  EXPECT_EQ(To(R"(["",null,"a"])", Set(DynamicType())), R"(["","a",null] ["set","string"])");
}

TEST_F(ConvertTest, Objects) {
  const Type* t = Object({{"name", StringType()}, {"size", NumberType(), true}});
  EXPECT_EQ(To(R"({"name":5,"extra":1})", t),
            R"({"name":"5","size":null} ["object",{"name":"string","size":"number"}])");
  EXPECT_NE(To("{}", t).find("attribute \"name\" is required"), std::string::npos);
  EXPECT_EQ(
      To(R"([{"name":"a"},{"name":"b","size":"2"}])", List(t)),
      R"([{"name":"a","size":null},{"name":"b","size":2}] ["list",["object",{"name":"string","size":"number"}]])");
  EXPECT_EQ(To("null", t), R"(null ["object",{"name":"string","size":"number"}])");
}

TEST_F(ConvertTest, UnknownAndMarks) {
  Value u = MakeUnknown(arena_, StringType(), "x");
  auto n = Convert(arena_, u.WithMarks(kSensitive), NumberType());
  ASSERT_TRUE(n && n->is_unknown() && n->sensitive());
  EXPECT_EQ(n->unknown()->type->kind, TypeKind::kNumber);
  EXPECT_FALSE(Convert(arena_, u, List(StringType())));
  std::vector<Value> items = {Value::Int(1).WithMarks(kSensitive)};
  auto set = Convert(arena_, MakeTuple(arena_, items), Set(DynamicType()));
  EXPECT_TRUE(set->sensitive() && !set->items()[0].sensitive());
}

TEST_F(ConvertTest, Unify) {
  EXPECT_EQ(Unified({"1", "\"a\""}), R"("string")");
  EXPECT_EQ(Unified({"1", "true"}), "none");
  EXPECT_EQ(Unified({"1", "null"}), R"("number")");
  EXPECT_EQ(Unified({"[\"a\",1]", "[\"b\"]"}), R"(["list","string"])");
  EXPECT_EQ(Unified({"[\"a\",1]", "[2,\"b\"]"}), R"(["tuple",["string","string"]])");
  EXPECT_EQ(Unified({R"({"a":1})", R"({"b":2})"}), R"(["map","number"])");
  EXPECT_EQ(Unified({R"({"a":{"b":1}})", R"({"a":{"c":2}})"}),
            R"(["object",{"a":["map","number"]}])");
  EXPECT_EQ(Unified({"[]", "{}"}), "none");
  EXPECT_EQ(Unified({"[]", "1"}), "none");
}

TEST_F(ConvertTest, DeepValuesAreRefusedNotCrashed) {
  const Type* t = DynamicType();
  Value v = Value::Int(1);
  for (int i = 0; i < 5000; ++i) {
    std::vector<Value> items = {v};
    v = MakeTuple(arena_, items);
    t = List(t);
  }
  EXPECT_FALSE(Convert(arena_, v, t));
}

}  // namespace
}  // namespace plumbline
