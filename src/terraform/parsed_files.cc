#include "terraform/parsed_files.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <set>

#include "hcl/parser.h"
#include "support/parallel.h"
#include "terraform/block_names.h"
#include "terraform/config_check.h"
#include "terraform/modules_manifest.h"
#include "terraform/terraform.h"

namespace plumbline::terraform {
namespace {

bool IsJson(std::string_view name) { return name.ends_with(".json"); }

/// "a.tofu" → "a.tf"; the name a .tofu file takes the place of. Empty for others.
std::string Shadowed(std::string_view name) {
  if (name.ends_with(".tofu")) return std::string(name.substr(0, name.size() - 5)) + ".tf";
  if (name.ends_with(".tofu.json"))
    return std::string(name.substr(0, name.size() - 10)) + ".tf.json";
  return {};
}

std::string_view Stem(std::string_view name) {
  for (std::string_view suffix : {".tf", ".tofu", ".tf.json", ".tofu.json"}) {
    if (name.ends_with(suffix)) return name.substr(0, name.size() - suffix.size());
  }
  return name;
}

bool IsOverrideName(std::string_view name) {
  std::string_view stem = Stem(name);
  return stem == "override" || stem.ends_with("_override");
}

}  // namespace

bool IsModuleFileName(std::string_view name) {
  if (name.empty() || name[0] == '.' || name[0] == '#' || name.ends_with("~")) return false;
  return Stem(name).size() < name.size();
}

std::string ResolveLocalSource(const FileSystem& fs, const std::string& module_dir,
                               std::string_view source) {
  std::string real = fs.RealPath(JoinPath(module_dir, source));
  return !real.empty() && fs.IsDirectory(real) ? real : std::string();
}

ParsedFiles::ParsedFiles(const FileSystem& fs, SourceMap& sources, const Limits& limits,
                         std::string base_dir)
    : fs_(fs), sources_(sources), limits_(limits), base_dir_(std::move(base_dir)) {
  if (base_dir_.empty()) base_dir_ = ".";
  real_base_dir_ = fs_.RealPath(base_dir_);
}

std::string ParsedFiles::Absolute(const std::string& path) const {
  return JoinPath(real_base_dir_.empty() ? base_dir_ : real_base_dir_, path);
}

void ParsedFiles::AddPackage(const std::string& dir, const std::string& shown) {
  // What lies below the base folder is the user's own and keeps its path.
  if (dir.empty() || shown.empty() || IsWithin(real_base_dir_, dir)) return;
  packages_.emplace(dir, shown);
}

bool ParsedFiles::IsPackageFile(std::string_view shown) const {
  return std::ranges::any_of(packages_, [&](const auto& package) {
    return shown.starts_with(package.second) &&
           shown.substr(package.second.size()).starts_with("//");
  });
}

std::string ParsedFiles::ShownPath(const std::string& path) const {
  for (auto it = packages_.upper_bound(path); it != packages_.begin();) {
    --it;
    if (!IsWithin(it->first, path)) break;
    return it->second + "//" + path.substr(std::min(path.size(), it->first.size() + 1));
  }
  if (real_base_dir_.empty() || !path.starts_with(real_base_dir_)) return path;
  if (real_base_dir_ == "/") return path;
  if (path.size() > real_base_dir_.size() && path[real_base_dir_.size()] == '/') {
    return path.substr(real_base_dir_.size() + 1);
  }
  return path;
}

const ParsedModule* ParsedFiles::Module(const std::string& dir) {
  std::string real = fs_.RealPath(dir);
  if (real.empty() || !fs_.IsDirectory(real)) return nullptr;
  ParsedModule* module = nullptr;
  {
    std::lock_guard lock(mutex_);
    auto& slot = modules_[real];
    if (!slot) {
      slot = std::make_unique<ParsedModule>();
      slot->dir = real;
    }
    module = slot.get();
  }
  std::lock_guard lock(module->mutex);
  if (!module->read) Read(*module);
  if (!module->parsed) Parse(*module);
  return module;
}

std::vector<CallSite> ParsedFiles::Calls(const std::string& dir) {
  std::string real = fs_.RealPath(dir);
  {
    std::lock_guard lock(mutex_);
    auto it = modules_.find(real);
    if (it != modules_.end() && it->second->told) return it->second->calls;
  }
  const ParsedModule* module = real.empty() ? nullptr : Module(real);
  return module == nullptr ? std::vector<CallSite>() : module->calls;
}

void ParsedFiles::Release(const std::string& dir) {
  std::string real = fs_.RealPath(dir);
  ParsedModule* module = nullptr;
  {
    std::lock_guard lock(mutex_);
    auto it = modules_.find(real);
    if (it == modules_.end()) return;
    module = it->second.get();
  }
  std::lock_guard lock(module->mutex);
  module->parsed = false;
  module->config = ModuleConfig();
  module->arena = Arena();
}

std::vector<std::string> ParsedFiles::ModuleFileNames(const ParsedModule& module) const {
  auto entries = fs_.ListDir(module.dir);
  if (!entries) return {};
  std::vector<std::string> names;
  std::set<std::string, std::less<>> shadowed;
  for (const DirEntry& e : *entries) {
    if (e.is_directory || !IsModuleFileName(e.name)) continue;
    names.push_back(e.name);
    if (std::string s = Shadowed(e.name); !s.empty()) shadowed.insert(std::move(s));
  }
  std::erase_if(names, [&](const std::string& n) { return shadowed.contains(n); });
  return names;
}

void ParsedFiles::Read(ParsedModule& module) {
  module.read = true;
  for (std::string& name : ModuleFileNames(module)) {
    ++module.found;
    std::string path = JoinPath(module.dir, name);
    auto text = fs_.ReadFile(path, limits_.max_file_bytes);
    if (!text) {
      FileId file = sources_.Add(ShownPath(path), "");
      module.diagnostics.push_back(
          {DiagnosticCode::kUnreadable, text.error().message, {file, 0, 0}});
      continue;
    }
    FileId file = sources_.Add(ShownPath(path), std::move(*text));
    ++module.file_count;
    module.files.push_back({std::move(name), file});
  }
}

void ParsedFiles::Parse(ParsedModule& module) {
  // Faults are told once, however often the trees are made.
  Diagnostics again;
  Diagnostics& diagnostics = module.told ? again : module.diagnostics;
  std::vector<ModuleFile> files;
  for (const ParsedModule::File& f : module.files) {
    std::string_view text = sources_.Text(f.id);
    const hcl::Body* body = IsJson(f.name)
                                ? hcl::ParseJsonFile(f.id, text, false, module.arena, limits_,
                                                     diagnostics, &IsNestedBlock)
                                : hcl::ParseFile(f.id, text, module.arena, limits_, diagnostics);
    files.push_back({f.name, body, IsOverrideName(f.name)});
  }
  BuildConfig(files, module.arena, module.config, diagnostics);
  if (!module.told) {
    for (const CallDecl& c : module.config.calls) {
      module.calls.push_back({std::string(c.name), std::string(c.source), std::string(c.version)});
    }
  }
  if (!module.told && module.file_count == module.found) {
    CheckConfig(files, module.config, diagnostics);
  }
  module.parsed = module.told = true;
}

const ParsedVariables* ParsedFiles::Variables(const std::string& path) {
  ParsedVariables* entry = nullptr;
  {
    std::lock_guard lock(mutex_);
    auto& slot = variables_[path];
    if (!slot) slot = std::make_unique<ParsedVariables>();
    entry = slot.get();
  }
  std::call_once(entry->once, [&] {
    auto text = fs_.ReadFile(path, limits_.max_file_bytes);
    if (!text) {
      entry->file = sources_.Add(ShownPath(path), "");
      entry->diagnostics.push_back(
          {DiagnosticCode::kUnreadable, text.error().message, {entry->file, 0, 0}});
      return;
    }
    entry->file = sources_.Add(ShownPath(path), std::move(*text));
    std::string_view view = sources_.Text(entry->file);
    entry->body =
        IsJson(path)
            ? hcl::ParseJsonFile(entry->file, view, true, entry->arena, limits_, entry->diagnostics)
            : hcl::ParseFile(entry->file, view, entry->arena, limits_, entry->diagnostics);
    for (const hcl::Block& b : entry->body->blocks) {
      entry->diagnostics.push_back({DiagnosticCode::kParseError,
                                    "a variables file holds values, NAME = VALUE, and no blocks",
                                    b.header});
    }
  });
  return entry;
}

Diagnostics ParsedFiles::Take() {
  std::lock_guard lock(mutex_);
  // Hash tables must not decide the order: collect by key first.
  std::vector<std::pair<std::string_view, Diagnostics*>> sorted;
  for (auto& [dir, module] : modules_) sorted.push_back({dir, &module->diagnostics});
  for (auto& [path, entry] : variables_) sorted.push_back({path, &entry->diagnostics});
  std::ranges::sort(sorted, {}, [](const auto& s) { return s.first; });
  Diagnostics out;
  for (auto& [key, list] : sorted) {
    out.insert(out.end(), std::make_move_iterator(list->begin()),
               std::make_move_iterator(list->end()));
    list->clear();
  }
  return out;
}

std::shared_ptr<ParsedFiles> MakeParsedFiles(const FileSystem& fs, SourceMap& sources,
                                             const Limits& limits, std::string base_dir) {
  return std::make_shared<ParsedFiles>(fs, sources, limits, std::move(base_dir));
}

Diagnostics TakeDiagnostics(ParsedFiles& files) { return files.Take(); }
void ReleaseModule(ParsedFiles& files, const std::string& dir) { files.Release(dir); }

bool IsModuleDir(const FileSystem& fs, const std::string& dir) {
  auto entries = fs.ListDir(dir);
  if (!entries) return false;
  return std::ranges::any_of(
      *entries, [](const DirEntry& e) { return !e.is_directory && IsModuleFileName(e.name); });
}

namespace {

/// The folders (as real paths) that a module's calls lead to.
std::vector<std::string> CalledDirs(const FileSystem& fs, const ParsedModule& module,
                                    const std::vector<ManifestEntry>& manifest) {
  std::vector<std::string> out;
  for (const CallDecl& call : module.config.calls) {
    if (IsLocalSource(call.source)) {
      std::string dir = ResolveLocalSource(fs, module.dir, call.source);
      if (!dir.empty()) out.push_back(std::move(dir));
    }
  }
  for (const ManifestEntry& e : manifest) {
    if (std::string dir = fs.RealPath(e.dir); !dir.empty()) out.push_back(std::move(dir));
  }
  return out;
}

/// Trees kept from finding the root modules to evaluating them.
constexpr std::size_t kKeptTreeBytes = 2u << 20;

struct CallGraph {
  std::vector<std::vector<std::size_t>> calls;
  std::vector<bool> called, reached;

  void Reach(std::size_t from) {
    std::vector<std::size_t> todo{from};
    while (!todo.empty()) {
      std::size_t i = todo.back();
      todo.pop_back();
      if (reached[i]) continue;
      reached[i] = true;
      todo.insert(todo.end(), calls[i].begin(), calls[i].end());
    }
  }
};

}  // namespace

std::vector<std::string> FindRootModules(ParsedFiles& files,
                                         const std::vector<std::string>& module_dirs,
                                         unsigned jobs) {
  const std::size_t n = module_dirs.size();
  std::vector<const ParsedModule*> modules(n);
  std::vector<std::vector<std::string>> called_dirs(n);
  std::atomic<std::size_t> kept{0};
  ParallelFor(n, jobs, [&](std::size_t i) {
    modules[i] = files.Module(module_dirs[i]);
    if (modules[i] == nullptr) return;
    auto manifest = ReadModulesManifest(files.fs(), modules[i]->dir, files.limits());
    called_dirs[i] = CalledDirs(files.fs(), *modules[i], manifest);
    // A large repository's trees are made again, a project at a time, instead of all being kept.
    kept += modules[i]->arena.used();
    if (kept > kKeptTreeBytes) files.Release(module_dirs[i]);
  });
  std::unordered_map<std::string_view, std::size_t> index;
  for (std::size_t i = 0; i < n; ++i) {
    if (modules[i] != nullptr) index.try_emplace(modules[i]->dir, i);
  }
  CallGraph graph{std::vector<std::vector<std::size_t>>(n), std::vector<bool>(n),
                  std::vector<bool>(n)};
  for (std::size_t i = 0; i < n; ++i) {
    if (modules[i] == nullptr) continue;
    for (const std::string& dir : called_dirs[i]) {
      auto it = index.find(dir);
      if (it == index.end() || it->second == i) continue;
      graph.calls[i].push_back(it->second);
      graph.called[it->second] = true;
    }
  }
  std::vector<bool> is_root(n);
  for (std::size_t i = 0; i < n; ++i) {
    if (modules[i] == nullptr || modules[i]->file_count == 0 || graph.called[i]) continue;
    is_root[i] = true;
    graph.Reach(i);
  }
  // What only cycles lead to is scanned all the same, from the first of each cycle.
  for (std::size_t i = 0; i < n; ++i) {
    if (modules[i] == nullptr || modules[i]->file_count == 0 || graph.reached[i]) continue;
    is_root[i] = true;
    graph.Reach(i);
  }
  std::vector<std::string> roots;
  for (std::size_t i = 0; i < n; ++i) {
    if (is_root[i]) roots.push_back(module_dirs[i]);
  }
  return roots;
}

}  // namespace plumbline::terraform
