// Two routes to one tree: every Terraform file at hand that the strict parser accepts must look the
// same through tree-sitter. The folders of ../shared are read where they exist.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "hcl/parser.h"

namespace plumbline::hcl {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> FilesBelow(const fs::path& root) {
  std::vector<std::string> out;
  std::error_code ec;
  for (fs::recursive_directory_iterator it(root, fs::directory_options::skip_permission_denied, ec),
       end;
       it != end; it.increment(ec)) {
    std::string extension = it->path().extension();
    bool wanted = extension == ".tf" || extension == ".tfvars" || extension == ".tofu";
    if (wanted && it->is_regular_file(ec)) out.push_back(it->path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

// Files on which tree-sitter's grammar is known to be wrong, and why.
bool IsKnownGap(const std::string& path) {
  return path.ends_with("scopes/heredoc/main.tf");  // a heredoc marker that is not ASCII
}

TEST(Differential, StrictAndTreeSitterAgree) {
  const fs::path source = PLUMBLINE_SOURCE_DIR;
  int compared = 0;
  for (const fs::path& root :
       {source / "testdata", source / "../shared/corpus", source / "../shared/fixtures/tfeval",
        source / "../shared/fixtures/checks/inputs"}) {
    for (const std::string& path : FilesBelow(root)) {
      std::ifstream in(path, std::ios::binary);
      std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
      Arena arena;
      Diagnostics strict, other;
      const Body* body = ParseFile(0, text, arena, Limits(), strict);
      if (!strict.empty() || IsKnownGap(path)) continue;
      ++compared;
      ASSERT_EQ(Dump(*body), Dump(*ParseFileWithTreeSitter(0, text, arena, Limits(), other)))
          << path;
    }
  }
  EXPECT_GT(compared, 5);
}

}  // namespace
}  // namespace plumbline::hcl
