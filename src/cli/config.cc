#include "cli/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <span>

#include "support/arena.h"
#include "support/limits.h"
#include "support/source.h"
#include "value/json.h"
#include "yaml/yaml.h"

namespace plumbline::cli {
namespace {

constexpr std::size_t kMaxConfigBytes = 1u << 20;
constexpr auto kIgnoreKeys =
    std::to_array<std::string_view>({"path", "reason", "resource", "rule", "selector", "until"});
constexpr auto kSelectorKeys =
    std::to_array<std::string_view>({"annotations", "kind", "labels", "name", "namespace"});
constexpr auto kEnvironmentKeys =
    std::to_array<std::string_view>({"path", "values", "var", "var-file", "workspace"});

// One YAML file with positions for messages.
class ConfigText {
 public:
  static Result<std::unique_ptr<ConfigText>> Read(const FileSystem& fs, const std::string& path) {
    auto text = fs.ReadFile(path, kMaxConfigBytes);
    if (!text) return Fail(fmt::format("configuration {}", text.error().message));
    auto out = std::make_unique<ConfigText>();
    out->path_ = path;
    FileId id = out->sources_.Add(path, std::move(*text));
    Diagnostics faults;
    auto documents = yaml::Parse(id, out->sources_.Text(id), out->arena_, Limits(), faults);
    if (!faults.empty())
      return Fail(fmt::format("{}: {}", out->Place(faults[0].span), faults[0].message));
    if (documents.size() > 1)
      return Fail(fmt::format("{}: holds several documents; expected one", path));
    if (!documents.empty()) out->root_ = documents[0].root;
    if (out->root_ != nullptr && !out->root_->value.is_mapping() && !out->root_->value.is_null()) {
      return Fail(fmt::format("{}: expected a mapping of keys to values", path));
    }
    return out;
  }

  std::span<const yaml::Entry> entries() const {
    return root_ == nullptr ? std::span<const yaml::Entry>() : root_->entries;
  }
  std::string Place(Span span) const {
    return span.valid() ? fmt::format("{}:{}", path_, sources_.Start(span).line) : path_;
  }
  std::uint32_t Line(Span span) const { return sources_.Start(span).line; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  SourceMap sources_;
  Arena arena_;
  const yaml::Node* root_ = nullptr;
};

bool IsScalar(const Value& v) { return v.is_string() || v.is_bool() || v.is_number(); }

std::string ScalarText(const Value& v) {
  return v.is_string() ? std::string(v.as_string()) : ToJson(v);
}

// A scalar, a list of scalars, or a mapping to scalars ("key=value") as texts.
Result<std::vector<std::string>> Texts(const Value& v, const std::string& place) {
  std::vector<std::string> out;
  if (IsScalar(v)) {
    out.push_back(ScalarText(v));
  } else if (v.is_sequence()) {
    for (const Value& item : v.items()) {
      if (!IsScalar(item)) return Fail(fmt::format("{}: expected a list of texts", place));
      out.push_back(ScalarText(item));
    }
  } else if (v.is_mapping()) {
    for (const Member& m : v.members()) {
      if (!IsScalar(m.value))
        return Fail(fmt::format("{}: expected a text behind '{}'", place, m.key));
      out.push_back(fmt::format("{}={}", m.key, ScalarText(m.value)));
    }
  } else {
    return Fail(fmt::format("{}: the key has no value", place));
  }
  return out;
}

std::string KnownKeys() {
  std::string out = "environments, ignores";
  for (const Setting& s : AllSettings()) {
    if (!s.command_line_only && s.kind != SettingKind::kLater) out += fmt::format(", {}", s.name);
  }
  return out;
}

// `{kind: Deployment, namespace: kube-system, labels: {app: "*-agent"}}`
Result<ObjectSelector> ReadSelector(const ConfigText& text, const yaml::Node& node) {
  std::string place = text.Place(node.span);
  if (!node.value.is_mapping()) {
    return Fail(fmt::format("{}: expected a mapping with the keys {}", place,
                            fmt::join(kSelectorKeys, ", ")));
  }
  ObjectSelector out;
  for (const yaml::Entry& e : node.entries) {
    std::string at = text.Place(e.key_span);
    if (std::ranges::find(kSelectorKeys, e.key) == kSelectorKeys.end()) {
      return Fail(fmt::format("{}: unknown key '{}' of a selector; expected {}", at, e.key,
                              fmt::join(kSelectorKeys, ", ")));
    }
    bool is_map = e.key == "labels" || e.key == "annotations";
    if (is_map != e.value->value.is_mapping() || (!is_map && !IsScalar(e.value->value))) {
      return Fail(fmt::format("{}: expected a {} behind '{}'", at,
                              is_map ? "mapping of texts" : "text", e.key));
    }
    if (e.key == "kind") out.kind = ScalarText(e.value->value);
    if (e.key == "name") out.name = ScalarText(e.value->value);
    if (e.key == "namespace") out.name_space = ScalarText(e.value->value);
    if (!is_map) continue;
    auto& to = e.key == "labels" ? out.labels : out.annotations;
    for (const Member& m : e.value->value.members()) {
      if (!IsScalar(m.value)) return Fail(fmt::format("{}: expected texts in '{}'", at, e.key));
      to.emplace_back(std::string(m.key), ScalarText(m.value));
    }
  }
  if (out.empty()) return Fail(fmt::format("{}: the selector selects nothing", place));
  return out;
}

Result<ConfiguredIgnore> ReadIgnore(const ConfigText& text, const yaml::Node& node) {
  std::string place = text.Place(node.span);
  if (!node.value.is_mapping()) {
    return Fail(fmt::format("{}: expected a mapping with the keys {}", place,
                            fmt::join(kIgnoreKeys, ", ")));
  }
  ConfiguredIgnore ignore;
  ignore.file = text.path();
  ignore.line = text.Line(node.span);
  for (const yaml::Entry& e : node.entries) {
    std::string at = text.Place(e.key_span);
    if (std::ranges::find(kIgnoreKeys, e.key) == kIgnoreKeys.end()) {
      return Fail(fmt::format("{}: unknown key '{}'; expected {}", at, e.key,
                              fmt::join(kIgnoreKeys, ", ")));
    }
    if (e.key == "selector") {
      PL_TRY(ignore.selector, ReadSelector(text, *e.value));
      continue;
    }
    if (!IsScalar(e.value->value))
      return Fail(fmt::format("{}: expected a text behind '{}'", at, e.key));
    std::string value = ScalarText(e.value->value);
    if (e.key == "rule") ignore.rule = value;
    if (e.key == "path") ignore.path = value;
    if (e.key == "resource") ignore.resource = value;
    if (e.key == "until") ignore.until = value;
    if (e.key == "reason") ignore.reason = value;
  }
  if (ignore.rule.empty() && ignore.path.empty() && ignore.resource.empty() &&
      ignore.selector.empty()) {
    return Fail(fmt::format("{}: an ignore needs a rule, a path, a resource or a selector", place));
  }
  if (!ignore.until.empty() && !IsIsoDate(ignore.until)) {
    return Fail(fmt::format("{}: '{}' is no date; expected YYYY-MM-DD", place, ignore.until));
  }
  return ignore;
}

std::string Folder(const FileSystem& fs, const std::string& file) {
  return JoinPath(fs.RealPath("."), DirName(file));
}

Result<void> ReadIgnores(const FileSystem& fs, const ConfigText& text, const yaml::Node& list,
                         Config& out) {
  if (!list.value.is_sequence())
    return Fail(fmt::format("{}: expected a list of ignores", text.Place(list.span)));
  for (const yaml::Node* item : list.items) {
    PL_TRY(ConfiguredIgnore ignore, ReadIgnore(text, *item));
    ignore.folder = Folder(fs, text.path());
    out.ignores.push_back(std::move(ignore));
  }
  return {};
}

// `name: file.tfvars`, `name: [common.yaml, prod.yaml]`, or a mapping with the keys below.
Result<ConfiguredEnvironment> ReadEnvironment(const FileSystem& fs, const ConfigText& text,
                                              const yaml::Entry& entry) {
  ConfiguredEnvironment out;
  out.name = entry.key;
  out.folder = Folder(fs, text.path());
  auto add_files = [&](std::vector<std::string> files) {
    for (std::string& file : files) {
      bool is_yaml = file.ends_with(".yaml") || file.ends_with(".yml");
      (is_yaml ? out.values : out.var_files).push_back(JoinPath(out.folder, file));
    }
  };
  const yaml::Node& node = *entry.value;
  std::string place = text.Place(node.span);
  if (!node.value.is_mapping()) {
    PL_TRY(auto files, Texts(node.value, place));
    add_files(std::move(files));
    return out;
  }
  for (const yaml::Entry& e : node.entries) {
    std::string at = text.Place(e.key_span);
    if (std::ranges::find(kEnvironmentKeys, e.key) == kEnvironmentKeys.end()) {
      return Fail(fmt::format("{}: unknown key '{}' of an environment; expected {}", at, e.key,
                              fmt::join(kEnvironmentKeys, ", ")));
    }
    PL_TRY(auto values, Texts(e.value->value, at));
    if (e.key == "path")
      out.paths = std::move(values);
    else if (e.key == "var-file" || e.key == "values")
      add_files(std::move(values));
    else if (e.key == "workspace")
      out.workspace = values.empty() ? "" : values.back();
    else {
      for (const std::string& v : values) {
        std::size_t equals = v.find('=');
        if (equals == std::string::npos || equals == 0)
          return Fail(fmt::format("{}: '{}' is no variable; expected NAME: VALUE", at, v));
        out.vars.emplace_back(v.substr(0, equals), v.substr(equals + 1));
      }
    }
  }
  return out;
}

Result<void> ReadEnvironments(const FileSystem& fs, const ConfigText& text, const yaml::Node& map,
                              Config& out) {
  if (!map.value.is_mapping()) {
    return Fail(fmt::format("{}: expected a mapping of environment names to what they are given",
                            text.Place(map.span)));
  }
  for (const yaml::Entry& e : map.entries) {
    PL_TRY(ConfiguredEnvironment environment, ReadEnvironment(fs, text, e));
    out.environments.push_back(std::move(environment));
  }
  return {};
}

Result<Config> ReadOwn(const FileSystem& fs, const std::string& path) {
  Config out;
  PL_TRY(auto text, ConfigText::Read(fs, path));
  for (const yaml::Entry& e : text->entries()) {
    std::string place = text->Place(e.key_span);
    if (e.key == "ignores") {
      PL_CHECK_OK(ReadIgnores(fs, *text, *e.value, out));
      continue;
    }
    if (e.key == "environments") {
      PL_CHECK_OK(ReadEnvironments(fs, *text, *e.value, out));
      continue;
    }
    std::string name(e.key);
    std::ranges::replace(name, '_', '-');
    const Setting* setting = FindSetting(name);
    if (setting == nullptr || setting->command_line_only) {
      return Fail(fmt::format("{}: unknown key '{}'; expected {}", place, e.key, KnownKeys()));
    }
    PL_TRY(auto values, Texts(e.value->value, place));
    if (setting->is_path) {
      for (std::string& value : values) value = JoinPath(DirName(path), value);
    }
    if (!values.empty()) out.entries.push_back({setting, std::move(values), std::move(place)});
  }
  return out;
}

// --- Neighbours' files ---

struct ForeignKey {
  std::string_view key;      // as the other tool calls it
  std::string_view setting;  // ours
};

constexpr auto kTfsecKeys = std::to_array<ForeignKey>({
    {"exclude", "exclude"},
    {"include", "rule"},
    {"minimum_severity", "minimum-severity"},
    {"severity_overrides", "severity"},
});
constexpr auto kCheckovKeys = std::to_array<ForeignKey>({
    {"check", "rule"},
    {"skip-check", "exclude"},
    {"skip-path", "exclude-path"},
    {"soft-fail", "soft-fail"},
});

Result<void> ReadForeign(const FileSystem& fs, const std::string& path,
                         std::span<const ForeignKey> keys, Config& out) {
  PL_TRY(auto text, ConfigText::Read(fs, path));
  std::string used, unused;
  for (const yaml::Entry& e : text->entries()) {
    auto it = std::ranges::find(keys, e.key, &ForeignKey::key);
    std::string& list = it != keys.end() ? used : unused;
    list += fmt::format("{}{}", list.empty() ? "" : ", ", e.key);
    if (it == keys.end() || e.value->value.is_null()) continue;
    PL_TRY(auto values, Texts(e.value->value, text->Place(e.key_span)));
    // tfsec says ERROR, WARNING and INFO for what everybody else calls high, medium and low.
    for (std::string& v : values) {
      for (auto [from, to] : {std::pair{"ERROR", "HIGH"}, {"WARNING", "MEDIUM"}}) {
        if (v.ends_with(from))
          v.replace(v.size() - std::string_view(from).size(), std::string::npos, to);
      }
    }
    if (!values.empty())
      out.entries.push_back({FindSetting(it->setting), std::move(values), text->Place(e.key_span)});
  }
  std::string notice = fmt::format("using {}: {}", path, used.empty() ? "nothing" : used);
  if (!unused.empty()) notice += fmt::format(" (not understood: {})", unused);
  out.notices.push_back(std::move(notice));
  return {};
}

// A rule a line, `#` comments, `exp:DATE` behind the rule.
Result<void> ReadTrivyIgnore(const FileSystem& fs, const std::string& path, Config& out) {
  auto text = fs.ReadFile(path, kMaxConfigBytes);
  if (!text) return Fail(fmt::format("configuration {}", text.error().message));
  std::string_view rest = *text;
  std::size_t count = 0;
  for (std::uint32_t line = 1; !rest.empty(); ++line) {
    std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view words = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    words = words.substr(0, words.find('#'));
    ConfiguredIgnore ignore;
    ignore.file = path;
    ignore.line = line;
    ignore.foreign = true;
    ignore.reason = ".trivyignore";
    while (!words.empty()) {
      std::size_t start = std::min(words.find_first_not_of(" \t\r"), words.size());
      words.remove_prefix(start);
      std::size_t stop = std::min(words.find_first_of(" \t\r"), words.size());
      std::string_view word = words.substr(0, stop);
      if (word.starts_with("exp:")) {
        ignore.until = word.substr(4);
      } else if (ignore.rule.empty()) {
        ignore.rule = word;
      }
      words.remove_prefix(stop);
    }
    if (ignore.rule.empty()) continue;
    ++count;
    out.ignores.push_back(std::move(ignore));
  }
  out.notices.push_back(
      fmt::format("using {}: {} ignored rule{}", path, count, count == 1 ? "" : "s"));
  return {};
}

Result<Config> ReadNeighbours(const FileSystem& fs, const std::string& folder) {
  Config out;
  auto path = [&](const char* name) {
    return folder == "." ? std::string(name) : JoinPath(folder, name);
  };
  for (const char* name : {".tfsec/config.yml", ".tfsec/config.yaml"}) {
    if (fs.IsFile(path(name))) PL_CHECK_OK(ReadForeign(fs, path(name), kTfsecKeys, out));
  }
  for (const char* name : {".checkov.yaml", ".checkov.yml"}) {
    if (fs.IsFile(path(name))) PL_CHECK_OK(ReadForeign(fs, path(name), kCheckovKeys, out));
  }
  if (fs.IsFile(path(".trivyignore"))) PL_CHECK_OK(ReadTrivyIgnore(fs, path(".trivyignore"), out));
  return out;
}

// The nearest file, as a path that is relative where `start` is; empty when there is none.
std::string FindUpwards(const FileSystem& fs, const std::string& start) {
  std::string base = fs.RealPath("."), at = JoinPath(base, start);
  for (;; at = DirName(at)) {
    std::string candidate = JoinPath(at, kConfigName);
    if (fs.IsFile(candidate)) {
      bool below = candidate.starts_with(base + "/");
      return below ? candidate.substr(base.size() + 1) : candidate;
    }
    if (at == "/" || fs.IsDirectory(JoinPath(at, ".git")) || fs.IsFile(JoinPath(at, ".git")))
      return {};
  }
}

}  // namespace

Result<Config> LoadConfig(const FileSystem& fs, const std::string& explicit_file,
                          const std::string& start) {
  if (!explicit_file.empty()) return ReadOwn(fs, explicit_file);
  std::string found = FindUpwards(fs, start);
  if (!found.empty()) return ReadOwn(fs, found);
  return ReadNeighbours(fs, start);
}

std::string ConfigTemplate() {
  std::string out =
      "# Configuration of plumbline. Every flag of `plumbline scan` is a key; flags win over this "
      "file.\n"
      "# Paths are relative to this file.\n\n";
  for (const Setting& s : AllSettings()) {
    if (s.command_line_only || s.kind == SettingKind::kLater) continue;
    out += fmt::format("# {}\n", s.help);
    std::string_view value = s.kind == SettingKind::kSwitch ? "true" : s.value_name;
    out += s.kind == SettingKind::kList ? fmt::format("# {}: [\"{}\"]\n\n", s.name, value)
                                        : fmt::format("# {}: {}\n\n", s.name, value);
  }
  out +=
      "# Findings that are accepted; `until` and `reason` are worth the trouble.\n"
      "# ignores:\n"
      "#   - rule: aws-s3-*\n"
      "#     path: env/dev/**\n"
      "#     resource: module.logs.*\n"
      "#     until: 2030-12-31\n"
      "#     reason: why this is all right\n"
      "# What --matrix evaluates instead of each tfvars file that Terraform does not load by "
      "itself.\n"
      "# environments:\n"
      "#   dev: env/dev.tfvars\n"
      "#   prod:\n"
      "#     var-file: [env/common.tfvars, env/prod.tfvars]\n"
      "#     var:\n"
      "#       replicas: 3\n"
      "#     workspace: prod\n"
      "#     path: infra/**\n";
  return out;
}

}  // namespace plumbline::cli
