// How fast HCL is read: the strict parser and tree-sitter on the same text, in bytes a second. The
// text is every .tf file below the folder in PLUMBLINE_BENCH_DIR (default: testdata), one parse a
// file.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "hcl/parser.h"

namespace plumbline::hcl {
namespace {

const std::vector<std::string>& Texts() {
  static const std::vector<std::string> texts = [] {
    const char* root = std::getenv("PLUMBLINE_BENCH_DIR");
    std::vector<std::string> out;
    namespace fs = std::filesystem;
    for (const auto& entry :
         fs::recursive_directory_iterator(root ? root : PLUMBLINE_SOURCE_DIR "/testdata/example")) {
      if (entry.path().extension() != ".tf" || !entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      out.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    return out;
  }();
  return texts;
}

template <typename Parse>
void Run(benchmark::State& state, Parse parse) {
  std::int64_t bytes = 0;
  for (auto _ : state) {
    for (const std::string& text : Texts()) {
      Arena arena;
      Diagnostics diagnostics;
      benchmark::DoNotOptimize(parse(0, text, arena, Limits(), diagnostics));
      bytes += static_cast<std::int64_t>(text.size());
    }
  }
  state.SetBytesProcessed(bytes);
}

void BM_Strict(benchmark::State& state) { Run(state, &ParseFile); }
void BM_TreeSitter(benchmark::State& state) { Run(state, &ParseFileWithTreeSitter); }
BENCHMARK(BM_Strict)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_TreeSitter)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace plumbline::hcl

BENCHMARK_MAIN();
