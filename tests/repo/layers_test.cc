// Which folder of src/ may include which: the table below is the architecture. Everything may
// include support and value, and the public headers; support includes nothing of ours.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>

namespace {

namespace fs = std::filesystem;

const std::map<std::string, std::set<std::string>>& Allowed() {
  static const std::map<std::string, std::set<std::string>> table = {
      {"support", {}},
      {"value", {"support"}},
      {"hcl", {}},
      {"yaml", {}},
      {"kustomize", {"yaml"}},
      {"cel", {}},
      {"gotmpl", {}},
      {"helm", {"gotmpl", "yaml"}},
      {"gitops", {"helm", "kustomize", "gotmpl", "yaml"}},
      {"deploy", {"gitops", "helm", "kustomize", "gotmpl", "kubernetes", "yaml", "model"}},
      {"model", {}},
      {"terraform", {"hcl", "model"}},
      {"kubernetes", {"yaml", "model"}},
      {"checks", {"model"}},
      {"fetch", {"terraform", "hcl"}},
      {"engine", {"checks", "cel", "model", "yaml"}},
      {"report", {}},
      {"scan", {"engine", "deploy", "terraform", "kubernetes", "hcl", "helm", "yaml", "model"}},
      {"admission", {"scan", "engine", "kubernetes", "yaml", "model"}},
      // The program's commands: scan and report, plus the language calculators and rule tools they
      // give a face to.
      {"cli",
       {"scan", "report", "admission", "engine", "terraform", "kubernetes", "kustomize", "helm",
        "deploy", "gotmpl", "cel", "yaml", "model"}},
  };
  return table;
}

std::string IncludedFolder(const std::string& line) {
  const std::string start = "#include \"";
  if (line.compare(0, start.size(), start) != 0) return {};
  auto slash = line.find('/', start.size());
  return slash == std::string::npos ? std::string()
                                    : line.substr(start.size(), slash - start.size());
}

TEST(Layers, FoldersIncludeOnlyWhatStandsAboveThem) {
  const fs::path src = fs::path(PLUMBLINE_SOURCE_DIR) / "src";
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(src)) {
    auto ext = entry.path().extension();
    if (ext != ".h" && ext != ".cc") continue;
    ++files;
    std::string folder = fs::relative(entry.path(), src).begin()->string();
    auto row = Allowed().find(folder);
    ASSERT_NE(row, Allowed().end()) << "src/" << folder << " is missing in the layer table";
    std::ifstream in(entry.path());
    for (std::string line; std::getline(in, line);) {
      std::string target = IncludedFolder(line);
      if (target.empty() || target == folder || target == "plumbline") continue;
      bool common = folder != "support" && (target == "support" || target == "value");
      EXPECT_TRUE((common && folder != "value") || row->second.contains(target))
          << entry.path() << " may not include " << target << "/";
    }
  }
  EXPECT_GT(files, 20u);
}

TEST(Layers, PublicHeadersNeedNoThirdParty) {
  for (const auto& entry :
       fs::directory_iterator(fs::path(PLUMBLINE_SOURCE_DIR) / "include/plumbline")) {
    std::ifstream in(entry.path());
    for (std::string line; std::getline(in, line);) {
      if (line.rfind("#include", 0) != 0) continue;
      bool standard = line.find('<') != std::string::npos && line.find('/') == std::string::npos;
      bool ours = line.find("\"plumbline/") != std::string::npos;
      EXPECT_TRUE(standard || ours) << entry.path() << ": " << line;
    }
  }
}

}  // namespace
