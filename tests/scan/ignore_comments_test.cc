#include "scan/ignore_comments.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "plumbline/scan.h"

namespace plumbline::scan {
namespace {

// "line>target rules until reason", one line a directive.
std::string Dump(std::string_view text, CommentSyntax syntax = CommentSyntax::kHcl) {
  std::string out;
  for (const IgnoreDirective& d : FindIgnores(text, syntax)) {
    out += fmt::format("{}>{} [{}]", d.line, d.target_line, fmt::join(d.patterns, ","));
    if (d.scope == IgnoreDirective::Scope::kBlock) out += " block";
    if (d.scope == IgnoreDirective::Scope::kFile) out += " file";
    for (const auto& [path, value] : d.filters) out += fmt::format(" {}={}", path, value);
    if (!d.until.empty()) out += " until " + d.until;
    if (!d.workspace.empty()) out += " ws " + d.workspace;
    if (!d.reason.empty()) out += " (" + d.reason + ")";
    out += '\n';
  }
  return out;
}

TEST(IgnoreCommentsTest, EverySyntax) {
  struct Case {
    const char *text, *expected;
  };
  for (const Case& c : {
           Case{"a = 1 #plumbline:ignore\n", "1>1 []\n"},
           {"a = 1 # plumbline:ignore:x,y until=2027-01-31 because so\n",
            "1>1 [x,y] until 2027-01-31 (because so)\n"},
           {"#plumbline:ignore-file:x all of it\n", "1>2 [x] file (all of it)\n"},
           {"a = 1 // tfsec:ignore:aws-s3-x\n", "1>1 [aws-s3-x]\n"},
           {"#tfsec:ignore:a-b-c tfsec:ignore:d-e-f\n", "1>2 [a-b-c]\n1>2 [d-e-f]\n"},
           {"#tfsec:ignore:a[x.y=z]:exp:2026-01-02:ws:prod\n",
            "1>2 [a] x.y=z until 2026-01-02 ws prod\n"},
           {"#tfsec:ignore:*\n", "1>2 []\n"},
           {"#trivy:ignore:AVD-AWS-0086 fine\n", "1>2 [AVD-AWS-0086] (fine)\n"},
           {"#checkov:skip=CKV_AWS_20:public on purpose\n",
            "1>2 [CKV_AWS_20] block (public on purpose)\n"},
           {"# bridgecrew:skip=CKV_1, no\n", "1>2 [CKV_1] block (no)\n"},
           {"#ts:skip=AC_AWS_1 reason\n", "1>2 [AC_AWS_1] block (reason)\n"},
           {"# kics-scan ignore-line\n", "1>2 []\n"},
           {"# kics-scan ignore-block\n", "1>2 []\n"},
           {"# kics-scan disable=a1,b2\n", "1>2 [a1,b2] file\n"},
           {"/* plumbline:ignore:x reason */ a = 1\n", "1>2 [x] (reason)\n"},
           {"/*\n * plumbline:ignore:x why\n */\na = 1\n", "2>4 [x] (why)\n"},
       }) {
    EXPECT_EQ(Dump(c.text), c.expected) << c.text;
  }
}

TEST(IgnoreCommentsTest, CommentsAboveSpeakAboutTheNextLine) {
  EXPECT_EQ(Dump("#plumbline:ignore:a\n# why\n#plumbline:ignore:b\nresource {}\n"),
            "1>4 [a]\n3>4 [b]\n");
  EXPECT_EQ(Dump("x = 1 #plumbline:ignore:a\n#plumbline:ignore:b\ny = 2\n"), "1>1 [a]\n2>3 [b]\n");
}

TEST(IgnoreCommentsTest, StringsAndHeredocsAreNoComments) {
  EXPECT_EQ(Dump("a = \"#plumbline:ignore:x\"\n"), "");
  EXPECT_EQ(Dump("a = \"${f(\"#plumbline:ignore:x\")} #plumbline:ignore:y\"\n"), "");
  EXPECT_EQ(Dump("a = <<-EOT\n  #plumbline:ignore:x\n  EOT\nb = 1 #plumbline:ignore:y\n"),
            "4>4 [y]\n");
  EXPECT_EQ(Dump("a = \"unclosed\nb = 1 #plumbline:ignore:y\n"), "2>2 [y]\n");
  EXPECT_EQ(Dump("a = <<"), "");
  EXPECT_EQ(Dump("/* plumbline:ignore:x"), "1>2 [x]\n");
}

TEST(IgnoreCommentsTest, Yaml) {
  auto yaml = [](const char* text) { return Dump(text, CommentSyntax::kYaml); };
  EXPECT_EQ(yaml("a: 1 # plumbline:ignore:x\n"), "1>1 [x]\n");
  EXPECT_EQ(yaml("a: 'it # plumbline:ignore:x'\n"), "");
  EXPECT_EQ(yaml("a: b#plumbline:ignore:x\n"), "");
  EXPECT_EQ(yaml("run: |\n  # plumbline:ignore:x\n  echo\nb: 1 # plumbline:ignore:y\n"),
            "4>4 [y]\n");
  EXPECT_EQ(yaml("- # trivy:ignore:x\n  a: 1\n"), "1>1 [x]\n");
}

TEST(IgnoreCommentsTest, Dates) {
  EXPECT_TRUE(IsIsoDate("2026-01-31"));
  for (const char* text : {"2026-1-31", "2026-13-01", "2026-00-10", "2026-01-32", "soon", ""}) {
    EXPECT_FALSE(IsIsoDate(text)) << text;
  }
}

}  // namespace
}  // namespace plumbline::scan
