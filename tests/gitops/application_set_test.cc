// ApplicationSets against what their documentation says:
// https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/
#include "gitops/glob.h"
#include "world.h"

namespace plumbline::gitops {
namespace {

const Files& Tree() {
  static const Files files = {
      {"/r/apps/one/a.yaml", ""},
      {"/r/apps/two/a.yaml", ""},
      {"/r/apps/Three_X/a.yaml", ""},
      {"/r/apps/.hidden/a.yaml", ""},
      {"/r/envs/dev/config.json",
       "{\"app\": {\"path\": \"apps/one\", \"n\": 1000000}, \"env\": \"dev\"}"},
      {"/r/envs/prod/config.yaml", "app: {path: apps/two}\nenv: prod\n"},
      {"/r/envs/list.yaml",
       "- {env: x, app: {path: apps/one}}\n- {env: z, app: {path: apps/two}}\n"}};
  return files;
}

std::string Set(const std::string& generators, const std::string& name, const std::string& path,
                const std::string& more = "") {
  return "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\n"
         "metadata: {name: s, namespace: argocd}\nspec:\n" +
         more + "  generators:\n" + generators + "  template:\n    metadata: {name: '" + name +
         "'}\n    spec:\n      destination: {namespace: '{{ns}}'}\n      source: {repoURL: x, "
         "path: '" +
         path + "'}\n";
}

// The names and folders of what was made, then faults.
std::string Made(const World& w) {
  std::string out;
  for (const Target& t : w.found.targets) {
    out += t.name.substr(t.name.rfind('/') + 1) + "=" + t.folder.substr(3) + " ";
  }
  for (const NotFollowed& n : w.found.not_followed) {
    out += "not " + w.Where(n.span) + ": " + n.message + " ";
  }
  for (const Diagnostic& d : w.found.diagnostics) out += w.Where(d.span) + ": " + d.message + " ";
  return out;
}

struct Case {
  const char *generators, *name, *path, *made;
};

TEST(FastTemplates, Generators) {
  const Case cases[] = {
      {"  - list: {elements: [{a: one, b: x}, {a: two, b: z}]}\n", "{{b}}-{{ a }}", "apps/{{a}}",
       "x-one=apps/one z-two=apps/two "},
      {"  - list: {elements: [{a: one, values: {k: v}}]}\n", "{{values.k}}{{none}}", "apps/{{a}}",
       "v{{none}}=apps/one "},
      {"  - list: {elements: [{a: 5}]}\n", "n", "apps/one",
       "o.yaml:6: the parameter 'a' must be a text, unless goTemplate is set "},
      {"  - git: {repoURL: x, directories: [{path: apps/*}, {path: apps/two, exclude: true}]}\n",
       "{{path.basename}}-{{path.basenameNormalized}}-{{path[0]}}-{{path[1]}}", "{{path}}",
       "Three_X-three-x-apps-Three_X=apps/Three_X one-one-apps-one=apps/one "},
      {"  - git: {repoURL: x, pathParamPrefix: p, directories: [{path: '*/one'}], values: {v: "
       "'{{p.path.basename}}!'}}\n",
       "{{values.v}}", "{{p.path}}", "one!=apps/one "},
      {"  - git: {repoURL: x, files: [{path: 'envs/*.json'}, {path: 'envs/**/config.yaml'}]}\n",
       "{{env}}-{{path.basename}}-{{path.filename}}-{{app.n}}", "{{app.path}}",
       "dev-dev-config.json-1e+06=apps/one prod-prod-config.yaml-{{app.n}}=apps/two "},
      {"  - git: {repoURL: x, files: [{path: envs/list.yaml}]}\n", "{{env}}", "{{app.path}}",
       "x=apps/one z=apps/two "},
      {"  - matrix:\n      generators:\n      - list: {elements: [{c: dev}, {c: prod}]}\n"
       "      - git: {repoURL: x, directories: [{path: apps/t*}]}\n",
       "{{c}}-{{path.basename}}", "{{path}}", "dev-two=apps/two prod-two=apps/two "},
      {"  - matrix:\n      generators:\n      - git: {repoURL: x, files: [{path: envs/*.json}]}\n"
       "      - list: {elements: [{w: '{{env}}-x'}]}\n",
       "{{w}}", "{{app.path}}", "dev-x=apps/one "},
      {"  - matrix:\n      generators:\n      - list: {elements: [{c: a}]}\n"
       "      - list: {elements: [{c: b}]}\n",
       "n", "apps/one", "o.yaml:7: both generators of the matrix set 'c', to different values "},
      {"  - merge:\n      mergeKeys: [c]\n      generators:\n"
       "      - list: {elements: [{c: a, p: one}, {c: b, p: one}]}\n"
       "      - list: {elements: [{c: b, p: two}, {c: z, p: two}]}\n",
       "{{c}}", "apps/{{p}}", "a=apps/one b=apps/two "},
      {"  - merge:\n      mergeKeys: [c]\n      generators:\n      - list: {elements: [{c: b}]}\n"
       "      - list: {elements: [{c: b, p: two}, {c: b, p: two}]}\n",
       "n", "apps/one", "o.yaml:10: two sets of parameters have the same mergeKeys "},
      {"  - list: {elements: [{a: one, t: x}, {a: two, t: z}]}\n    selector: {matchLabels: {t: "
       "z}}\n",
       "{{a}}", "apps/{{a}}", "two=apps/two "},
      {"  - list: {elements: [{a: one}, {a: two, t: z}]}\n    selector: {matchExpressions: [{key: "
       "t, operator: DoesNotExist}, {key: a, operator: In, values: [one, two]}]}\n",
       "{{a}}", "apps/{{a}}", "one=apps/one "},
      {"  - list:\n      elements: [{a: one}]\n      template: {metadata: {name: 'own-{{a}}'}}\n",
       "{{a}}", "apps/{{a}}", "own-one=apps/one "},
      {"  - clusters: {}\n  - list: {elements: [{a: one}]}\n", "{{a}}", "apps/{{a}}",
       "one=apps/one not o.yaml:6: the generator 'clusters' asks a server, which is not done "},
      {"  - matrix: {generators: [{clusters: {}}, {list: {elements: [{a: one}]}}]}\n", "{{a}}",
       "apps/{{a}}", "not o.yaml:6: the generator 'clusters' asks a server, which is not done "},
      {"  - {}\n", "n", "apps/one",
       "o.yaml:6: expected one of the generators list, git, matrix, merge "},
      {"  - git: {repoURL: x}\n", "n", "apps/one",
       "o.yaml:6: expected directories or files in the git generator "},
      {"  - git: {repoURL: x, files: [{path: ../../etc/*}, {path: /none/x}], directories: []}\n",
       "n", "apps/one", ""},
  };
  for (const Case& c : cases) {
    auto w = FollowText(Set(c.generators, c.name, c.path), Tree());
    EXPECT_EQ(Made(*w), c.made) << c.generators;
  }
}

TEST(GoTemplates, Generators) {
  const Case cases[] = {
      {"  - list: {elements: [{a: {b: one}, num: 5, open: true}]}\n",
       "{{.a.b | upper}}-{{.num}}{{if .open}}-on{{end}}", "apps/{{.a.b}}", "ONE-5-on=apps/one "},
      {"  - git: {repoURL: x, directories: [{path: apps/*}]}\n",
       "{{.path.basename | normalize}}-{{index .path.segments 0}}", "{{.path.path}}",
       "three-x-apps=apps/Three_X one-apps=apps/one two-apps=apps/two "},
      {"  - git: {repoURL: x, files: [{path: envs/dev/*}], values: {v: '{{.env}}!'}}\n",
       "{{.values.v}}-{{.path.filename}}", "{{.app.path}}", "dev!-config.json=apps/one "},
      {"  - git: {repoURL: x, pathParamPrefix: p, directories: [{path: apps/one}]}\n",
       "{{.p.path.basename}}", "{{.p.path.path}}", "one=apps/one "},
      {"  - matrix:\n      generators:\n      - list: {elements: [{c: dev, m: {x: 1}}]}\n"
       "      - list: {elements: [{c: other, m: {y: 2}}]}\n",
       "{{.c}}-{{.m.x}}{{.m.y}}", "apps/one", "dev-12=apps/one "},
      {"  - merge:\n      mergeKeys: [c]\n      generators:\n"
       "      - list: {elements: [{c: dev, m: {x: a, y: b}}]}\n"
       "      - list: {elements: [{c: dev, m: {y: c}}]}\n",
       "{{.m.x}}{{.m.y}}", "apps/one", "ac=apps/one "},
      {"  - list: {elements: [], elementsYaml: '[{a: one}, {a: two}]'}\n", "{{.a}}", "apps/{{.a}}",
       "one=apps/one two=apps/two "},
      {"  - list: {elements: [{a: 'My Name!'}]}\n", "{{slugify 5 false .a}}", "apps/one",
       "my-na=apps/one "},
  };
  for (const Case& c : cases) {
    std::string text = Set(c.generators, c.name, c.path, "  goTemplate: true\n");
    text.replace(text.find("{{ns}}"), 6, "n");
    EXPECT_EQ(Made(*FollowText(text, Tree())), c.made) << c.generators;
  }
}

TEST(GoTemplates, MissingKeysAndFaults) {
  std::string text =
      Set("  - list: {elements: [{a: one}]}\n", "n-{{.none}}", "apps/one", "  goTemplate: true\n");
  text.replace(text.find("{{ns}}"), 6, "n");
  EXPECT_EQ(Made(*FollowText(text, Tree())), "n-<no value>=apps/one ");
  text.replace(text.find("  goTemplate"), 0, "  goTemplateOptions: [missingkey=error]\n");
  EXPECT_EQ(Made(*FollowText(text, Tree())),
            "o.yaml:10: the template 'n-{{.none}}' uses a parameter that there is not ");
  text.replace(text.find("n-{{.none}}"), 11, "{{.a | nope}}");
  EXPECT_NE(Made(*FollowText(text, Tree())).find("function \"nope\" not defined"),
            std::string::npos);
}

TEST(GoTemplates, APatchOfTheTemplate) {
  std::string text = Set("  - list: {elements: [{a: one}]}\n", "n", "apps/one",
                         "  goTemplate: true\n  templatePatch: |\n    spec:\n      source:\n"
                         "        directory: {recurse: true}\n        path: apps/two\n"
                         "    {{- if eq .a \"one\" }}\n    metadata: {name: patched}\n"
                         "    {{- end }}\n");
  text.replace(text.find("{{ns}}"), 6, "n");
  auto w = FollowText(text, Tree());
  ASSERT_EQ(w->found.targets.size(), 1u) << Made(*w);
  EXPECT_EQ(w->found.targets[0].name, "Application/argocd/patched");
  EXPECT_EQ(w->found.targets[0].folder, "/r/apps/two");
  EXPECT_TRUE(std::get<DirectoryTarget>(w->found.targets[0].what).recurse);
}

TEST(ApplicationSet, ValuesLeadToTheParameter) {
  Files files = Tree();
  files["/r/web/Chart.yaml"] = "name: web\n";
  for (bool go : {false, true}) {
    std::string dot = go ? "." : "";
    auto w = FollowText(
        "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: s}\nspec:\n"
        "  goTemplate: " +
            std::string(go ? "true" : "false") +
            "\n  generators:\n  - list:\n      elements:\n      - tag: x1\n  template:\n"
            "    metadata: {name: a}\n    spec:\n      source:\n        path: web\n"
            "        helm:\n          valuesObject:\n            image: 'v{{" +
            dot + "tag}}'\n",
        files);
    ASSERT_EQ(w->found.targets.size(), 1u);
    const auto& helm = std::get<HelmTarget>(w->found.targets[0].what);
    const yaml::Node* image = helm.values.at(0).node->Find("image");
    EXPECT_EQ(ToJson(image->value), "\"vx1\"");
    EXPECT_EQ(w->Where(image->span), "o.yaml:17");
    EXPECT_EQ(w->Where(image->from), "o.yaml:9");
  }
}

TEST(Limits, GeneratorsAreBounded) {
  auto follow = [](const std::string& text, const Bounds& bounds) {
    Files files = Tree();
    files["/r/o.yaml"] = text;
    auto w = std::make_unique<World>(files);
    w->context.bounds = bounds;
    w->Read("o.yaml");
    w->Follow();
    return Made(*w);
  };
  std::string matrix =
      "  - matrix:\n      generators:\n      - list: {elements: [{a: '1'}, {a: '2'}, {a: '3'}]}\n"
      "      - list: {elements: [{b: '1'}, {b: '2'}, {b: '3'}]}\n";
  Bounds bounds;
  bounds.max_parameters = 8;
  EXPECT_NE(follow(Set(matrix, "{{a}}{{b}}", "apps/one"), bounds)
                .find("the generators make more than 8 sets of parameters"),
            std::string::npos);
  bounds = {};
  bounds.max_targets = 2;
  EXPECT_EQ(follow(Set(matrix, "{{a}}{{b}}", "apps/one"), bounds), "11=apps/one 12=apps/one ");
  bounds = {};
  bounds.max_files = 3;
  EXPECT_NE(
      follow(Set("  - git: {repoURL: x, directories: [{path: '*/*'}]}\n", "n", "{{path}}"), bounds)
          .find("generators look at more than 3 folders and files"),
      std::string::npos);
  bounds = {};
  bounds.max_rendered = 20;
  EXPECT_NE(follow(Set(matrix, "{{a}}{{b}}", "apps/one"), bounds)
                .find("the ApplicationSet makes too many things"),
            std::string::npos);
  std::string endless = Set("  - list: {elements: [{a: one}]}\n",
                            "{{range until 100000}}{{range until 100000}}x{{end}}{{end}}",
                            "apps/one", "  goTemplate: true\n");
  EXPECT_NE(follow(endless, {}).find("o.yaml:9: template: "), std::string::npos);
  std::string deep = "{list: {elements: [{a: one}]}}";
  for (int i = 0; i < 5; ++i)
    deep = "{matrix: {generators: [" + deep + ", {list: {elements: [{}]}}]}}";
  EXPECT_NE(follow(Set("  - " + deep + "\n", "n", "apps/one"), {})
                .find("generators are nested too deeply"),
            std::string::npos);
}

TEST(Glob, Patterns) {
  const struct {
    const char* pattern;
    GlobKind kind;
    const char* text;
    bool matches;
  } cases[] = {
      {"a/*", GlobKind::kSegments, "a/b", true},
      {"a/*", GlobKind::kSegments, "a/b/c", false},
      {"a/*", GlobKind::kCrossing, "a/b/c", true},
      {"a?[b-d]", GlobKind::kSegments, "axc", true},
      {"a[^b]", GlobKind::kSegments, "ab", false},
      {"a.b", GlobKind::kSegments, "axb", false},
      {"a/**/b", GlobKind::kCrossing, "a/b", true},
      {"a/**/b", GlobKind::kCrossing, "a/x/y/b", true},
      {"{a,b*}.yaml", GlobKind::kCrossing, "bc/d.yaml", true},
      {"{a,b}", GlobKind::kSegments, "{a,b}", true},
      {"a[", GlobKind::kSegments, "a[", false},
      {"\\*", GlobKind::kSegments, "*", true},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(Glob(c.pattern, c.kind).Matches(c.text), c.matches) << c.pattern << " " << c.text;
  }
}

}  // namespace
}  // namespace plumbline::gitops
