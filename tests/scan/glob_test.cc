#include "scan/glob.h"

#include <gtest/gtest.h>

namespace plumbline::scan {
namespace {

TEST(GlobTest, Paths) {
  struct Case {
    const char *pattern, *path;
    bool expected;
  };
  for (const Case& c : {Case{"a/b", "a/b", true},
                        {"a/*", "a/b", true},
                        {"a/*", "a/b/c", false},
                        {"a/**", "a/b/c", true},
                        {"a/**", "a", false},
                        {"**/c", "a/b/c", true},
                        {"**/c", "c", true},
                        {"a/**/c", "a/c", true},
                        {"a/**/c", "a/x/y/c", true},
                        {"a/**/c", "a/x/y/d", false},
                        {"a?c", "abc", true},
                        {"a[b-d]", "ac", true},
                        {"a[!b-d]", "ac", false},
                        {"a[!b]", "ac", true},
                        {"a\\*", "a*", true},
                        {"a\\*", "ab", false},
                        {"[", "[", true},
                        {"*.tf", "main.tf", true}}) {
    EXPECT_EQ(MatchPath(c.pattern, c.path), c.expected) << c.pattern << " " << c.path;
  }
}

TEST(GlobTest, RuleIdsIgnoreCase) {
  EXPECT_TRUE(MatchText("ckv_aws_*", "CKV_AWS_18"));
  EXPECT_TRUE(MatchText("*", ""));
  EXPECT_TRUE(MatchText("a?c*e", "abcde"));
  EXPECT_FALSE(MatchText("abc", "abcd"));
}

TEST(GlobTest, HostilePatternsAreFast) {
  std::string pattern, text(5000, 'a');
  for (int i = 0; i < 500; ++i) pattern += "*a";
  EXPECT_FALSE(MatchText(pattern + "b", text));
  EXPECT_FALSE(MatchSegment(pattern + "b", text));
}

using Decision = PatternList::Decision;

TEST(PatternListTest, FollowsGitignore) {
  PatternList list = PatternList::Parse(
      "# comment\n*.log\n!keep.log\n/root-only\nbuild/\ndocs/*.md\n\\#file\ntrail  \r\n");
  EXPECT_EQ(list.Decide("a/b.log", false), Decision::kMatch);
  EXPECT_EQ(list.Decide("a/keep.log", false), Decision::kUnmatch);
  EXPECT_EQ(list.Decide("root-only", false), Decision::kMatch);
  EXPECT_EQ(list.Decide("a/root-only", false), Decision::kNone);
  EXPECT_EQ(list.Decide("a/build", true), Decision::kMatch);
  EXPECT_EQ(list.Decide("a/build", false), Decision::kNone);
  EXPECT_EQ(list.Decide("docs/x.md", false), Decision::kMatch);
  EXPECT_EQ(list.Decide("a/docs/x.md", false), Decision::kNone);
  EXPECT_EQ(list.Decide("#file", false), Decision::kMatch);
  EXPECT_EQ(list.Decide("trail", false), Decision::kMatch);
}

TEST(PatternListTest, CoversWhatLiesInAMatchedFolder) {
  PatternList list = PatternList::Of({"modules/legacy", "*.json"});
  EXPECT_TRUE(list.Covers("modules/legacy/a/b.tf"));
  EXPECT_TRUE(list.Covers("x/y.json"));
  EXPECT_FALSE(list.Covers("modules/new/a.tf"));
}

}  // namespace
}  // namespace plumbline::scan
