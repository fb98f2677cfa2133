// Configurations that Terraform refuses, warns of or accepts, and what is said of them: the files
// of testdata/terraform/messages. `=== NAME (VERDICT)` begins a case, `--- FILE` a file of it,
// `>>>` what is said, a line each. VERDICT is the real Terraform's: refused, warned, accepted, or
// "refused elsewhere" where it needs to know more than the configuration (a provider's schema, the
// order of creation). PLUMBLINE_UPDATE_GOLDEN=1 rewrites what is said.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "memory_fs.h"

namespace plumbline::terraform {
namespace {

struct Case {
  std::string title;
  std::vector<std::pair<std::string, std::string>> files;
  std::string expected;

  bool verdict(const char* text) const { return title.ends_with("(" + std::string(text) + ")"); }
};

std::vector<Case> Read(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::vector<Case> cases;
  bool said = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("=== ")) {
      cases.push_back({line.substr(4), {}, {}});
      said = false;
    } else if (line.starts_with("--- ")) {
      cases.back().files.push_back({line.substr(4), {}});
    } else if (line == ">>>") {
      said = true;
    } else if (said) {
      cases.back().expected += line + "\n";
    } else {
      cases.back().files.back().second += line + "\n";
    }
  }
  return cases;
}

void Write(const std::filesystem::path& path, const std::vector<Case>& cases) {
  std::ofstream out(path);
  for (const Case& c : cases) {
    out << "=== " << c.title << "\n";
    for (const auto& [name, text] : c.files) out << "--- " << name << "\n" << text;
    out << ">>>\n" << c.expected;
  }
}

std::string Said(const Case& c) {
  Files files;
  for (const auto& [name, text] : c.files) files["/p/" + name] = text;
  Evaluated p(std::move(files));
  std::string out;
  for (const std::string& line : p.AllProblems()) out += line + "\n";
  return out;
}

TEST(MessagesTest, EachFaultHasItsOwn) {
  const std::filesystem::path folder =
      std::filesystem::path(PLUMBLINE_SOURCE_DIR) / "testdata/terraform/messages";
  const bool update = std::getenv("PLUMBLINE_UPDATE_GOLDEN") != nullptr;
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::vector<Case> cases = Read(entry.path());
    for (Case& c : cases) {
      ++count;
      std::string said = Said(c);
      if (update) c.expected = said;
      EXPECT_EQ(said, c.expected) << entry.path().filename() << ": " << c.title;
      EXPECT_FALSE(said.empty() && (c.verdict("refused") || c.verdict("warned"))) << c.title;
      EXPECT_FALSE(!said.empty() && c.verdict("accepted")) << c.title;
    }
    if (update) Write(entry.path(), cases);
  }
  EXPECT_GT(count, 100u);
}

}  // namespace
}  // namespace plumbline::terraform
