#include "value/json.h"

#include <gtest/gtest.h>

namespace plumbline {
namespace {

TEST(Json, RoundTripsSortedAndExact) {
  Arena arena;
  auto v = ParseJson(arena, R"({"b":[1,2.50,null,true],"a":{"k":"A\né😀"}})", Limits{});
  ASSERT_TRUE(v) << v.error().message;
  EXPECT_EQ(ToJson(*v), "{\"a\":{\"k\":\"A\\n\xC3\xA9\xF0\x9F\x98\x80\"},\"b\":[1,2.5,null,true]}");
}

TEST(Json, RefusesBrokenText) {
  Arena arena;
  for (const char* s :
       {"", "{", "[1,]", "{\"a\"}", "01", "tru", "\"a", "[1] x", "\"\\x\"", "{a:1}"}) {
    EXPECT_FALSE(ParseJson(arena, s, Limits{})) << s;
  }
}

TEST(Json, DepthIsBounded) {
  Arena arena;
  std::string deep(10'000, '[');
  auto v = ParseJson(arena, deep, Limits{});
  ASSERT_FALSE(v);
  EXPECT_NE(v.error().message.find("deep"), std::string::npos);
}

}  // namespace
}  // namespace plumbline
