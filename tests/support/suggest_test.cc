#include "support/suggest.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace plumbline {
namespace {

constexpr auto kKnown =
    std::to_array<std::string_view>({"region", "regions", "name", "length", "a", "instance_type"});

TEST(SuggestTest, MisspellingsLeadToTheNearestName) {
  struct Case {
    const char* given;
    const char* nearest;
  };
  for (const Case& c : std::initializer_list<Case>{{"regoin", "region"},
                                                   {"regionss", "regions"},
                                                   {"nmae", "name"},
                                                   {"lenght", "length"},
                                                   {"instance-type", "instance_type"},
                                                   {"b", ""},
                                                   {"other", ""},
                                                   {"", ""},
                                                   {"name", ""}}) {
    EXPECT_EQ(NearestName(c.given, kKnown), c.nearest) << c.given;
  }
}

TEST(SuggestTest, LongNamesAreNotCompared) {
  std::string given(100'000, 'x'), known = given + "y";
  std::vector<std::string_view> names{known};
  EXPECT_EQ(NearestName(given, names), "");
}

TEST(SuggestTest, TheQuestionIsAskedOnlyWhenThereIsAnAnswer) {
  EXPECT_EQ(DidYouMean("regoin", kKnown), "; did you mean \"region\"?");
  EXPECT_EQ(DidYouMean("zebra", kKnown), "");
}

}  // namespace
}  // namespace plumbline
