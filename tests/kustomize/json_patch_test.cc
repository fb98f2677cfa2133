// JSON patch operation by operation, the library's ways included that kustomize inherits.
#include "kustomize/json_patch.h"

#include <gtest/gtest.h>

#include "value/json.h"

namespace plumbline::kustomize {
namespace {

// The document after the patch as JSON, or "!message".
std::string Apply(const std::string& document, const std::string& patch) {
  Limits limits;
  Pool pool(limits);
  Arena arena;
  Diagnostics diagnostics;
  auto tree = [&](const std::string& text) {
    auto documents = yaml::Parse(0, text, arena, limits, diagnostics);
    return FromYaml(pool, *documents.at(0).root, text);
  };
  Node* root = tree(document);
  auto operations = ReadJsonPatch(tree(patch));
  if (!operations) return "!" + operations.error().message;
  if (auto result = ApplyJsonPatch(pool, root, *operations); !result) {
    return "!" + result.error().message;
  }
  auto out = ToYaml(arena, *root);
  return out ? ToJson((*out)->value) : "!" + out.error().message;
}

struct Case {
  const char* document;
  const char* patch;
  const char* expected;
};

TEST(JsonPatch, Operations) {
  const Case cases[] = {
      {"{a: 1}", "[{op: add, path: /b, value: {c: 2}}]", R"({"a":1,"b":{"c":2}})"},
      {"{a: [1, 2]}", "[{op: add, path: /a/1, value: x}]", R"({"a":[1,"x",2]})"},
      {"{a: [1, 2]}", "[{op: add, path: /a/-, value: x}]", R"({"a":[1,2,"x"]})"},
      {"{a: [1, 2]}", "[{op: add, path: /a/-1, value: x}]", R"({"a":[1,2,"x"]})"},
      {"{a: [1]}", "[{op: add, path: /a/3, value: x}]",
       "!the path \"/a/3\" of a JSON patch does not exist"},
      {"{a: 1}", "[{op: add, path: /b}]", R"({"a":1,"b":null})"},
      {"{a: [1, 2]}", "[{op: remove, path: /a/-1}]", R"({"a":[1]})"},
      {"{a: 1}", "[{op: remove, path: /b}]", "!the path \"/b\" of a JSON patch does not exist"},
      {"{a: 1}", "[{op: replace, path: /b, value: 2}]", R"({"a":1,"b":2})"},
      {"{a: [1]}", "[{op: replace, path: /a/1, value: 2}]",
       "!the path \"/a/1\" of a JSON patch does not exist"},
      {"{a: {b: 1}}", "[{op: move, from: /a/b, path: /c}]", R"({"a":{},"c":1})"},
      {"{a: {b: 1}}", "[{op: copy, from: /a, path: /a/c}]", R"({"a":{"b":1,"c":{"b":1}}})"},
      {"{'a/b': {'~c': 1}}", "[{op: replace, path: /a~1b/~0c, value: 2}]", R"({"a/b":{"~c":2}})"},
      {"{a: 1}", "[{op: test, path: /a, value: 1}]", R"({"a":1})"},
      {"{a: 1}", "[{op: test, path: /a, value: '1'}]", "!testing value /a failed"},
      {"{a: 1}", "[{op: test, path: /b, value: null}]", R"({"a":1})"},
      {"{a: {x: [1]}}", "[{op: test, path: /a, value: {x: [1]}}]", R"({"a":{"x":[1]}})"},
      {"{a: 1}", "[{op: shout, path: /a}]", "!unexpected kind of JSON patch operation: \"shout\""},
      {"{a: 1}", "{op: add}", "!expected a list of operations"},
      {"{a: 1}", "[{op: add, path: /b/c, value: 1}]",
       "!the path \"/b/c\" of a JSON patch does not exist"},
  };
  for (const Case& c : cases) EXPECT_EQ(Apply(c.document, c.patch), c.expected) << c.patch;
}

}  // namespace
}  // namespace plumbline::kustomize
