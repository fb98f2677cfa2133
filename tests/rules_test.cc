// Every built-in rule: its examples behave, its names are its own, and docs/rules.md tells the
// same. (Form, ids, duplicates, unknown keys and stray files are refused when the rules are
// compiled, that is by the build.)
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "engine/compile.h"
#include "engine/definition.h"
#include "engine/read_definitions.h"
#include "engine/rule_set_impl.h"
#include "scan/examples.h"
#include "scan/rules_docs.h"
#include "support/fs.h"

namespace plumbline {
namespace {

constexpr const char* kRoot = PLUMBLINE_SOURCE_DIR "/rules";

engine::Definitions& Read(engine::Definitions& definitions) {
  engine::ReadDefinitions(DiskFileSystem(), {kRoot}, {.strict = true, .root = kRoot}, definitions);
  return definitions;
}

TEST(Rules, ExamplesBehave) {
  const engine::RuleSet& rules = engine::RuleSet::BuiltIn();
  std::vector<std::uint32_t> all;
  for (std::uint32_t i = 0; i < rules.size(); ++i) all.push_back(i);
  std::size_t examples = 0;
  for (const scan::ExampleFailure& f : scan::RunExamples(rules, all, examples)) {
    ADD_FAILURE() << rules.Id(f.rule) << ": " << f.framework << (f.bad ? " bad" : " good")
                  << " example " << f.number << ": " << f.problem;
  }
  EXPECT_GE(examples, rules.size() * 2);
}

TEST(Rules, AreWellFormed) {
  engine::Definitions definitions;
  engine::CompileImage(Read(definitions), {.base = engine::Image()});
  for (const std::string& e : definitions.errors) ADD_FAILURE() << e;
}

TEST(Rules, TheImageIsTheSameEachTime) {
  engine::Definitions one, two;
  const std::string first = engine::CompileImage(Read(one), {.base = engine::Image()});
  EXPECT_EQ(first, engine::CompileImage(Read(two), {.base = engine::Image()}));
  // The executable carries these very bytes.
  const engine::Image built_in = engine::BuiltInImage();
  ASSERT_EQ(built_in.header().size, first.size());
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(&built_in.header()), first.size()), first);
}

// A condition on each of many resources that looks at all resources of the same type takes time in
// proportion to the square of their number; a satellite of the model is found by an index.
TEST(Rules, NoneLooksThroughAllResourcesOfItsOwnType) {
  engine::Definitions definitions;
  Read(definitions);
  std::map<std::string, std::set<std::string>> types;  // `on` → what feeds it
  for (const engine::ModelDefinition& m : definitions.models) {
    for (const engine::SourceDefinition& s : m.sources) {
      for (const engine::SourceText& t : s.types) types[m.name.text].insert(t.text);
    }
  }
  std::size_t uses = 0;
  for (const engine::RuleDefinition& r : definitions.rules) {
    std::set<std::string> own = types[r.on.text];
    own.insert(r.on.text.substr(r.on.text.find(':') + 1));
    for (const auto* part : {&r.when, &r.each, &r.when_each, &r.condition}) {
      if (!part->has_value()) continue;
      const std::string& text = (*part)->text;
      const std::string call = "resources(\"";
      for (std::size_t at = text.find(call); at != std::string::npos;
           at = text.find(call, at + 1), ++uses) {
        const std::size_t begin = at + call.size();
        const std::string type = text.substr(begin, text.find('"', begin) - begin);
        EXPECT_FALSE(own.contains(type)) << r.id.text << ": resources(\"" << type << "\")";
      }
    }
  }
  EXPECT_GT(uses, 0u);
}

TEST(Rules, AreFoundByEveryName) {
  const engine::RuleSet& rules = engine::RuleSet::BuiltIn();
  for (std::uint32_t i = 0; i < rules.size(); ++i) {
    const RuleInfo info = rules.Info(i);
    EXPECT_EQ(rules.Match(info.id), std::vector<std::uint32_t>{i}) << info.id;
    for (const std::string& alias : info.aliases) {
      const auto found = rules.Match(alias);
      EXPECT_TRUE(std::find(found.begin(), found.end(), i) != found.end()) << alias;
    }
  }
}

TEST(Rules, DocsAreUpToDate) {
  const std::string path = PLUMBLINE_SOURCE_DIR "/docs/rules.md";
  const std::string expected = scan::RulesMarkdown(engine::RuleSet::BuiltIn());
  if (std::getenv("PLUMBLINE_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << expected;
  std::stringstream actual;
  actual << std::ifstream(path).rdbuf();
  EXPECT_TRUE(actual.str() == expected)
      << "docs/rules.md is not what rules/ makes; PLUMBLINE_UPDATE_GOLDEN=1 rewrites it";
}

}  // namespace
}  // namespace plumbline
