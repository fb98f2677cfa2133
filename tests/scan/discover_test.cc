#include "scan/discover.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace plumbline::scan {
namespace {

namespace stdfs = std::filesystem;

class DiscoverTest : public ::testing::Test {
 protected:
  void SetUp() override {
    root_ = stdfs::temp_directory_path() / fmt::format("plumbline_discover_{}", ::getpid());
    stdfs::remove_all(root_);
    stdfs::create_directories(root_ / ".git");
  }
  void TearDown() override { stdfs::remove_all(root_); }

  void File(const std::string& path, const std::string& text = "") {
    stdfs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
  }

  // Paths relative to the root, joined by blanks.
  std::string Names(const std::vector<std::string>& paths) const {
    std::string out;
    for (const std::string& p : paths) {
      if (!out.empty()) out += ' ';
      out += p == root_.string() ? "." : p.substr(root_.string().size() + 1);
    }
    return out;
  }

  Discovered Run(const DiscoverOptions& options = {}, const std::string& below = "") {
    return Discover(DiskFileSystem(), below.empty() ? root_.string() : (root_ / below).string(),
                    options);
  }

  stdfs::path root_;
};

TEST_F(DiscoverTest, TellsInputsApart) {
  File("main.tf");
  File("env/prod/main.tofu");
  File("cdk/out.tf.json");
  File("k8s/web.yaml");
  File("k8s/web.json");
  File("k8s/kustomization.yaml");
  File("chart/Chart.yaml");
  File("chart/values.yaml");
  File("chart/values-prod.yaml");
  File("chart/templates/web.yaml");
  File("chart/crds/crd.yaml");
  File("README.md");
  File(".terraform/modules/x/main.tf");
  File("node_modules/x/y.yaml");
  File("vars.tfvars.json");
  Discovered d = Run();
  EXPECT_EQ(Names(d.module_dirs), ". cdk env/prod");
  EXPECT_EQ(Names(d.manifests), "chart/crds/crd.yaml k8s/web.json k8s/web.yaml");
  EXPECT_EQ(Names(d.kustomizations), "k8s/kustomization.yaml");
  EXPECT_EQ(Names(d.charts), "chart");
  EXPECT_EQ(d.terraform_files, 3u);
}

TEST_F(DiscoverTest, HonoursGitignoreNestedNegatedAndFromAbove) {
  File(".gitignore", "gen/\n*.secret.yaml\n");
  File("gen/main.tf");
  File("a/.gitignore", "*.yaml\n!keep.yaml\n");
  File("a/drop.yaml");
  File("a/keep.yaml");
  File("a/x.secret.yaml");
  File("b/x.secret.yaml");
  File("b/y.yaml");
  EXPECT_EQ(Names(Run().manifests), "a/keep.yaml b/y.yaml");
  EXPECT_EQ(Names(Run({}, "b").manifests), "b/y.yaml");
  DiscoverOptions all;
  all.gitignore = false;
  EXPECT_EQ(Names(Run(all).manifests),
            "a/drop.yaml a/keep.yaml a/x.secret.yaml b/x.secret.yaml b/y.yaml");
  EXPECT_EQ(Names(Run(all).module_dirs), "gen");
}

TEST_F(DiscoverTest, IncludesAndExcludes) {
  File("env/dev/main.tf");
  File("env/prod/main.tf");
  File("k8s/a.yaml");
  DiscoverOptions o;
  o.excludes = PatternList::Of({"env/dev"});
  EXPECT_EQ(Names(Run(o).module_dirs), "env/prod");
  o.includes = PatternList::Of({"env/**"});
  EXPECT_EQ(Names(Run(o).module_dirs), "env/prod");
  EXPECT_EQ(Names(Run(o).manifests), "");
}

TEST_F(DiscoverTest, SymlinksNeitherLoopNorLeadOut) {
  File("a/main.tf");
  stdfs::create_directory_symlink(root_, root_ / "a" / "loop");
  stdfs::create_directory_symlink("/etc", root_ / "etc");
  stdfs::create_directories(root_ / "b");
  stdfs::create_symlink("../a/main.tf", root_ / "b" / "main.tf");
  stdfs::create_symlink("/etc/passwd", root_ / "b" / "passwd.yaml");
  stdfs::create_symlink("nowhere", root_ / "b" / "dangling.yaml");
  Discovered d = Run();
  EXPECT_EQ(Names(d.module_dirs), "a b");
  EXPECT_EQ(Names(d.manifests), "");
  EXPECT_EQ(Names(d.outside_links), "b/passwd.yaml etc");
}

TEST_F(DiscoverTest, LimitsAreTold) {
  File("a/b/c/d.yaml");
  File("1.yaml");
  File("2.yaml");
  DiscoverOptions o;
  o.limits.max_walk_depth = 2;
  Discovered deep = Run(o);
  ASSERT_EQ(deep.problems.size(), 1u);
  EXPECT_EQ(deep.problems[0].code, DiagnosticCode::kLimit);
  EXPECT_EQ(deep.problems[0].path, (root_ / "a/b/c").string());
  o.limits.max_walk_depth = 64;
  o.limits.max_file_count = 1;
  Discovered many = Run(o);
  ASSERT_EQ(many.problems.size(), 1u);
  EXPECT_NE(many.problems[0].message.find("more than 1 files"), std::string::npos);
}

}  // namespace
}  // namespace plumbline::scan
