// Hostile packages: whatever their names and links say, nothing is written outside of the folder,
// and every limit holds.
#include "fetch/tree_writer.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "support/fs.h"

namespace plumbline::fetch {
namespace {

namespace stdfs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string name = stdfs::temp_directory_path() / "plumbline-tree-XXXXXX";
    path_ = ::mkdtemp(name.data());
    stdfs::create_directory(path_ + "/tree");
  }
  ~Folder() { stdfs::remove_all(path_); }
  std::string tree() const { return path_ + "/tree"; }
  /// Nothing but the tree itself.
  bool IsClean() const {
    return std::distance(stdfs::directory_iterator(path_), stdfs::directory_iterator()) == 1;
  }

 private:
  std::string path_;
};

Result<void> AddFile(TreeWriter& w, std::string_view path, std::string_view text) {
  PL_CHECK_OK(w.BeginFile(path));
  PL_CHECK_OK(w.AddBytes(text));
  return w.EndFile();
}

std::string MessageOf(const Result<void>& r) { return r ? "" : r.error().message; }

TEST(TreeWriter, RefusesPathsThatLeadOut) {
  FetchLimits limits;
  for (const char* path : {"/etc/passwd", "../x", "a/../../x", "a/..", "..", "a\\..\\x", ""}) {
    Folder folder;
    TreeWriter w(folder.tree(), limits);
    EXPECT_FALSE(AddFile(w, path, "x").has_value()) << path;
    EXPECT_FALSE(w.AddLink(path, "y").has_value()) << path;
    EXPECT_TRUE(folder.IsClean()) << path;
  }
  Folder folder;
  TreeWriter w(folder.tree(), limits);
  EXPECT_EQ(MessageOf(AddFile(w, "a/../../x", "x")),
            "the package holds the file \"a/../../x\", whose path leads out of it with \"..\"");
  EXPECT_EQ(MessageOf(AddFile(w, "/etc/passwd", "x")),
            "the package holds the file \"/etc/passwd\", whose path is absolute");
}

TEST(TreeWriter, RefusesLinksThatLeadOut) {
  FetchLimits limits;
  for (const char* target : {"/etc/passwd", "../x", "../../x", "a/../../x", ""}) {
    Folder folder;
    TreeWriter w(folder.tree(), limits);
    ASSERT_TRUE(AddFile(w, "f", "x").has_value());
    EXPECT_FALSE(w.AddLink("link", target).has_value() && w.Finish().has_value()) << target;
  }
}

TEST(TreeWriter, RefusesLinksThatLeadOutTogether) {
  FetchLimits limits;
  Folder folder;
  TreeWriter w(folder.tree(), limits);
  ASSERT_TRUE(AddFile(w, "f", "x").has_value());
  ASSERT_TRUE(w.AddLink("here", ".").has_value());
  ASSERT_TRUE(w.AddLink("out", "here/..").has_value());
  EXPECT_FALSE(w.Finish().has_value());
}

TEST(TreeWriter, NothingIsWrittenThroughALink) {
  FetchLimits limits;
  Folder folder;
  TreeWriter w(folder.tree(), limits);
  ASSERT_TRUE(w.AddLink("d", "e").has_value());
  ASSERT_TRUE(AddFile(w, "d/f", "x").has_value());
  EXPECT_FALSE(w.Finish().has_value());
  EXPECT_TRUE(folder.IsClean());
}

TEST(TreeWriter, KeepsLinksInsideAndDropsThoseToNothing) {
  FetchLimits limits;
  Folder folder;
  TreeWriter w(folder.tree(), limits);
  ASSERT_TRUE(AddFile(w, "a/main.tf", "x").has_value());
  ASSERT_TRUE(w.AddLink("b/main.tf", "../a/main.tf").has_value());
  ASSERT_TRUE(w.AddLink("gone", "nothing").has_value());
  ASSERT_TRUE(w.Finish().has_value());
  EXPECT_EQ(*DiskFileSystem().ReadFile(folder.tree() + "/b/main.tf", 10), "x");
  EXPECT_FALSE(stdfs::is_symlink(folder.tree() + "/gone"));
}

TEST(TreeWriter, HardLinksBecomeCopiesOfFilesInside) {
  FetchLimits limits;
  Folder folder;
  TreeWriter w(folder.tree(), limits);
  ASSERT_TRUE(AddFile(w, "a", "text").has_value());
  EXPECT_TRUE(w.AddHardLink("b", "a").has_value());
  EXPECT_FALSE(w.AddHardLink("c", "/etc/passwd").has_value());
  EXPECT_FALSE(w.AddHardLink("c", "../a").has_value());
  EXPECT_FALSE(w.AddHardLink("c", "nothing").has_value());
  EXPECT_EQ(*DiskFileSystem().ReadFile(folder.tree() + "/b", 10), "text");
}

TEST(TreeWriter, LimitsHold) {
  FetchLimits limits;
  limits.max_package_entries = 3;
  limits.max_package_bytes = 100;
  limits.max_path_bytes = 20;
  {
    Folder folder;
    TreeWriter w(folder.tree(), limits);
    EXPECT_TRUE(AddFile(w, "a/b", "x").has_value());
    EXPECT_TRUE(AddFile(w, "c", "x").has_value());
    EXPECT_EQ(MessageOf(AddFile(w, "d", "x")),
              "the package holds more than the limit of 3 files and folders");
  }
  {
    Folder folder;
    TreeWriter w(folder.tree(), limits);
    EXPECT_FALSE(AddFile(w, "a/b/c/d/e/f", "x").has_value());
  }
  {
    Folder folder;
    TreeWriter w(folder.tree(), limits);
    EXPECT_TRUE(AddFile(w, "a", std::string(100, 'x')).has_value());
    EXPECT_EQ(MessageOf(AddFile(w, "b", "x")),
              "the package unpacks to more than the limit of 100 bytes");
  }
  {
    Folder folder;
    TreeWriter w(folder.tree(), limits);
    EXPECT_FALSE(AddFile(w, "a23456789012345678901", "x").has_value());
    EXPECT_FALSE(AddFile(w, "a", "x").has_value() && AddFile(w, "a", "x").has_value());
  }
  limits = FetchLimits();
  {
    Folder folder;
    TreeWriter w(folder.tree(), limits);
    EXPECT_FALSE(AddFile(w, std::string(256, 'x'), "x").has_value());
  }
}

TEST(TreeWriter, BombsAreToldByTheirRatio) {
  FetchLimits limits;
  limits.ratio_free_bytes = 1000;
  limits.max_ratio = 10;
  Folder folder;
  TreeWriter w(folder.tree(), limits);
  w.SetPackedBytes(100);
  EXPECT_TRUE(AddFile(w, "a", std::string(1000, 'x')).has_value());
  std::string message = MessageOf(AddFile(w, "b", std::string(200, 'x')));
  EXPECT_EQ(message,
            "the package unpacks to more than 10 times its 100 bytes, as an archive bomb does");
}

TEST(TreeWriter, TheHashIsOfTheContentAlone) {
  FetchLimits limits;
  auto hash = [&](std::vector<std::pair<std::string, std::string>> files) {
    Folder folder;
    TreeWriter w(folder.tree(), limits);
    for (const auto& [path, text] : files) EXPECT_TRUE(AddFile(w, path, text).has_value());
    return *w.Finish();
  };
  EXPECT_EQ(hash({{"a", "1"}, {"b", "2"}}), hash({{"b", "2"}, {"./a", "1"}}));
  EXPECT_NE(hash({{"a", "1"}}), hash({{"a", "2"}}));
  EXPECT_NE(hash({{"a", "1"}}), hash({{"b", "1"}}));
  EXPECT_EQ(hash({{"a", "1"}}).size(), 64u);
  Folder folder;
  EXPECT_FALSE(TreeWriter(folder.tree(), limits).Finish().has_value());
}

}  // namespace
}  // namespace plumbline::fetch
