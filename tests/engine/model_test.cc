// Typed models: where fields come from, what they are converted to, and where they stand.
#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <memory>

#include "engine/compile.h"
#include "engine/definition.h"
#include "engine/read_definitions.h"
#include "fixture.h"

namespace plumbline::engine {
namespace {

// A model "m" of terraform x with the given fields and source lines (flow style).
std::string ModelText(std::string_view fields, std::string_view source) {
  return "models:\n  m:\n    fields: {" + std::string(fields) +
         "}\n    sources:\n      - {terraform: x" +
         (source.empty() ? "" : ", " + std::string(source)) + "}\n";
}

struct Case {
  const char* name;
  const char* fields;
  const char* source;
  const char* attributes;
  const char* expression;  // shown in the message; `at: self.f`
  const char* expected;    // place and message
};

std::string Result(const Case& c, GraphMaker& graph) {
  const RuleSet rules =
      MustLoad({ModelText(c.fields, c.source),
                RuleText(std::string("on: m\nassert: 'false'\nat: self.f\nmessage: '{{") +
                         c.expression + "}}'")});
  return RunAll(rules, graph.Done());
}

void RunCases(std::span<const Case> cases) {
  for (const Case& c : cases) {
    GraphMaker graph;
    graph.Add("x.a", c.attributes);
    EXPECT_EQ(Result(c, graph), std::string("fail x.a at ") + c.expected + "\n") << c.name;
  }
}

TEST(Model, ReadsFields) {
  constexpr Case kCases[] = {
      {"own name", "f: string", "", R"({"f": "v"})", "self.f", "f: v"},
      {"another path", "f: string", "fields: {f: a.b}", R"({"a": [{"b": "v"}]})", "self.f",
       "a[0].b: v"},
      {"the second block has it", "f: string", "fields: {f: a.b}", R"({"a": [{}, {"b": "v"}]})",
       "self.f", "a[1].b: v"},
      {"absent", "f: string", "fields: {f: a.b}", R"({"a": [{}]})", "self.f", "(a[0].b): null"},
      {"default", "f: {type: int, default: 7}", "", "{}", "self.f", "(f): 7"},
      {"null is the default", "f: {type: int, default: 7}", "", R"({"f": null})", "self.f", "f: 7"},
      {"unknown is not the default", "f: {type: int, default: 7}", "",
       R"({"f": {"$unknown": "u"}})", "self.f", "f: (unknown)"},
      {"first of", "f: string", "fields: {f: [a, b]}", R"({"b": "v"})", "self.f", "b: v"},
      {"first of none", "f: string", "fields: {f: [a, b.c]}", R"({"b": {}})", "self.f",
       "(b.c): null"},
      {"an unknown hides the rest", "f: string", "fields: {f: [a, b]}",
       R"({"a": {"$unknown": "u"}, "b": "v"})", "self.f", "a: (unknown)"},
      {"concat", "f: list(string)", "fields: {f: {concat: [a, b, c]}}",
       R"({"a": ["1", "2"], "b": "3"})", "self.f", "a[0]: [\"1\",\"2\",\"3\"]"},
      {"value", "f: string", "fields: {f: {value: v}}", "{}", "self.f", "(): v"},
      {"map", "f: bool", "fields: {f: {path: a, map: {Enabled: true}, else: false}}",
       R"({"a": "Enabled"})", "self.f", "a: true"},
      {"map's else", "f: bool", "fields: {f: {path: a, map: {Enabled: true}, else: false}}",
       R"({"a": "Off"})", "self.f", "a: false"},
      {"map without else", "f: string", "fields: {f: {path: a, map: {x: y}}}", R"({"a": "z"})",
       "self.f", "a: z"},
      {"cel", "f: int", "fields: {f: {cel: raw.a + parent.b, at: b}}", R"({"a": 1, "b": 2})",
       "self.f", "b: 3"},
      {"cel is null", "f: {type: int, default: 9}", "fields: {f: {cel: raw.a}}", "{}", "self.f",
       "(): 9"},
  };
  RunCases(kCases);
}

TEST(Model, ConvertsTypes) {
  constexpr Case kCases[] = {
      {"text to bool", "f: bool", "", R"({"f": "true"})", "self.f == true", "f: true"},
      {"text to int", "f: int", "", R"({"f": "3"})", "self.f + 1", "f: 4"},
      {"text to number", "f: number", "", R"({"f": "1.5"})", "self.f > 1", "f: true"},
      {"int to text", "f: string", "", R"({"f": 3})", "self.f + \"x\"", "f: 3x"},
      {"bool to text", "f: string", "", R"({"f": true})", "self.f + \"x\"", "f: truex"},
      {"what cannot be is unknown", "f: int", "", R"({"f": "x"})", "self.f", "f: (unknown)"},
      {"elements", "f: list(int)", "", R"({"f": ["1", 2]})", "self.f[0] + self.f[1]", "f: 3"},
      {"a scalar is lifted", "f: list(string)", "", R"({"f": "v"})", "self.f", "f: [\"v\"]"},
      {"a list of one for a scalar", "f: string", "", R"({"f": ["v"]})", "self.f", "f[0]: v"},
      {"an empty list for a scalar", "f: {type: string, default: d}", "", R"({"f": []})", "self.f",
       "f: d"},
      {"map", "f: map(string)", "", R"({"f": {"k": "v"}})", "self.f.k", "f: v"},
      {"any", "f: any", "", R"({"f": [1, {"k": 2}]})", "self.f[1].k", "f: 2"},
  };
  RunCases(kCases);
}

TEST(Model, NestsObjects) {
  constexpr Case kCases[] = {
      {"object", "f: {type: object, fields: {g: {type: int, default: 5}}}", "",
       R"({"f": [{"g": 1}]})", "self.f.g", "f[0]: 1"},
      {"its default", "f: {type: object, fields: {g: {type: int, default: 5}}}", "",
       R"({"f": [{}]})", "self.f.g", "f[0]: 5"},
      {"absent is null", "f: {type: object, fields: {g: {type: int, default: 5}}}", "", "{}",
       "self.f.g", "(f): null"},
      {"default {}", "f: {type: object, default: {}, fields: {g: {type: int, default: 5}}}", "",
       "{}", "self.f.g", "(f): 5"},
      {"entries are relative", "f: {type: object, fields: {g: int}}", "fields: {f: a, f.g: b.c}",
       R"({"a": {"b": [{"c": 4}]}})", "self.f.g", "a: 4"},
      {"the place itself", "f: {type: object, fields: {g: int}}", "fields: {f: ., f.g: h}",
       R"({"h": 4})", "self.f.g", "(): 4"},
      {"list", "f: {type: list(object), fields: {g: int}}", "", R"({"f": [{"g": 1}, {"g": 2}]})",
       "self.f.map(e, e.g)", "f[0]: [1,2]"},
      {"list through blocks", "f: {type: list(object), fields: {g: int}}", "fields: {f: a.b}",
       R"({"a": [{"b": [{"g": 1}]}, {"b": {"g": 2}}]})", "self.f.map(e, e.g)", "a[0].b[0]: [1,2]"},
      {"unknown", "f: {type: object, fields: {g: int}}", "", R"({"f": {"$unknown": "u"}})",
       "self.f.g", "f: (unknown)"},
      {"an unknown among blocks", "f: {type: list(object), fields: {g: int}}", "",
       R"({"f": [{"g": 1}, {"$unknown": "u"}]})", "self.f.exists(e, e.g == 1)", "f[0]: true"},
      {"only unknown blocks", "f: {type: list(object), fields: {g: int}}", "",
       R"({"f": [{"$unknown": "u"}]})", "self.f.size()", "f[0]: (unknown)"},
      {"printed", "f: {type: object, fields: {g: int, h: string}}", "", R"({"f": {"g": 1}})",
       "self.f", "f: {\"g\":1,\"h\":null}"},
  };
  RunCases(kCases);
}

constexpr std::string_view kBucket = R"(models:
  bucket:
    fields:
      acl: {type: string, default: private}
      block: {type: object, fields: {acls: {type: bool, default: false}}}
      grants: {type: list(object), fields: {who: string}}
      owner: string
    sources:
      - terraform: bucket
        fields:
          acl: [{satellite: bucket_acl, via: bucket, key: bucket, path: acl}, acl]
          block: {satellite: bucket_block, via: bucket, key: bucket}
          grants: {satellite: bucket_grant, via: bucket}
          owner: {target: owner_id, type: user, path: name}
)";

std::string Bucket(GraphMaker& graph, std::string_view at, std::string_view message) {
  return RunAll(MustLoad({std::string(kBucket),
                          RuleText("on: bucket\nassert: 'false'\nat: " + std::string(at) +
                                   "\nmessage: '{{" + std::string(message) + "}}'")}),
                graph.Done());
}

TEST(Satellite, ByReference) {
  GraphMaker graph;
  graph.Add("bucket.a", "{}");
  graph.Add("bucket.b", "{}");
  graph.Add("bucket_acl.a", R"({"bucket": {"$unknown": "id"}, "acl": "public"})");
  graph.Refer("bucket_acl.a", "bucket", "bucket.a");
  EXPECT_EQ(Bucket(graph, "self.acl", "self.acl"),
            "fail bucket.a at bucket_acl.a acl: public\nfail bucket.b at (acl): private\n");
}

TEST(Satellite, AReferenceByAnotherAttributeIsNone) {
  GraphMaker graph;
  graph.Add("bucket.a", "{}");
  graph.Add("bucket_acl.a", R"({"bucket": "other", "acl": "public", "log": "x"})");
  graph.Refer("bucket_acl.a", "log", "bucket.a");
  EXPECT_EQ(Bucket(graph, "self.acl", "self.acl"), "fail bucket.a at (acl): private\n");
}

TEST(Satellite, ByKeyAndByUnknownsOrigin) {
  GraphMaker graph;
  graph.Add("bucket.a", R"({"bucket": "name"})");
  graph.Add("bucket.b", "{}");
  graph.Add("bucket_acl.a", R"({"bucket": "name", "acl": "one"})");
  graph.Add("bucket_acl.b",
            R"({"bucket": {"$unknown": "id", "refs": ["bucket.b"]}, "acl": "two"})");
  EXPECT_EQ(Bucket(graph, "self.acl", "self.acl"),
            "fail bucket.a at bucket_acl.a acl: one\nfail bucket.b at bucket_acl.b acl: two\n");
}

TEST(Satellite, AReferenceOutweighsTheSameName) {
  GraphMaker graph;
  graph.Add("bucket.a", R"({"bucket": "name"})");
  graph.Add("bucket.b", R"({"bucket": "name"})");
  graph.Add("bucket_acl.b", R"({"bucket": "name", "acl": "two"})");
  graph.Refer("bucket_acl.b", "bucket", "bucket.b");
  EXPECT_EQ(Bucket(graph, "self.acl", "self.acl"),
            "fail bucket.a at (acl): private\nfail bucket.b at bucket_acl.b acl: two\n");
}

TEST(Satellite, AnUnknownOwnerMakesAbsenceUncertain) {
  GraphMaker graph;
  graph.Add("bucket.a", "{}");
  graph.Add("bucket.b", R"({"acl": "inline"})");
  graph.Add("bucket_acl.a", R"({"bucket": {"$unknown": "module.m is not there"}, "acl": "one"})");
  EXPECT_EQ(Bucket(graph, "self.acl", "self.acl"),
            "fail bucket.a at (acl): (unknown)\nfail bucket.b at acl: inline\n");
}

TEST(Satellite, BothHangOnOneVariable) {
  GraphMaker graph;
  graph.Add("bucket.a", R"({"bucket": {"$unknown": "var.name has no default"}})");
  graph.Add("bucket.b", R"({"bucket": {"$unknown": "var.other has no default"}})");
  graph.Add("bucket.c", "{}");
  graph.Add("bucket.d", R"({"bucket": "d"})");
  graph.Add("bucket.e", R"({"bucket": {"$unknown": "var.name has no default",
                                       "parts": [{"$unknown": "var.name has no default"}, "-logs"]}})");
  graph.Add("bucket_acl.a", R"({"bucket": {"$unknown": "var.name has no default"}, "acl": "one"})");
  EXPECT_EQ(Bucket(graph, "self.acl", "self.acl"),
            "fail bucket.a at bucket_acl.a acl: one\nfail bucket.b at (acl): (unknown)\n"
            "fail bucket.c at (acl): private\nfail bucket.d at (acl): private\n"
            "fail bucket.e at (acl): (unknown)\n");
}

TEST(Satellite, AsObjectAndList) {
  GraphMaker graph;
  graph.Add("bucket.a", "{}");
  graph.Add("bucket_block.a", R"({"acls": true})");
  graph.Add("bucket_grant.a", R"({"who": "x"})");
  graph.Add("bucket_grant.b", R"({"who": "y"})");
  for (const char* from : {"bucket_block.a", "bucket_grant.a", "bucket_grant.b"})
    graph.Refer(from, "bucket", "bucket.a");
  EXPECT_EQ(Bucket(graph, "self.block.acls", "[self.block.acls, self.grants.map(g, g.who)]"),
            "fail bucket.a at bucket_block.a acls: [true,[\"x\",\"y\"]]\n");
}

TEST(Satellite, PlaceOfAnAbsentAttributeIsTheSatellite) {
  GraphMaker graph;
  graph.Add("bucket.a", "{}");
  graph.Add("bucket_block.a", "{}");
  graph.Refer("bucket_block.a", "bucket", "bucket.a");
  EXPECT_EQ(Bucket(graph, "self.block.acls", "self.block.acls"),
            "fail bucket.a at (bucket_block.a acls): false\n");
}

TEST(Target, FollowsReferences) {
  GraphMaker graph;
  graph.Add("bucket.a", R"({"owner_id": {"$unknown": "id", "refs": ["user.u"]}})");
  graph.Add("bucket.b", R"({"owner_id": "known"})");
  graph.Add("bucket.c", R"({"owner_id": {"$unknown": "var.x"}})");
  graph.Add("bucket.d", "{}");
  graph.Add("user.u", R"({"name": "n"})");
  graph.Refer("bucket.b", "owner_id", "user.u");
  EXPECT_EQ(Bucket(graph, "self.owner", "self.owner"),
            "fail bucket.a at user.u name: n\nfail bucket.b at user.u name: n\n"
            "fail bucket.c at owner_id: (unknown)\nfail bucket.d at (owner_id): null\n");
}

constexpr std::string_view kRules = R"(models:
  rule:
    fields:
      direction: string
      cidr: string
      port: int
    sources:
      - terraform: group
        each: [ingress, more.egress]
        where: raw.cidr != "skip"
        fields: {port: {cel: raw.port + parent.offset, at: port}}
      - terraform: rule
  container:
    fields:
      image: string
      host_port: int
    sources:
      - kubernetes: [Pod, apps/Deployment]
        base: spec
        each: [containers, initContainers]
)";

TEST(Sources, OneInstanceForEachElement) {
  GraphMaker graph;
  graph.Add("group.g",
            R"({"offset": 1, "ingress": [{"cidr": "a", "port": 2}, {"cidr": "skip"}, {"cidr": "b"}],
                           "more": [{"egress": {"cidr": "c"}}]})");
  graph.Add("rule.r", R"({"cidr": "d"})");
  graph.Add("group.none", "{}");
  EXPECT_EQ(RunAll(MustLoad({std::string(kRules),
                             RuleText("on: rule\nassert: 'false'\nat: self.cidr\nmessage: "
                                      "'{{self.cidr}} {{raw.cidr}}'")}),
                   graph.Done()),
            "fail group.g at ingress[0].cidr: a a\nfail group.g at ingress[2].cidr: b b\n"
            "fail group.g at more[0].egress.cidr: c c\nfail rule.r at cidr: d d\n");
}

TEST(Sources, TheElementIsThePlaceWithoutAt) {
  GraphMaker graph;
  graph.Add("group.g", R"({"offset": 1, "ingress": [{"cidr": "a", "port": 2}]})");
  EXPECT_EQ(RunAll(MustLoad({std::string(kRules),
                             RuleText("on: rule\nassert: self.port != 3\nmessage: m")}),
                   graph.Done()),
            "fail group.g at ingress[0]: m\n");
}

TEST(Sources, UnknownElementsAreUndetermined) {
  GraphMaker graph;
  graph.Add("group.g", R"({"ingress": {"$unknown": "for_each is not known"}})");
  EXPECT_EQ(
      RunAll(MustLoad({std::string(kRules), RuleText("on: rule\nassert: 'false'")}), graph.Done()),
      "unknown group.g: for_each is not known\n");
}

TEST(Sources, Kubernetes) {
  GraphMaker graph;
  graph.Add(
      "v1/Pod/p",
      R"({"spec": {"containers": [{"image": "a", "hostPort": 1}], "initContainers": [{"image": "b"}]}})");
  graph.Add("apps/v1/Deployment/d", R"({"spec": {}})");
  graph.Add("other/v1/Deployment/d", R"({"spec": {"containers": [{"image": "c"}]}})");
  EXPECT_EQ(
      RunAll(MustLoad({std::string(kRules), RuleText("on: container\nassert: self.host_port == "
                                                     "null\nat: self.host_port\nmessage: m")}),
             graph.Done()),
      "fail v1/Pod/p at spec.containers[0].hostPort: m\n");
}

TEST(Sources, EachOverAField) {
  GraphMaker graph;
  graph.Add("bucket.a", "{}");
  graph.Add("bucket_grant.a", R"({"who": "x"})");
  graph.Refer("bucket_grant.a", "bucket", "bucket.a");
  EXPECT_EQ(
      RunAll(MustLoad(
                 {std::string(kBucket),
                  RuleText("on: bucket\neach: self.grants\nas: g\nassert: g.who != 'x'\nat: g.who\n"
                           "message: '{{g.who}}'")}),
             graph.Done()),
      "fail bucket.a at bucket_grant.a who: x\n");
}

TEST(Sources, AWrongElementFieldIsAnErrorWhenLoaded) {
  const auto rules = LoadTexts(
      {std::string(kBucket), RuleText("on: bucket\neach: self.grants\nassert: it.whom == 'x'")});
  ASSERT_FALSE(rules);
  EXPECT_NE(rules.error().message.find("whom"), std::string::npos);
}

// A built-in image for tests, aligned as the executable's is.
class BuiltIn {
 public:
  explicit BuiltIn(const std::vector<std::string>& texts) {
    std::map<std::string, std::string> files;
    for (std::size_t i = 0; i < texts.size(); ++i)
      files["/rules/" + std::to_string(i) + ".yaml"] = texts[i];
    Definitions definitions;
    ReadDefinitions(MemoryFileSystem(files), {"/rules"}, {}, definitions);
    const std::string bytes = CompileImage(definitions, {});
    for (const std::string& e : definitions.errors) ADD_FAILURE() << e;
    storage_ = std::make_unique<RuleSet::Impl::Block[]>(bytes.size() / 16 + 1);
    std::memcpy(storage_.get(), bytes.data(), bytes.size());
  }
  RuleSet With(const std::vector<std::string>& texts, bool without_builtin = false) const {
    std::map<std::string, std::string> files;
    for (std::size_t i = 0; i < texts.size(); ++i)
      files["/rules/u" + std::to_string(i) + ".yaml"] = texts[i];
    const Image image(storage_.get()->bytes);
    auto rules = LoadRuleSet(MemoryFileSystem(files), {"/rules"}, without_builtin, image);
    EXPECT_TRUE(rules) << (rules ? "" : rules.error().message);
    return std::move(*rules);
  }

 private:
  std::unique_ptr<RuleSet::Impl::Block[]> storage_;
};

TEST(UserRules, BesideInsteadAndOverBuiltInOnes) {
  const BuiltIn built_in({std::string(kBucket),
                          RuleText("on: bucket\nassert: 'false'\nmessage: built-in", "one"),
                          RuleText("on: bucket\nassert: 'false'\nmessage: built-in too", "two")});
  GraphMaker graph;
  graph.Add("bucket.a", R"({"acl": "x"})");
  graph.Done();
  const std::string user =
      RuleText("on: bucket\nassert: self.acl == ''\nat: self.acl\nmessage: mine", "two");
  EXPECT_EQ(RunAll(built_in.With({}), graph.Done()),
            "fail bucket.a at (): built-in\nfail bucket.a at (): built-in too\n");
  EXPECT_EQ(RunAll(built_in.With({user}), graph.Done()),
            "fail bucket.a at (): built-in\nfail bucket.a at acl: mine\n");
  EXPECT_EQ(RunAll(built_in.With({user}, true), graph.Done()), "fail bucket.a at acl: mine\n");
  const std::string model =
      "models:\n  bucket:\n    fields: {acl: string}\n    sources: [{terraform: bucket, fields: "
      "{acl: {value: v}}}]\n";
  EXPECT_EQ(RunAll(built_in.With({user, model}), graph.Done()),
            "fail bucket.a at (): built-in\nfail bucket.a at (): mine\n");
}

}  // namespace
}  // namespace plumbline::engine
