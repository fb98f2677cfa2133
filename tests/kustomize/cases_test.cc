// Every folder of testdata/kustomize builds to what kubectl prints (expected.jsonl, by
// scripts/update-kustomize-cases.py), or fails where kubectl does (expected.error). The text that
// `plumbline render` writes reads back to the same documents.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "kustomize/kustomize.h"
#include "kustomize/write_yaml.h"
#include "value/json.h"

namespace plumbline::kustomize {
namespace {

namespace fs = std::filesystem;

fs::path Root() { return fs::path(PLUMBLINE_SOURCE_DIR) / "testdata/kustomize"; }

std::string Slurp(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

// One document a line, as plain JSON with sorted keys.
std::string JsonLines(std::span<const yaml::Document> documents) {
  std::string out;
  for (const yaml::Document& d : documents) {
    if (d.root != nullptr) out += ToJson(d.root->value) + "\n";
  }
  return out;
}

// The expectation read and written by the same code, so that only values count.
std::string Normalised(const std::string& lines) {
  std::istringstream in(lines);
  std::string out;
  for (std::string line; std::getline(in, line);) {
    Arena arena;
    auto value = ParseJson(arena, line, Limits());
    EXPECT_TRUE(value) << line;
    if (value) out += ToJson(*value) + "\n";
  }
  return out;
}

class KustomizeCase : public testing::TestWithParam<std::string> {};

TEST_P(KustomizeCase, BuildsAsKubectl) {
  fs::path folder = Root() / GetParam();
  std::string target = (fs::exists(folder / "over") ? folder / "over" : folder).string();
  SourceMap sources;
  Arena arena;
  Output out = Build(DiskFileSystem(), target, Root().string(), sources, arena, Options());
  if (fs::exists(folder / "expected.error")) {
    EXPECT_FALSE(out.ok);
    ASSERT_EQ(out.diagnostics.size(), 1u);
    EXPECT_TRUE(out.diagnostics[0].span.valid()) << out.diagnostics[0].message;
    EXPECT_TRUE(out.documents.empty());
    return;
  }
  ASSERT_TRUE(out.ok) << (out.diagnostics.empty() ? "" : out.diagnostics[0].message);
  std::string built = JsonLines(out.documents);
  EXPECT_EQ(built, Normalised(Slurp(folder / "expected.jsonl")));
  std::string text = WriteYaml(out.documents);
  Diagnostics diagnostics;
  auto again = yaml::Parse(0, text, arena, Limits(), diagnostics);
  EXPECT_TRUE(diagnostics.empty());
  EXPECT_EQ(JsonLines(again), built) << text;
}

std::vector<std::string> Cases() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(Root())) {
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

INSTANTIATE_TEST_SUITE_P(All, KustomizeCase, testing::ValuesIn(Cases()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace plumbline::kustomize
