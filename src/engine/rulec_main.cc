// plumbline-rulec: compiles a tree of rules and models into the image that the executable carries.
//
//   plumbline-rulec DIR OUTPUT     built-in rules: strict, writes the image
//   plumbline-rulec --check PATH…  checks any rule files and says what is wrong with them
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "engine/compile.h"
#include "engine/definition.h"
#include "engine/read_definitions.h"
#include "support/fs.h"

namespace plumbline::engine {
namespace {

int Report(const Definitions& definitions) {
  for (const std::string& e : definitions.errors) std::fprintf(stderr, "%s\n", e.c_str());
  return definitions.errors.empty() ? 0 : 1;
}

int CheckOnly(const std::vector<std::string>& paths) {
  Definitions definitions;
  ReadDefinitions(DiskFileSystem(), paths, ReadOptions(), definitions);
  CompileImage(definitions, {.base = Image()});
  std::fprintf(stderr, "%zu rules, %zu models, %zu mistakes\n", definitions.rules.size(),
               definitions.models.size(), definitions.errors.size());
  return Report(definitions);
}

int Build(const std::string& root, const std::string& output) {
  Definitions definitions;
  DiskFileSystem fs;
  if (fs.IsDirectory(root))
    ReadDefinitions(fs, {root}, {.strict = true, .root = root}, definitions);
  const std::string image = CompileImage(definitions, {.base = Image()});
  if (int code = Report(definitions); code != 0) return code;
  std::FILE* file = std::fopen(output.c_str(), "wb");
  if (file == nullptr) {
    std::fprintf(stderr, "%s: cannot be written\n", output.c_str());
    return 1;
  }
  const bool written = std::fwrite(image.data(), 1, image.size(), file) == image.size();
  return std::fclose(file) == 0 && written ? 0 : 1;
}

}  // namespace
}  // namespace plumbline::engine

int main(int argc, char** argv) {
  const std::vector<std::string> args(argv + 1, argv + argc);
  if (args.size() >= 2 && args[0] == "--check")
    return plumbline::engine::CheckOnly({args.begin() + 1, args.end()});
  if (args.size() == 2) return plumbline::engine::Build(args[0], args[1]);
  std::fprintf(stderr, "usage: plumbline-rulec DIR OUTPUT | plumbline-rulec --check PATH...\n");
  return 2;
}
