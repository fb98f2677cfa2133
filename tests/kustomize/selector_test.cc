// Label selectors as Kubernetes reads them.
#include "kustomize/selector.h"

#include <gtest/gtest.h>

namespace plumbline::kustomize {
namespace {

struct Case {
  const char* selector;
  int expected;  // 1 matches, 0 does not, -1 is an error
};

TEST(Selector, Requirements) {
  const StringMap strings = {{"app", "web"}, {"tier", "2"}};
  const Case cases[] = {
      {"", 1},
      {"app", 1},
      {"!app", 0},
      {"!other", 1},
      {"app=web", 1},
      {"app==web", 1},
      {"app = web, tier=2", 1},
      {"app!=web", 0},
      {"other!=web", 1},
      {"app in (db, web)", 1},
      {"app notin (db,web)", 0},
      {"other notin (db)", 1},
      {"tier>1", 1},
      {"tier<2", 0},
      {"app>1", 0},
      {"app=web,", -1},
      {"app in db", -1},
      {"app web", -1},
      {"=web", -1},
  };
  for (const Case& c : cases) {
    auto result = MatchesSelector(strings, c.selector);
    EXPECT_EQ(result ? static_cast<int>(*result) : -1, c.expected) << c.selector;
  }
}

TEST(Selector, RegularExpressionsMatchWholeTexts) {
  EXPECT_TRUE((*MakeMatcher("web-.", true))("web-1"));
  EXPECT_FALSE((*MakeMatcher("web-.", true))("my-web-1"));
  EXPECT_TRUE((*MakeMatcher("web-.", false))("my-web-1"));
  EXPECT_TRUE((*MakeMatcher("a|b", true))("b"));
  EXPECT_TRUE((*MakeMatcher("a-b", true))("a-b"));
  EXPECT_FALSE((*MakeMatcher("a-b", true))("a-bc"));
  EXPECT_FALSE(MakeMatcher("(", true));
}

}  // namespace
}  // namespace plumbline::kustomize
