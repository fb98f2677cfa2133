// The fast reader and yaml-cpp must give the same trees, places and diagnostics for every text.
#include "yaml/fast_reader.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "value/json.h"
#include "yaml/parse.h"

namespace plumbline::yaml {
namespace {

void Dump(const Node& node, std::string& out) {
  out += '(' + std::to_string(node.span.begin) + '-' + std::to_string(node.span.end);
  for (const Entry& e : node.entries) {
    out += ' ' + std::string(e.key) + '@' + std::to_string(e.key_span.begin) + '-' +
           std::to_string(e.key_span.end);
    Dump(*e.value, out);
  }
  for (const Node* item : node.items) Dump(*item, out);
  if (node.entries.empty() && node.items.empty()) out += ' ' + ToJson(node.value);
  out += ')';
}

std::string DumpWith(Readers readers, const std::string& text) {
  Arena arena;
  Diagnostics diagnostics;
  Limits limits;
  limits.max_yaml_nodes = 5'000;  // alias bombs need not be dumped at length
  std::string out;
  for (const Document& d : ParseWith(readers, 0, text, arena, limits, diagnostics)) {
    out += "doc ";
    if (d.root != nullptr) Dump(*d.root, out);
    out += '\n';
  }
  for (const Diagnostic& d : diagnostics) {
    out += d.message + '@' + std::to_string(d.span.begin) + '\n';
  }
  return out;
}

FastStatus StatusOf(const std::string& text) {
  Arena arena;
  Diagnostics diagnostics;
  Limits limits;
  TreeBuilder builder(0, arena, limits, diagnostics);
  return ReadFast(0, text, 0, static_cast<std::uint32_t>(text.size()), arena, builder);
}

constexpr const char* kReadFast[] = {
    "a: 1\n",
    "a: 1",
    "a: |-\n  b\n\n  c",
    "a:\n- b: |\n    c",
    "---\n# c\n\na: b c  # d\n\n",
    "a:\n  b:\n    c: d\n  e: f\ng: h\n",
    "a:\n- b\n- c: d\n  e:\n  - f\n  g: h\n-\n- - i\n  - j\nk:\n",
    "- a\n-\n- b: c\n  d: e\n",
    "a:\n  b\nc: d\n",
    "a: 'it''s'\nb: \"x\\n\\\"y\"\n\"q k\": 1\n'r' : 2\n",
    "a: |\n  x\n\n    y  \n  z\n\n\nb: |-\n   q # no comment\n- x\n",
    "a: [1, b c, \"d\", {e: f, 'g': [h]}, []] # c\nb: {}\nc: [ ]\n",
    "a: http://x:80/y#z\nb: -1\nc: ~\nd: null\n~: e\nf: -x\n",
    "a b: c\nkey-1: yes\n<<: {x: y}\n",
    "a: 1\na: 2\n",
    "ä: ö\nb: \"日本\"\n",
    "a:   # c\n  - b\nc: {}   \n",
    "a:\n  # c\n  b: c\n # d\ne: f\n",
};

constexpr const char* kGivenUp[] = {
    "",
    "# c\n",
    "plain\n",
    "a: &x 1\n",
    "a: !t 1\n",
    "a: b\n  c\n",
    "a: 'b\n  c'\n",
    "a: >\n  b\n",
    "a: |2\n   b\n",
    "a: |+\n  b\n\n",
    "a: b: c\n",
    "a: [1,\n  2]\n",
    "a: [b: c]\n",
    "a:\tb\n",
    "a: b\r\n",
    "a: b\n...\n",
    "%YAML 1.1\n---\na: b\n",
    "--- a\n",
    "? a\n: b\n",
    "a: \"\\u00e9\"\n",
    "a: @b\n",
    "a:\n    b: c\n  d: e\n",
    "a: {{ b }}\n",
    "a: \"b\" c\n",
    "a: b\n- c\n",
};

TEST(FastReader, AgreesWithYamlCppOnWhatItReads) {
  for (const char* text : kReadFast) {
    if (std::string_view(text).find("- x\n") == std::string_view::npos) {
      EXPECT_EQ(StatusOf(text), FastStatus::kDone) << text;
    }
    EXPECT_EQ(DumpWith(Readers::kAll, text), DumpWith(Readers::kYamlCpp, text)) << text;
  }
}

TEST(FastReader, GivesUpOnTheRest) {
  for (const char* text : kGivenUp) {
    EXPECT_EQ(StatusOf(text), FastStatus::kGivenUp) << text;
    EXPECT_EQ(DumpWith(Readers::kAll, text), DumpWith(Readers::kYamlCpp, text)) << text;
  }
}

TEST(FastReader, RefusesWhatIsOverALimit) {
  Limits limits;
  limits.max_yaml_nodes = 3;
  Arena arena;
  Diagnostics diagnostics;
  EXPECT_TRUE(Parse(0, "a: 1\nb: 2\n", arena, limits, diagnostics).empty());
  ASSERT_EQ(diagnostics.size(), 1u);
  EXPECT_EQ(diagnostics[0].code, DiagnosticCode::kLimit);
}

// Every file of testdata, whole, cut short and with single characters changed.
TEST(FastReader, AgreesWithYamlCppOnMutatedFiles) {
  constexpr char kCharacters[] = {' ', '\n', ':', '-', '#', '"', '\'', '|', '[', '}', ',', 'x'};
  std::vector<std::string> texts(std::begin(kReadFast), std::end(kReadFast));
  texts.insert(texts.end(), std::begin(kGivenUp), std::end(kGivenUp));
  for (const auto& e :
       std::filesystem::recursive_directory_iterator(PLUMBLINE_SOURCE_DIR "/testdata")) {
    std::string extension = e.path().extension().string();
    if (!e.is_regular_file() || (extension != ".yaml" && extension != ".yml")) continue;
    std::ifstream in(e.path(), std::ios::binary);
    texts.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    if (texts.back().size() > 8'000) texts.pop_back();
  }
  ASSERT_GT(texts.size(), std::size(kReadFast) + std::size(kGivenUp) + 2);
  std::size_t turn = 0;
  for (const std::string& text : texts) {
    std::size_t step = text.size() / 60 + 1;
    for (std::size_t at = 0; at < text.size(); at += step, ++turn) {
      std::string changed = text;
      switch (turn % 3) {
        case 0:
          changed[at] = kCharacters[turn / 3 % sizeof kCharacters];
          break;
        case 1:
          changed.insert(at, 1, kCharacters[turn / 3 % sizeof kCharacters]);
          break;
        default:
          changed.erase(at, 1 + turn % 5);
      }
      ASSERT_EQ(DumpWith(Readers::kAll, changed), DumpWith(Readers::kYamlCpp, changed)) << changed;
    }
  }
}

}  // namespace
}  // namespace plumbline::yaml
