// Runs a fuzz target on files: every file of the folders given as arguments. Each is also run cut
// short at many places and with single bytes changed, so that a small corpus covers the error paths
// without a fuzzer. Deterministic.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

// An exact copy on the heap: a sanitizer then sees any read past the end.
void Run(const std::string& text) {
  std::vector<std::uint8_t> copy(text.begin(), text.end());
  LLVMFuzzerTestOneInput(copy.data(), copy.size());
}

// About `kVariants` of each kind per file, whatever its size.
constexpr std::size_t kVariants = 100;

void RunVariants(const std::string& text) {
  Run(text);
  std::size_t step = std::max<std::size_t>(1, text.size() / kVariants);
  static constexpr char kBytes[] = {'"',  '{', '}',  '[',    '\n', '$',
                                    '\\', '<', '\0', '\xFF', ':',  '#'};
  for (std::size_t at = 0; at < text.size(); at += step) {
    Run(text.substr(0, at));
    std::string changed = text;
    changed[at] = kBytes[(at / step) % sizeof kBytes];
    Run(changed);
    changed = text;
    changed.erase(at, 1);
    Run(changed);
  }
}

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::filesystem::path> files;
  for (int i = 1; i < argc; ++i) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i])) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    std::string text = ReadAll(file);
    // Large files are there for their size: once is enough.
    if (text.size() > 4'000) {
      Run(text);
    } else {
      RunVariants(text);
    }
  }
  std::printf("%zu files\n", files.size());
  return files.empty() ? 1 : 0;
}
