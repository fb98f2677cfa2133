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

TEST(YamlSpans, OfAnAbsentValueStandBehindItsKey) {
  EXPECT_EQ(Spans("a: &x\nnull b: c\n"), "=a: &x\nnull b: c\n.a=\n.null b=c\n");
  EXPECT_EQ(Spans("k: &x 1\na:\n~: c\n"), "=k: &x 1\na:\n~: c\n.k=1\n.a=\n.~=c\n");
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

// "line:column code message" of each diagnostic.
std::string Faults(const std::string& text, const Limits& limits = {}) {
  SourceMap sources;
  FileId file = sources.Add("f.yaml", text);
  Arena arena;
  Diagnostics diagnostics;
  Parse(file, sources.Text(file), arena, limits, diagnostics);
  std::string out;
  for (const Diagnostic& d : diagnostics) {
    Position at = sources.Start(d.span);
    out += std::to_string(at.line) + ":" + std::to_string(at.column) + " " +
           std::to_string(static_cast<int>(d.code)) + " " + d.message + "\n";
  }
  return out;
}

constexpr int kLimitCode = static_cast<int>(DiagnosticCode::kLimit);

TEST(YamlFaults, NameThePlaceAndWhatWasExpected) {
  struct {
    const char *text, *fault;
  } const kCases[] = {
      {"a: 1\nb: \"x\nc: 2\n", "2:4 0 a quoted text has no closing quote\n"},
      {"a: 'x\n", "1:4 0 a quoted text has no closing quote\n"},
      {"a:\n\tb: c\n", "2:1 0 a tab stands in the indentation; expected spaces\n"},
      {"a: b: c\n",
       "1:5 0 a second \": \" on one line; expected one \"key: value\" (put quotes around the "
       "value)\n"},
      {"a: [1, 2\n", "1:8 0 expected ',' or ']' to go on with or end a […] list\n"},
      {"a: 1\n b: 2\n",
       "2:3 0 a second \": \" on one line; expected one \"key: value\" (put quotes around the "
       "value)\n"},
      {"a: *x\n", "1:4 0 an alias to an anchor that is not defined before it\n"},
      {"a: &x [*x]\n",
       "1:8 0 an alias refers to the very node it stands in; it must refer to an anchor that ends "
       "before it\n"},
      {"a: 1\nb: 2\na: 3\n",
       "3:1 8 the key \"a\" is set twice in one mapping; the last one counts\n"},
      {"a: \xff\n", "1:4 1 the text is not valid UTF-8 here; expected UTF-8\n"},
      {"a: \x04\n", "1:4 1 a control character stands in the text; expected YAML or JSON\n"},
      {"a: {{ .Values.x }}\n",
       "1:5 0 a mapping or list stands where a key is expected; a key must be a scalar (is this a "
       "template that has to be rendered first?)\n"},
      {"a: &x 1\nb: {<<: *x}\n", "2:9 0 the value of << must be a mapping or a list of mappings\n"},
  };
  for (const auto& c : kCases) EXPECT_EQ(Faults(c.text), c.fault) << c.text;
  EXPECT_EQ(Faults(std::string("a: \0b", 5)),
            "1:4 1 the file is binary; expected YAML or JSON text\n");
  EXPECT_EQ(Faults("\xFF\xFEx"), "1:1 1 the file is UTF-16; expected YAML or JSON in UTF-8\n");
}

TEST(YamlFaults, LeaveTheOtherDocumentsReadable) {
  auto p = ParseText("a: 1\n---\n{{- if .x }}\nb: 2\n{{- end }}\n---\nc: \xff\n---\nd: 4\n");
  ASSERT_EQ(p->documents.size(), 2u);
  EXPECT_EQ(ToJson(p->documents[0].root->value), "{\"a\":1}");
  EXPECT_EQ(ToJson(p->documents[1].root->value), "{\"d\":4}");
  EXPECT_EQ(p->diagnostics.size(), 2u);
  EXPECT_EQ(Json("a: 1\n...\nb: [\n").substr(0, 7), "{\"a\":1}");
}

TEST(YamlLimits, ReadsFiveMegabytesOfJsonInOneLine) {
  std::string text = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"items\":[";
  std::size_t count = 0;
  for (; text.size() < 5'000'000; ++count) {
    text += count > 0 ? ",{\"id\":" : "{\"id\":";
    text += std::to_string(count) + ",\"name\":\"item\",\"tags\":[\"a\",null,1.5,true]}";
  }
  text += "],\"last\":7}";
  auto p = ParseText(text);
  EXPECT_TRUE(p->diagnostics.empty());
  ASSERT_EQ(p->documents.size(), 1u);
  const Node* root = p->documents[0].root;
  EXPECT_EQ(root->Find("items")->items.size(), count);
  EXPECT_EQ(Slice(*p, root->Find("last")->span), "7");
  EXPECT_LT(p->arena.used(), 40 * text.size());
  // A fault at its very end is told without reading it all again as YAML.
  text.pop_back();
  EXPECT_EQ(Faults(text), "1:" + std::to_string(text.size() + 1) +
                              " 0 the JSON is not valid: expected ',' or '}'\n");
}

TEST(YamlLimits, BoundDepth) {
  for (const char* unit : {"[", "{\"a\":", "a: [", "- ", "? ", "{a: ", "[[\n"}) {
    std::string text = "x: ";
    for (int pass = 0; pass < 2; ++pass) {
      for (int i = 0; i < 10'000; ++i) text += unit;
      std::string faults = Faults(text);
      EXPECT_FALSE(faults.empty()) << unit;
      text.clear();
    }
  }
  EXPECT_NE(
      Faults(std::string(10'000, '[') + std::string(10'000, ']')).find("nested more than 512"),
      std::string::npos);
  std::string chain = "x0: &x0 [1]\n";
  for (int i = 1; i < 1'500; ++i) {
    std::string n = std::to_string(i);
    chain += "x" + n + ": &x" + n + " [*x" + std::to_string(i - 1) + "]\n";
  }
  EXPECT_NE(Faults(chain).find("aliases nest more than 512 levels"), std::string::npos);
}

TEST(YamlLimits, BoundAliasBombsWithoutUsingMemory) {
  std::string bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n";
  for (char c = 'b'; c <= 'z'; ++c) {
    std::string previous = std::string("*") + static_cast<char>(c - 1);
    bomb += std::string(1, c) + ": &" + c + " [" + previous;
    for (int i = 0; i < 8; ++i) bomb += ", " + previous;
    bomb += "]\n";
  }
  auto p = ParseText(bomb);
  ASSERT_EQ(p->diagnostics.size(), 1u);
  EXPECT_EQ(p->diagnostics[0].code, DiagnosticCode::kLimit);
  EXPECT_LT(p->arena.used(), 1u << 20);
}

TEST(YamlLimits, BoundNodesBytesAndFaults) {
  Limits limits;
  limits.max_yaml_nodes = 5;
  EXPECT_EQ(Faults("[1, 2, 3, 4]", limits), "");
  EXPECT_EQ(Faults("[1, 2, 3, 4, 5]", limits).substr(5, 1), std::to_string(kLimitCode));
  EXPECT_EQ(Faults("- 1\n- 2\n- 3\n- 4\n- 5\n", limits).substr(4, 1), std::to_string(kLimitCode));
  limits.max_file_bytes = 3;
  EXPECT_NE(Faults("a: b", limits).find("larger than 3 bytes"), std::string::npos);
  std::string broken, duplicates;
  for (int i = 0; i < 5'000; ++i) {
    broken += "---\na: [\n";
    duplicates += "a: 1\n";
  }
  EXPECT_LT(ParseText(broken)->diagnostics.size(), 1'000u);
  EXPECT_LT(ParseText(duplicates)->diagnostics.size(), 1'000u);
}

}  // namespace
}  // namespace plumbline::yaml
