// Reviews and manifests in, answers out.
#include "admission/admission.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <fstream>

namespace plumbline::admission {
namespace {

constexpr char kPolicies[] = PLUMBLINE_SOURCE_DIR "/tests/admission/policies";

struct Answer {
  std::string text, error;
  bool allowed = false;
};

Answer Ask(std::string_view input, void (*change)(AdmitOptions&) = nullptr) {
  AdmitOptions options;
  options.policies = {kPolicies};
  options.builtin_rules = false;
  if (change != nullptr) change(options);
  Answer a;
  a.text = Admit(input, options, a.allowed, a.error);
  return a;
}

std::string ReviewOf(const std::string& object, const std::string& operation = "CREATE") {
  return R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u-1",)"
         R"("kind":{"group":"","version":"v1","kind":"Pod"},"namespace":"shop","operation":")" +
         operation + R"(","object":)" + object + "}}";
}

std::string Response(const std::string& rest) {
  return R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{"uid":"u-1",)" +
         rest + "}}";
}

constexpr char kPrivileged[] =
    R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[)"
    R"({"name":"ok","resources":{"limits":{"memory":"1Gi"}}},)"
    R"({"name":"c","securityContext":{"privileged":true}}]}})";
constexpr char kHarmless[] =
    R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[)"
    R"({"name":"ok","resources":{"limits":{"memory":"1Gi"}}}]}})";

constexpr char kDenied[] =
    R"x("allowed":false,"status":{"code":403,"reason":"Forbidden","message":)x"
    R"x("plumbline denies Pod/shop/p: 1 finding\n- user-privileged-container [high]: )x"
    R"x(container c is privileged (spec.containers[1].securityContext.privileged)"},)x"
    R"x("warnings":["plumbline: user-no-limits [medium]: Container has no memory limit )x"
    R"x((spec.containers[1])"])x";

TEST(Admit, DeniesAReviewWithReasonsAndWarnings) {
  Answer a = Ask(ReviewOf(kPrivileged));
  EXPECT_EQ(a.error, "");
  EXPECT_EQ(a.text, Response(kDenied));
  EXPECT_FALSE(a.allowed);
}

TEST(Admit, AllowsWhatHasNoFindings) {
  Answer a = Ask(ReviewOf(kHarmless));
  EXPECT_EQ(a.text, Response(R"("allowed":true)"));
  EXPECT_TRUE(a.allowed);
}

TEST(Admit, AllowsDeletionsAndRequestsWithoutAnObject) {
  for (const std::string& review :
       {ReviewOf(kPrivileged, "DELETE"), ReviewOf("null"), ReviewOf("null", "CONNECT")}) {
    Answer a = Ask(review);
    EXPECT_EQ(a.text, Response(R"("allowed":true)"));
    EXPECT_TRUE(a.allowed);
  }
}

TEST(Admit, TakesKindAndNamespaceFromTheRequest) {
  Answer a = Ask(ReviewOf(
      R"({"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","securityContext":{"privileged":true}}]}})"));
  EXPECT_NE(a.text.find("denies Pod/shop/p"), std::string::npos) << a.text;
}

TEST(Admit, ReadsAReviewInYaml) {
  Answer a = Ask(R"(apiVersion: admission.k8s.io/v1
kind: AdmissionReview
request:
  uid: u-1
  operation: CREATE
  object:
    apiVersion: v1
    kind: Pod
    metadata: {name: p, namespace: shop}
    spec:
      containers:
      - name: ok
        resources: {limits: {memory: 1Gi}}
      - name: c
        securityContext:
          privileged: true
)");
  EXPECT_EQ(a.text, Response(kDenied));
}

TEST(Admit, FollowsTheThresholdAndTheSelection) {
  std::string review = ReviewOf(kPrivileged);
  Answer all = Ask(review, [](AdmitOptions& o) { o.fail_on = Severity::kMedium; });
  EXPECT_NE(all.text.find("2 findings"), std::string::npos) << all.text;
  EXPECT_EQ(all.text.find("warnings"), std::string::npos);
  Answer critical = Ask(review, [](AdmitOptions& o) { o.fail_on = Severity::kCritical; });
  EXPECT_TRUE(critical.allowed);
  EXPECT_NE(critical.text.find("user-privileged-container [high]"), std::string::npos);
  Answer excluded = Ask(review, [](AdmitOptions& o) { o.excluded_rules = {"user-privileged-*"}; });
  EXPECT_TRUE(excluded.allowed);
  Answer only = Ask(review, [](AdmitOptions& o) { o.rules = {"user-no-limits"}; });
  EXPECT_TRUE(only.allowed);
  EXPECT_EQ(Ask(review, [](AdmitOptions& o) { o.rules = {"no-such-rule"}; }).error.substr(0, 7),
            "no rule");
}

TEST(Admit, AnswersManifestsWithLinesAndFields) {
  Answer a = Ask(R"(apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
  - name: c
    securityContext:
      privileged: true
    resources: {limits: {memory: 1Gi}}
---
apiVersion: v1
kind: Pod
metadata: {name: b, namespace: n1}
spec:
  containers:
  - name: d
)");
  EXPECT_EQ(
      a.text,
      R"({"allowed":false,"denied":[{"rule_id":"user-privileged-container","severity":"high",)"
      R"("resource":"Pod/default/a","field":"spec.containers[0].securityContext.privileged",)"
      R"("message":"container c is privileged","line":8,"undetermined":false}],)"
      R"("warnings":[{"rule_id":"user-no-limits","severity":"medium","resource":"Pod/n1/b",)"
      R"("field":"spec.containers[0].name","message":"Container has no memory limit",)"
      R"("line":16,"undetermined":false}]})");
}

TEST(Admit, SaysWhatIsWrongWithBadInput) {
  struct {
    std::string input, error;
  } const kCases[] = {
      {"", "holds no object with apiVersion and kind"},
      {"just text", "holds no object with apiVersion and kind"},
      {"{\"apiVersion\": \"v1\", \"kind\": ", "line 1, column"},
      {"a: [", "expected ',' or ']'"},
      {"kind: \"Pod\n", "a quoted text has no closing quote"},
      {std::string("\0\1", 2), "binary"},
      {R"({"apiVersion":"admission.k8s.io/v2","kind":"AdmissionReview","request":{"uid":"x"}})",
       "expected admission.k8s.io/v1"},
      {R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"})", "no \"request\" object"},
      {R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{}})",
       "no \"uid\""},
      {ReviewOf("[1]"), "\"request.object\" of the AdmissionReview is no object"},
      {ReviewOf(kHarmless) + "\n---\na: 1\n", "stands among other documents"},
      {std::string(10'000, '[') + std::string(10'000, ']'), "nested more than"},
  };
  for (const auto& c : kCases) {
    Answer a = Ask(c.input);
    EXPECT_NE(a.error.find(c.error), std::string::npos) << a.error << " for " << c.input;
    EXPECT_EQ(a.text, "");
    EXPECT_FALSE(a.allowed);
  }
}

TEST(Admit, KeepsWarningsWithinWhatTheApiServerShows) {
  std::string containers;
  for (int i = 0; i < 200; ++i) {
    containers += (i > 0 ? ",{\"name\":\"" : "{\"name\":\"") + std::string(40, 'n') +
                  std::to_string(i) + "\"}";
  }
  Answer a = Ask(
      ReviewOf(R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[)" +
               containers + "]}}"));
  EXPECT_TRUE(a.allowed);
  EXPECT_LT(a.text.size(), 6'000u);
  EXPECT_NE(a.text.find(" more\"]"), std::string::npos) << a.text;
}

// The program itself: exit codes and where the answer goes.
int RunProgram(const std::string& input, const std::string& arguments, std::string& out) {
  std::string file = testing::TempDir() + "/admit_input.json";
  std::ofstream(file) << input;
  std::string command =
      std::string(PLUMBLINE_BINARY) + " admit " + arguments + " < " + file + " 2>&1";
  std::FILE* pipe = popen(command.c_str(), "r");
  char buffer[4096];
  out.clear();
  for (std::size_t n; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) out.append(buffer, n);
  return WEXITSTATUS(pclose(pipe));
}

TEST(AdmitProgram, ExitsWithTheDecision) {
  const std::string policy = std::string("--only-policy --policy ") + kPolicies;
  std::string out;
  EXPECT_EQ(RunProgram(ReviewOf(kHarmless), policy, out), 0);
  EXPECT_EQ(out, Response(R"("allowed":true)") + "\n");
  EXPECT_EQ(RunProgram(ReviewOf(kPrivileged), policy, out), 1);
  EXPECT_EQ(RunProgram(ReviewOf(kPrivileged), policy + " --fail-on=critical", out), 0);
  EXPECT_EQ(RunProgram("{", policy, out), 2);
  EXPECT_EQ(out.substr(0, 18), "plumbline: admit: ");
  EXPECT_EQ(RunProgram("", "--fail-on nothing", out), 2);
  EXPECT_EQ(RunProgram("", "--no-such-flag", out), 2);
}

}  // namespace
}  // namespace plumbline::admission
