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
  EXPECT_TRUE(*MatchesRegex("web-1", "web-.", true));
  EXPECT_FALSE(*MatchesRegex("my-web-1", "web-.", true));
  EXPECT_TRUE(*MatchesRegex("my-web-1", "web-.", false));
  EXPECT_TRUE(*MatchesRegex("b", "a|b", true));
  EXPECT_FALSE(MatchesRegex("b", "(", true));
}

}  // namespace
}  // namespace plumbline::kustomize
