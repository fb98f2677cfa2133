#include "scan/environments.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "scan/discover.h"

namespace plumbline::scan {
namespace {

namespace stdfs = std::filesystem;

class EnvironmentsOfTest : public ::testing::Test {
 protected:
  void SetUp() override {
    root_ = stdfs::temp_directory_path() / fmt::format("plumbline_environments_{}", ::getpid());
    stdfs::remove_all(root_);
    stdfs::create_directories(root_ / ".git");
  }
  void TearDown() override { stdfs::remove_all(root_); }

  // "root: name=file,file …" of each root module that has environments.
  std::string Find(const std::map<std::string, std::string>& files, ScanOptions options = {}) {
    for (const auto& [path, text] : files) {
      stdfs::create_directories((root_ / path).parent_path());
      std::ofstream(root_ / path) << text;
    }
    DiskFileSystem fs;
    SourceMap sources;
    Discovered found = Discover(fs, root_.string(), {});
    auto parsed = terraform::MakeParsedFiles(fs, sources, Limits(), root_.string());
    auto roots = terraform::FindRootModules(*parsed, found.module_dirs, 1);
    for (ConfiguredEnvironment& e : options.environments) e.folder = root_.string();
    auto all = FindEnvironments(*parsed, roots, found.module_dirs, found.variable_files, options);
    std::string out;
    for (std::size_t i = 0; i < roots.size(); ++i) {
      if (all[i].empty()) continue;
      out += Below(roots[i]) + ":";
      for (const terraform::Environment& e : all[i]) {
        out += " " + e.name + "=";
        for (const std::string& f : e.var_files) out += Below(f) + ";";
      }
      out += "\n";
    }
    return out;
  }
  std::string Below(const std::string& path) const {
    return path == root_.string() ? "." : path.substr(root_.string().size() + 1);
  }

  stdfs::path root_;
};

TEST_F(EnvironmentsOfTest, FilesBelongToTheRootModuleAboveThem) {
  EXPECT_EQ(Find({{"main.tf", "variable \"a\" {}"},
                  {"terraform.tfvars", ""},
                  {"common.auto.tfvars", ""},
                  {"dev.tfvars", ""},
                  {"prod.tfvars.json", "{}"}}),
            ".: dev=dev.tfvars; prod=prod.tfvars.json;\n");
}

TEST_F(EnvironmentsOfTest, FoldersNameWhatFilesDoNot) {
  EXPECT_EQ(Find({{"i/main.tf", "variable \"a\" {}"},
                  {"i/env/dev/terraform.tfvars", ""},
                  {"i/env/prod/vars.tfvars", ""},
                  {"i/env/qa.tfvars", ""},
                  {"i/eu/live.tfvars", ""},
                  {"i/us/live.tfvars", ""}}),
            "i: dev=i/env/dev/terraform.tfvars; eu/live=i/eu/live.tfvars; "
            "prod=i/env/prod/vars.tfvars; qa=i/env/qa.tfvars; us/live=i/us/live.tfvars;\n");
}

TEST_F(EnvironmentsOfTest, FilesBesideTheRootsBelongToThoseThatDeclareThem) {
  EXPECT_EQ(Find({{"infra/main.tf", "variable \"a\" {}\nvariable \"b\" {}"},
                  {"app/main.tf", "variable \"a\" {}"},
                  {"envs/prod.tfvars", "a = 1"},
                  {"envs/lab.tfvars", "a = 1\nb = 2"},
                  {"envs/other.tfvars", "z = 1"},
                  {"envs/empty.tfvars", ""}}),
            "app: prod=envs/prod.tfvars;\n"
            "infra: lab=envs/lab.tfvars; prod=envs/prod.tfvars;\n");
}

TEST_F(EnvironmentsOfTest, CalledModulesHaveNone) {
  EXPECT_EQ(Find({{"main.tf", "module \"m\" {\n source = \"./m\"\n}"},
                  {"m/main.tf", "variable \"a\" {}"},
                  {"m/test.tfvars", "a = 1"}}),
            "");
}

TEST_F(EnvironmentsOfTest, TheConfigurationReplacesWhatIsFound) {
  ScanOptions options;
  options.environments = {{"live", {"x.tfvars"}, {}, "", {"infra"}, ""},
                          {"all", {"y.tfvars"}, {}, "", {}, ""}};
  std::string out =
      Find({{"infra/main.tf", ""}, {"infra/dev.tfvars", ""}, {"app/main.tf", ""}}, [&] {
        for (auto& e : options.environments)
          for (auto& f : e.var_files) f = (root_ / f).string();
        return options;
      }());
  EXPECT_EQ(out, "app: all=y.tfvars;\ninfra: all=y.tfvars; live=x.tfvars;\n");
}

}  // namespace
}  // namespace plumbline::scan
