// Values files beside charts, names that tell folders apart, overlays that share a base.
#include "deploy/environments.h"

#include <gtest/gtest.h>

#include "../kustomize/memory_fs.h"
#include "deploy/overlays.h"

namespace plumbline::deploy {
namespace {

using Texts = std::vector<std::string>;

TEST(Environments, ValuesFilesBesideAChart) {
  const std::string manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n";
  kustomize::MemoryFileSystem fs({
      {"/c/Chart.yaml", "name: c"},
      {"/c/values.yaml", "a: 1"},
      {"/c/values-prod.yaml", "a: 2"},
      {"/c/values.qa.yml", "a: 3"},
      {"/c/demo-values.yaml", "a: 4"},
      {"/c/staging.yaml", "a: 5"},
      {"/c/dev-eu.yaml", "a: 6"},
      {"/c/other.yaml", "a: 7"},
      {"/c/test.yaml", manifest},
      {"/c/uat.yaml", "- a list\n"},
      {"/c/ci/ha-values.yaml", "a: 8"},
      {"/c/ci/kind.yaml", manifest},
      {"/c/environments/live.yaml", "a: 9"},
      {"/c/envs/east/values.yaml", "a: 10"},
      {"/c/templates/dev.yaml", "a: 11"},
  });
  Texts names, tests;
  for (const ValuesFile& f : FindValuesFiles(fs, "/c")) (f.is_ci ? tests : names).push_back(f.name);
  EXPECT_EQ(names, (Texts{"demo", "dev-eu", "east", "live", "prod", "qa", "staging"}));
  EXPECT_EQ(tests, Texts{"ci/ha"});
}

TEST(Environments, ShortestEndsThatDiffer) {
  EXPECT_EQ(ShortNames(Texts{"/r/a/dev", "/r/a/prod"}), (Texts{"dev", "prod"}));
  EXPECT_EQ(ShortNames(Texts{"/r/dev/eu", "/r/prod/eu", "/r/us"}),
            (Texts{"dev/eu", "prod/eu", "us"}));
  EXPECT_EQ(ShortNames(Texts{"/a", "/r/a"}), (Texts{"/a", "r/a"}));
  EXPECT_EQ(ShortNames(Texts{}), Texts{});
}

TEST(Environments, GroupsShareABase) {
  using Groups = std::vector<std::vector<std::size_t>>;
  EXPECT_EQ(GroupByBase(std::vector<Texts>{{"x"}, {"y"}, {"x", "z"}, {"z"}, {}}),
            (Groups{{0, 2, 3}, {1}, {4}}));
  EXPECT_EQ(GroupByBase({}), Groups{});
}

TEST(Environments, TrailsAreNamedByTheFirstDepthAtWhichTheyDiffer) {
  EXPECT_EQ(NameTrails(std::vector<Texts>{{"/c/prod", "/apps"}, {"/c/dev", "/apps"}}),
            (Texts{"prod", "dev"}));
  EXPECT_EQ(NameTrails(std::vector<Texts>{{"/c", "/apps/prod"}, {"/c", "/apps/dev"}}),
            (Texts{"prod", "dev"}));
  EXPECT_EQ(NameTrails(std::vector<Texts>{{"/c", "/a"}, {"/c", "/a"}, {"/c"}}),
            (Texts{"c/a", "c/a#2", "c"}));
}

}  // namespace
}  // namespace plumbline::deploy
