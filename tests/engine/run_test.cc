// Rules at work on small graphs: truth, places, messages, elements.
#include <gtest/gtest.h>

#include "fixture.h"

namespace plumbline::engine {
namespace {

struct Case {
  const char* name;
  const char* rule;
  const char* attributes;  // of terraform x.a
  const char* expected;
};

void RunCases(std::span<const Case> cases) {
  for (const Case& c : cases) {
    GraphMaker graph;
    graph.Add("x.a", c.attributes);
    EXPECT_EQ(RunAll(MustLoad({RuleText(c.rule)}), graph.Done()), c.expected) << c.name;
  }
}

TEST(Run, IsThreeValued) {
  constexpr Case kCases[] = {
      {"true", "on: terraform:x\nassert: self.a", R"({"a": true})", "pass x.a\n"},
      {"false", "on: terraform:x\nassert: self.a", R"({"a": false})",
       "fail x.a at (): The title\n"},
      {"absent is null, null fails", "on: terraform:x\nassert: self.a", "{}",
       "fail x.a at (): The title\n"},
      {"unknown", "on: terraform:x\nassert: self.a == 1",
       R"({"a": {"$unknown": "var.a has no default"}})", "unknown x.a: var.a has no default\n"},
      {"false and unknown is false", "on: terraform:x\nassert: self.b && self.a",
       R"({"b": false, "a": {"$unknown": "u"}})", "fail x.a at (): The title\n"},
      {"when is false", "on: terraform:x\nwhen: self.b\nassert: self.a", R"({"b": false})", ""},
      {"when is null", "on: terraform:x\nwhen: self.b\nassert: self.a", "{}", ""},
      {"when is unknown", "on: terraform:x\nwhen: self.b\nassert: self.a",
       R"({"b": {"$unknown": "u"}})", "unknown x.a: u\n"},
      {"when is unknown, assert holds", "on: terraform:x\nwhen: self.b\nassert: self.a",
       R"({"b": {"$unknown": "u"}, "a": true})", ""},
      {"another type", "on: terraform:y\nassert: self.a", "{}", ""},
      {"any type", "on: 'terraform:*'\nassert: self.a", "{\"a\": true}", "pass x.a\n"},
  };
  RunCases(kCases);
}

TEST(Run, PointsAtTheAttribute) {
  constexpr Case kCases[] = {
      {"there", "on: terraform:x\nassert: self.a == 1\nat: self.a", R"({"a": 2})",
       "fail x.a at a: The title\n"},
      {"absent", "on: terraform:x\nassert: self.a == 1\nat: self.b.a", R"({"b": {}})",
       "fail x.a at (b.a): The title\n"},
      {"the first that exists", "on: terraform:x\nassert: 'false'\nat: [self.b, self.a]",
       R"({"a": 2})", "fail x.a at a: The title\n"},
      {"none exists", "on: terraform:x\nassert: 'false'\nat: [self.b, self.a]", "{}",
       "fail x.a at (b): The title\n"},
      {"blocks are entered", "on: terraform:x\nassert: 'false'\nat: self.b.c",
       R"({"b": [{}, {"c": 1}]})", "fail x.a at b[1].c: The title\n"},
      {"an index", "on: terraform:x\nassert: 'false'\nat: 'self.b[1]'", R"({"b": [1, 2]})",
       "fail x.a at b[1]: The title\n"},
      {"raw", "on: terraform:x\nassert: 'false'\nat: raw.b", R"({"b": 1})",
       "fail x.a at b: The title\n"},
  };
  RunCases(kCases);
}

TEST(Run, AsksForEachElement) {
  constexpr Case kCases[] = {
      {"each", "on: terraform:x\neach: self.l\nassert: it.v > 1\nat: it.v\nmessage: 'is {{it.v}}'",
       R"({"l": [{"v": 1}, {"v": 2}, {"v": 0}]})",
       "fail x.a at l[0].v: is 1\nfail x.a at l[2].v: is 0\n"},
      {"a pass counts when all pass", "on: terraform:x\neach: self.l\nassert: it > 1",
       R"({"l": [2, 3]})", "pass x.a\n"},
      {"no element, no pass", "on: terraform:x\neach: self.l\nassert: it > 1", R"({"l": []})", ""},
      {"a name", "on: terraform:x\neach: self.l\nas: entry\nassert: entry.ok\nat: entry",
       R"({"l": [{"ok": false}]})", "fail x.a at l[0]: The title\n"},
      {"scalars", "on: terraform:x\neach: self.l\nassert: it != 'bad'\nat: it",
       R"({"l": ["a", "bad"]})", "fail x.a at l[1]: The title\n"},
      {"a filtered list of scalars",
       "on: terraform:x\neach: self.l.filter(e, e != 'a')\nassert: it != 'bad'\nat: it",
       R"({"l": ["a", "bad"]})", "fail x.a at l[1]: The title\n"},
      {"a filtered list of blocks",
       "on: terraform:x\neach: self.l.filter(e, e.v > 0)\nassert: it.v < 2\nat: it.v",
       R"({"l": [{"v": 0}, {"v": 1}, {"v": 2}]})", "fail x.a at l[2].v: The title\n"},
      {"when_each", "on: terraform:x\neach: self.l\nwhen_each: it.on\nassert: it.ok",
       R"({"l": [{"on": false}, {"on": true, "ok": true}]})", "pass x.a\n"},
      {"an unknown list", "on: terraform:x\neach: self.l\nassert: it.ok",
       R"({"l": {"$unknown": "u"}})", "unknown x.a: u\n"},
      {"an unknown element", "on: terraform:x\neach: self.l\nassert: it.ok",
       R"({"l": [{"ok": true}, {"$unknown": "u"}]})", "unknown x.a: u\n"},
      {"a map has its keys", "on: terraform:x\neach: self.m\nassert: it != 'b'\nat: it",
       R"({"m": {"a": 1, "b": 2}})", "fail x.a at m.b: The title\n"},
      {"keys of a map",
       "on: terraform:x\neach: self.m.filter(k, k != 'a')\nassert: 'false'\nat: 'self.m[it]'",
       R"({"m": {"a": 1, "b": 2}})", "fail x.a at m.b: The title\n"},
  };
  RunCases(kCases);
}

// A hostile file has one resource with very many failing blocks: time and memory stay linear
// enough.
TEST(Run, ManyFailingElements) {
  std::string json = R"({"l": [)";
  for (int i = 0; i < 5000; ++i)
    json += (i == 0 ? "" : ",") + std::string(R"({"v": )") + std::to_string(i) + "}";
  GraphMaker graph;
  graph.Add("x.a", json + "]}");
  const std::string model =
      "models:\n  m:\n    fields: {l: {type: list(object), fields: {v: int}}}\n    sources: "
      "[{terraform: x}]\n";
  const std::string lines = "each: self.l\nassert: it.v < 0\nat: it.v\nmessage: m";
  const RuleSet rules = MustLoad({model, RuleText("on: m\n" + lines, "typed"),
                                  RuleText("on: terraform:x\n" + lines, "raw"),
                                  RuleText("on: terraform:x\neach: self.l.filter(e, e.v >= 0)" +
                                               lines.substr(lines.find('\n')),
                                           "raw-too")});
  const auto verdicts = engine::Run(rules, Selection(3, true), graph.Done(), {});
  ASSERT_EQ(verdicts.size(), 15000u);
  EXPECT_EQ(model::PathToString(verdicts.back().path), "l[4999].v");
  EXPECT_LT(graph.Done().arena().used(), 16u << 20);
}

TEST(Run, WritesMessages) {
  constexpr Case kCases[] = {
      {"text",
       "on: terraform:x\nassert: 'false'\nmessage: '{{address}} has {{self.n}}, {{self.s}}, "
       "{{self.l}}, {{self.no}}'",
       R"({"n": 3, "s": "t", "l": [1, "a"]})", "fail x.a at (): x.a has 3, t, [1,\"a\"], null\n"},
      {"unknown", "on: terraform:x\nassert: 'false'\nmessage: '{{self.u}}!'",
       R"({"u": {"$unknown": "u"}})", "fail x.a at (): (unknown)!\n"},
      {"resource",
       "on: terraform:x\nassert: 'false'\nmessage: "
       "'{{resource.type}}/{{resource.name}}/{{resource.framework}}'",
       "{}", "fail x.a at (): x/a/terraform\n"},
  };
  RunCases(kCases);
}

TEST(Run, KubernetesTypes) {
  const struct {
    const char* on;
    const char* expected;
  } cases[] = {
      {"kubernetes:Deployment", "apps/v1/Deployment/d\nextensions/v1beta1/Deployment/e\n"},
      {"kubernetes:apps/Deployment", "apps/v1/Deployment/d\n"},
      {"kubernetes:apps/v1/Deployment", "apps/v1/Deployment/d\n"},
      {"kubernetes:apps/v2/Deployment", ""},
      {"kubernetes:v1/Pod", "v1/Pod/p\n"},
      {"kubernetes:*", "apps/v1/Deployment/d\nextensions/v1beta1/Deployment/e\nv1/Pod/p\n"},
      {"terraform:Pod", ""},
  };
  for (const auto& c : cases) {
    GraphMaker graph;
    graph.Add("apps/v1/Deployment/d", "{}");
    graph.Add("extensions/v1beta1/Deployment/e", "{}");
    graph.Add("v1/Pod/p", "{}");
    std::string got;
    const RuleSet rules = MustLoad({RuleText(std::string("on: '") + c.on + "'\nassert: 'false'")});
    for (const Verdict& v : engine::Run(rules, Selection(1, true), graph.Done(), {})) {
      got += std::string(v.resource->address) + "\n";
    }
    EXPECT_EQ(got, c.expected) << c.on;
  }
}

TEST(Run, DataSourcesAreAnotherMode) {
  GraphMaker graph;
  graph.Add("x.a", "{}");
  graph.Add("data.x.b", "{}");
  EXPECT_EQ(RunAll(MustLoad({RuleText("on: terraform:x\nassert: 'true'")}), graph.Done()),
            "pass x.a\n");
  EXPECT_EQ(RunAll(MustLoad({RuleText("on: terraform:data.x\nassert: 'true'")}), graph.Done()),
            "pass data.x.b\n");
}

TEST(Run, OrderIsByResourceThenRule) {
  GraphMaker graph;
  graph.Add("x.b", "{}");
  graph.Add("x.a", "{}");
  const RuleSet rules =
      MustLoad({RuleText("on: terraform:x\nassert: 'false'\nmessage: two", "b-rule"),
                RuleText("on: terraform:x\nassert: 'false'\nmessage: one", "a-rule")});
  EXPECT_EQ(RunAll(rules, graph.Done()),
            "fail x.b at (): one\nfail x.b at (): two\nfail x.a at (): one\nfail x.a at (): two\n");
}

TEST(Run, SelectionDecides) {
  GraphMaker graph;
  graph.Add("x.a", "{}");
  const RuleSet rules = MustLoad({RuleText("on: terraform:x\nassert: 'false'")});
  EXPECT_TRUE(engine::Run(rules, Selection(1, false), graph.Done(), {}).empty());
  EXPECT_TRUE(engine::Run(rules, Selection(), graph.Done(), {}).empty());
}

TEST(Functions, Graph) {
  GraphMaker graph;
  graph.Add("x.a", "{}");
  graph.Add("y.one", R"({"n": 1})");
  graph.Add("y.two", R"({"n": 2})");
  graph.Refer("y.two", "to", "x.a");
  graph.Refer("x.a", "back", "y.one");
  const struct {
    const char* expression;
    const char* expected;
  } cases[] = {
      {"referenced_by(self, 'y').map(r, r.n)", "[2]"},
      {"references(self, 'y').map(r, r.n)", "[1]"},
      {"resources('y').map(r, r.n)", "[1,2]"},
      {"resources('nothing').size()", "0"},
      {"references(resources('y')[1], 'x').size()", "1"},
  };
  graph.Done();
  for (const auto& c : cases) {
    const RuleSet rules = MustLoad({RuleText("on: terraform:x\nassert: 'false'\nmessage: \"{{" +
                                             std::string(c.expression) + "}}\"")});
    EXPECT_EQ(RunAll(rules, graph.Done()), "fail x.a at (): " + std::string(c.expected) + "\n")
        << c.expression;
  }
}

TEST(Functions, Texts) {
  const struct {
    const char* expression;
    const char* expected;
  } cases[] = {
      {"cidr_is_any('0.0.0.0/0')", "true"},
      {"cidr_is_any('::/0')", "true"},
      {"cidr_is_any('0.0.0.0/1')", "false"},
      {"cidr_is_any('sg-1')", "false"},
      {"cidr_is_any(self.no)", "false"},
      {"cidr_is_public('10.1.0.0/16')", "false"},
      {"cidr_is_public('8.8.8.8')", "true"},
      {"cidr_is_public('0.0.0.0/0')", "true"},
      {"cidr_is_public('172.32.0.0/12')", "true"},
      {"cidr_is_public('192.168.1.1/32')", "false"},
      {"cidr_is_public('fd00::/8')", "false"},
      {"cidr_is_public('2600::/12')", "true"},
      {"cidr_contains('10.0.0.0/8', '10.2.3.4')", "true"},
      {"cidr_contains('10.0.0.0/8', '11.0.0.0/8')", "false"},
      {"cidr_contains('10.0.0.0/8', '0.0.0.0/0')", "false"},
      {"cidr_contains('::/0', '10.0.0.0/8')", "false"},
      {"quantity('500m')", "0.5"},
      {"quantity('1Gi')", "1073741824"},
      {"quantity('2')", "2"},
      {"quantity('1e3')", "1000"},
      {"quantity('1E')", "1000000000000000000"},
      {"quantity('x')", "null"},
      {"quantity(self.no)", "null"},
      {"quantity(3)", "3"},
      {"json('{\"a\": [1]}').a[0]", "1"},
      {"json('nope')", "null"},
  };
  GraphMaker graph;
  graph.Add("x.a", "{}");
  graph.Done();
  for (const auto& c : cases) {
    std::string text = c.expression;
    for (std::size_t at = 0; (at = text.find('"', at)) != std::string::npos; at += 2)
      text.insert(at, "\\");
    const RuleSet rules =
        MustLoad({RuleText("on: terraform:x\nassert: 'false'\nmessage: \"{{" + text + "}}\"")});
    EXPECT_EQ(RunAll(rules, graph.Done()), "fail x.a at (): " + std::string(c.expected) + "\n")
        << c.expression;
  }
}

TEST(Functions, Policy) {
  const struct {
    const char* attributes;
    const char* expression;
    const char* expected;
  } cases[] = {
      {R"({"p": "{\"Version\": \"1\", \"Statement\": {\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Principal\": \"*\"}}"})",
       "policy(self.p).statements.map(s, s.actions[0] + s.principals[0].type + s.principals[0].id "
       "+ s.effect)",
       R"(["s3:***Allow"])"},
      {R"({"p": {"Statement": [{"Principal": {"AWS": ["a", "b"]}, "NotAction": ["x"]}]}})",
       "policy(self.p).statements[0].principals.map(p, p.id) + "
       "policy(self.p).statements[0].not_actions",
       R"(["a","b","x"])"},
      {R"({"p": {"Statement": [{"Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}})",
       "policy(self.p).statements[0].conditions.Bool['aws:SecureTransport']", R"(["false"])"},
      {R"({"p": "no json"})", "policy(self.p)", "null"},
      {R"({"p": "{\"a\": 1}"})", "policy(self.p)", "null"},
      {R"({})", "policy(self.p)", "null"},
      // jsonencode() of something with an unknown inside
      {R"({"p": {"$unknown": "u", "json": {"Statement": [{"Action": "*", "Resource": {"$unknown": "arn"}}]}}})",
       "policy(self.p).statements[0].actions", R"(["*"])"},
      // a template
      {R"({"p": {"$unknown": "u", "parts": ["{\"Statement\": [{\"Action\": \"*\", \"Resource\": [\"arn:", {"$unknown": "id"}, "/*\"]}]}"]}})",
       "policy(self.p).statements[0].actions", R"(["*"])"},
      {R"({"p": {"$unknown": "u", "parts": ["{\"Statement\": [{\"Action\": \"*\", \"Resource\": [\"arn:", {"$unknown": "id"}, "/*\"]}]}"]}})",
       "policy(self.p).statements[0].resources[0]", "(unknown)"},
      {R"({"p": {"$unknown": "u", "parts": ["{\"Statement\": [{\"Action\": \"*\", \"Resource\": ", {"$unknown": "id"}, "}]}"]}})",
       "policy(self.p).statements[0].actions", R"(["*"])"},
      {R"({"p": {"$unknown": "nothing is known"}})", "policy(self.p)", "(unknown)"},
  };
  for (const auto& c : cases) {
    GraphMaker graph;
    graph.Add("x.a", c.attributes);
    const RuleSet rules = MustLoad({RuleText("on: terraform:x\nassert: 'false'\nmessage: \"{{" +
                                             std::string(c.expression) + "}}\"")});
    EXPECT_EQ(RunAll(rules, graph.Done()), "fail x.a at (): " + std::string(c.expected) + "\n")
        << c.attributes << c.expression;
  }
}

}  // namespace
}  // namespace plumbline::engine
