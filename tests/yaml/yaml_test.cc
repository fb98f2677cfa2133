// Text → trees: values as Kubernetes reads them, exact spans, and what happens with bad input.
#include "yaml/yaml.h"

#include <gtest/gtest.h>

#include <string>

#include "value/json.h"

namespace plumbline::yaml {
namespace {

struct Parsed {
  Arena arena;
  std::string text;
  std::vector<Document> documents;
  Diagnostics diagnostics;
};

std::unique_ptr<Parsed> ParseText(std::string text, const Limits& limits = {}) {
  auto p = std::make_unique<Parsed>();
  p->text = std::move(text);
  p->documents = Parse(0, p->text, p->arena, limits, p->diagnostics);
  return p;
}

// All documents as JSON, one a line; "-" for an empty one. Diagnostics follow as "!message".
std::string Json(const std::string& text) {
  auto p = ParseText(text);
  std::string out;
  for (const Document& d : p->documents) {
    if (!out.empty()) out += '\n';
    out += d.root == nullptr ? "-" : ToJson(d.root->value);
  }
  for (const Diagnostic& d : p->diagnostics) out += "\n!" + d.message;
  return out;
}

std::string Slice(const Parsed& p, Span s) { return p.text.substr(s.begin, s.end - s.begin); }

// Every node's source text, depth first: "key=text" for entries, "[i]=text" for items.
void Dump(const Parsed& p, const Node& node, const std::string& path, std::string& out) {
  out += path + "=" + Slice(p, node.span) + "\n";
  for (const Entry& e : node.entries) Dump(p, *e.value, path + "." + Slice(p, e.key_span), out);
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    Dump(p, *node.items[i], path + "[" + std::to_string(i) + "]", out);
  }
}

std::string Spans(const std::string& text) {
  auto p = ParseText(text);
  std::string out;
  for (const Document& d : p->documents) {
    if (d.root != nullptr) Dump(*p, *d.root, "", out);
  }
  for (const Diagnostic& d : p->diagnostics) out += "!" + d.message;
  return out;
}

TEST(YamlScalar, ResolvesAsKubernetesDoes) {
  struct {
    const char *text, *json;
  } const kCases[] = {
      {"yes", "true"},
      {"Off", "false"},
      {"on", "true"},
      {"n", "false"},
      {"True", "true"},
      {"tRue", "\"tRue\""},
      {"~", "null"},
      {"Null", "null"},
      {"12", "12"},
      {"-7", "-7"},
      {"+5", "5"},
      {"0777", "511"},
      {"0o17", "15"},
      {"0x1F", "31"},
      {"0b101", "5"},
      {"08", "8"},
      {"1_000", "1000"},
      {"1.5", "1.5"},
      {".5", "0.5"},
      {"1.", "1"},
      {"1e3", "1000"},
      {"1e999", "\"1e999\""},
      {"1.2.3", "\"1.2.3\""},
      {"12:30:45", "\"12:30:45\""},
      {"2020-01-02", "\"2020-01-02\""},
      {"2001-12-14t21:59:43.10-05:00", "\"2001-12-14t21:59:43.10-05:00\""},
      {"18446744073709551615", "18446744073709551615"},
      {".inf", "\".inf\""},
      {"'1'", "\"1\""},
      {"\"yes\"", "\"yes\""},
      {"_1", "\"_1\""},
      {"!!str 12", "\"12\""},
      {"!!int \"12\"", "12"},
      {"!!binary aGk=", "\"hi\""},
      {"!!float 3", "3"},
      {"!Ref Bucket", "\"Bucket\""},
      {"!Ref 12", "\"12\""},
      {"!!str", "\"\""},
      {"!!str null", "\"null\""},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Json("a: " + std::string(c.text)), "{\"a\":" + std::string(c.json) + "}") << c.text;
  }
}

TEST(YamlTree, ReadsCollectionsAndDocuments) {
  EXPECT_EQ(Json("a: [1, {b: c}]\nd:\n- e\n-\n- f: g\n  h: i\n"),
            "{\"a\":[1,{\"b\":\"c\"}],\"d\":[\"e\",null,{\"f\":\"g\",\"h\":\"i\"}]}");
  EXPECT_EQ(Json("# x\n---\na: 1\n---\n---\nb: 2\n...\n---\nc: 3\n"),
            "{\"a\":1}\n-\n{\"b\":2}\n{\"c\":3}");
  EXPECT_EQ(Json("a: |\n  x\n  ---\n  y\nb: >-\n  p\n  q\n"),
            "{\"a\":\"x\\n---\\ny\\n\",\"b\":\"p q\"}");
  EXPECT_EQ(Json("on: x\n1: v\ntrue: z\n\"q\": w\n"),
            "{\"1\":\"v\",\"on\":\"x\",\"q\":\"w\",\"true\":\"z\"}");
  EXPECT_EQ(Json(""), "");
  EXPECT_EQ(Json("%YAML 1.1\n---\na: 1\n"), "{\"a\":1}");
}

TEST(YamlTree, ResolvesAnchorsAndMergeKeys) {
  EXPECT_EQ(Json("a: &x {p: 1, q: 2}\nb:\n  q: 3\n  <<: *x\n"),
            "{\"a\":{\"p\":1,\"q\":2},\"b\":{\"p\":1,\"q\":3}}");
  EXPECT_EQ(Json("a: &x {p: 1}\nb: &y {p: 2, r: 3}\nc: {<<: [*x, *y]}\nd: *x\n"),
            "{\"a\":{\"p\":1},\"b\":{\"p\":2,\"r\":3},\"c\":{\"p\":1,\"r\":3},\"d\":{\"p\":1}}");
  EXPECT_EQ(Json("\"<<\": {a: 1}\n"), "{\"<<\":{\"a\":1}}");
}

TEST(YamlTree, KeepsWhereMergedAndAliasedNodesComeFrom) {
  auto p = ParseText("a: &x\n  p: 1\nb:\n  <<: *x\n  q: 2\nc: *x\n");
  const Node* root = p->documents.at(0).root;
  const Entry* merged = root->Find("b")->FindEntry("p");
  EXPECT_EQ(Slice(*p, merged->merge), "<<: *x");
  EXPECT_EQ(Slice(*p, merged->key_span), "p");
  EXPECT_FALSE(root->Find("b")->FindEntry("q")->merge.valid());
  EXPECT_EQ(Slice(*p, root->Find("c")->span), "*x");
  EXPECT_EQ(root->Find("c")->anchor, root->Find("a"));
}

TEST(YamlSpans, CoverExactlyTheSource) {
  EXPECT_EQ(Spans("a: hello world # c\nb: 'it''s'\nc: \"x\\\"y\"\n"),
            "=a: hello world # c\nb: 'it''s'\nc: \"x\\\"y\"\n.a=hello "
            "world\n.b='it''s'\n.c=\"x\\\"y\"\n");
  EXPECT_EQ(Spans("k: &n !!str v\nl: multi\n  line\nm: end\n"),
            "=k: &n !!str v\nl: multi\n  line\nm: end\n.k=v\n.l=multi\n  line\n.m=end\n");
  EXPECT_EQ(Spans("a: |\n  x\n\n  y\n\nb: >-\n  z\n# c\n"),
            "=a: |\n  x\n\n  y\n\nb: >-\n  z\n.a=|\n  x\n\n  y\n.b=>-\n  z\n");
  EXPECT_EQ(
      Spans("a: [1, {b: c} ] # x\nd: { }\n"),
      "=a: [1, {b: c} ] # x\nd: { }\n.a=[1, {b: c} ]\n.a[0]=1\n.a[1]={b: c}\n.a[1].b=c\n.d={ }\n");
  EXPECT_EQ(Spans("a:\nb: ~\nc:\n- \n- x\n"),
            "=a:\nb: ~\nc:\n- \n- x\n.a=\n.b=~\n.c=- \n- x\n.c[0]=\n.c[1]=x\n");
}

TEST(YamlSpans, CountBytesWithBomMultiByteAndCrLf) {
  EXPECT_EQ(Spans("\xEF\xBB\xBFä: ö\r\nkey: \"日本\"\r\nz:\r\n  - w x\r\n"),
            "=ä: ö\r\nkey: \"日本\"\r\nz:\r\n  - w x\n.ä=ö\n.key=\"日本\"\n.z=- w x\n.z[0]=w x\n");
}

TEST(YamlJson, GivesTheSameTreesAsYaml) {
  EXPECT_EQ(
      Json("{\"a\": [1, -2.50, true, null, \"x\\n\\u00e9\\ud83d\\ude00\"], \"b\": {}, \"c\": []}"),
      "{\"a\":[1,-2.5,true,null,\"x\\né😀\"],\"b\":{},\"c\":[]}");
  EXPECT_EQ(Json("{\"a\":1}\n{\"b\":2}\n---\n[3]\n"), "{\"a\":1}\n{\"b\":2}\n[3]");
  EXPECT_EQ(Spans("{\"a\" : [1, \"b\"],\n \"c\":{\"d\":null}}"),
            "={\"a\" : [1, \"b\"],\n \"c\":{\"d\":null}}\n.\"a\"=[1, "
            "\"b\"]\n.\"a\"[0]=1\n.\"a\"[1]=\"b\"\n"
            ".\"c\"={\"d\":null}\n.\"c\".\"d\"=null\n");
  EXPECT_EQ(Json("{a: 1, \"b\": yes}"), "{\"a\":1,\"b\":true}");
  EXPECT_EQ(Json("{\"<<\": {\"a\": 1}}"), "{\"<<\":{\"a\":1}}");
}

}  // namespace
}  // namespace plumbline::yaml
