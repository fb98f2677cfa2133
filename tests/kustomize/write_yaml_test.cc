// What is written reads back the same, whatever the texts are.
#include "kustomize/write_yaml.h"

#include <gtest/gtest.h>

#include "value/json.h"

namespace plumbline::kustomize {
namespace {

TEST(WriteYaml, TextsReadBack) {
  const char* documents[] = {
      R"({"a":"yes","b":"1","c":"","d":"~","e":"null","f":"0x1","g":"1e3","h":"12:30","i":"2020-01-02"})",
      R"({"a":"- x","b":"x: y","c":"x #y","d":" x","e":"x ","f":"#","g":"&a","h":"*a","i":"!t","j":"%","k":"@"})",
      R"({"a":"one\ntwo","b":"one\ntwo\n","c":"one\n\ntwo\n\n","d":"\none","e":" one\ntwo","f":"a\tb","g":"a\r\nb"})",
      R"({"on":1,"1":2,"a b":3,"":4,"-":5,"<<":6,"=":7,"...":8})",
      R"({"a":[],"b":{},"c":[[1,2],[]],"d":[{"x":1,"y":[3]}],"e":[null,true,1.5,-3]})",
      R"(["a",{"b":["c"]}])",
      R"("text")",
      R"({"a":"é ❤","b":"line  \nline","c":"'quoted'","d":"\"q\"","e":"back\\slash","f":"x: ","g":"a:b"})",
  };
  for (const char* json : documents) {
    Arena arena;
    Diagnostics diagnostics;
    auto first = yaml::Parse(0, json, arena, Limits(), diagnostics);
    std::string text = WriteYaml(first);
    auto second = yaml::Parse(0, text, arena, Limits(), diagnostics);
    EXPECT_TRUE(diagnostics.empty()) << text;
    ASSERT_EQ(second.size(), 1u) << text;
    EXPECT_EQ(ToJson(second[0].root->value), ToJson(first[0].root->value)) << text;
  }
}

TEST(WriteYaml, IsPlainWhereItCan) {
  Arena arena;
  Diagnostics diagnostics;
  constexpr char kText[] =
      "apiVersion: v1\nkind: Service\nmetadata:\n  name: a-b\nspec:\n  ports:\n  - name: http\n"
      "    port: 80\n  text: |\n    one\n    two\n";
  auto documents = yaml::Parse(0, kText, arena, Limits(), diagnostics);
  EXPECT_EQ(WriteYaml(documents), kText);
}

}  // namespace
}  // namespace plumbline::kustomize
