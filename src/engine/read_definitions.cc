#include "engine/read_definitions.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/yaml_reader.h"
#include "support/limits.h"

namespace plumbline::engine {
namespace {

bool IsYaml(std::string_view name) { return name.ends_with(".yaml") || name.ends_with(".yml"); }

// "aws/s3/bucket_public.yaml" → provider, service, and the id that the file must have.
void Place(const std::string& path, const ReadOptions& options, RuleDefinition& rule,
           Definitions& out) {
  rule.file = path;
  rule.provider = "user";
  if (!options.strict) return;
  std::string_view rest = path;
  if (rest.starts_with(options.root)) rest.remove_prefix(options.root.size());
  while (rest.starts_with('/')) rest.remove_prefix(1);
  rule.file = std::string(rest);
  const std::size_t first = rest.find('/');
  const std::size_t second = first == std::string_view::npos ? first : rest.find('/', first + 1);
  if (second == std::string_view::npos || rest.find('/', second + 1) != std::string_view::npos) {
    out.Error(rule.id.span, "a built-in rule stands in <provider>/<service>/<rule>.yaml");
    return;
  }
  rule.provider = std::string(rest.substr(0, first));
  rule.service = std::string(rest.substr(first + 1, second - first - 1));
  std::string id(rest.substr(0, rest.rfind('.')));
  std::replace(id.begin(), id.end(), '/', '-');
  std::replace(id.begin(), id.end(), '_', '-');
  if (rule.id.text != id) {
    out.Error(rule.id.span,
              fmt::format("the id \"{}\" must equal the path: \"{}\"", rule.id.text, id));
  }
}

void ReadFolder(const FileSystem& fs, const std::string& dir, unsigned depth,
                const ReadOptions& options, Definitions& out) {
  const Limits limits;
  auto entries = fs.ListDir(dir);
  if (!entries) return out.Error({}, entries.error().message);
  for (const DirEntry& e : *entries) {
    const std::string path = JoinPath(dir, e.name);
    if (e.name.starts_with('.')) continue;
    if (e.is_directory) {
      // A link to a folder could lead in a circle.
      if (!e.is_symlink && depth < limits.max_walk_depth)
        ReadFolder(fs, path, depth + 1, options, out);
    } else if (IsYaml(e.name)) {
      auto text = fs.ReadFile(path, limits.max_file_bytes);
      if (!text) {
        out.Error({}, text.error().message);
      } else {
        ReadDefinitionFile(path, std::move(*text), options, out);
      }
    } else if (options.strict) {
      out.Error({}, fmt::format("{}: only *.yaml files belong among the rules", path));
    }
  }
}

bool LooksLikeOurs(const yaml::Node& root) {
  return root.Find("models") != nullptr ||
         (root.Find("id") != nullptr && root.Find("on") != nullptr);
}

}  // namespace

void ReadDefinitionFile(const std::string& path, std::string text, const ReadOptions& options,
                        Definitions& out) {
  const FileId file = out.sources.Add(path, std::move(text));
  Diagnostics diagnostics;
  const auto documents =
      yaml::Parse(file, out.sources.Text(file), out.arena, Limits(), diagnostics);
  const yaml::Node* root = documents.empty() ? nullptr : documents.front().root;
  // A broken file of something else (a Helm template, say) is none of our business.
  const std::string_view source = out.sources.Text(file);
  const bool maybe_ours = options.strict || source.starts_with("id:") ||
                          source.starts_with("models:") ||
                          source.find("\nid:") != std::string_view::npos ||
                          source.find("\nmodels:") != std::string_view::npos;
  if (!diagnostics.empty() && maybe_ours) {
    for (const Diagnostic& d : diagnostics)
      out.Error(d.span.valid() ? d.span : Span{file, 0, 0}, d.message);
    return;
  }
  if (root == nullptr || !LooksLikeOurs(*root)) {
    if (options.strict) {
      out.Error({file, 0, 0},
                "is neither a rule (keys \"id\" and \"on\") nor models (key \"models\")");
    }
    return;
  }
  if (documents.size() > 1) out.Error(documents[1].span, "a rule file holds one document only");
  if (root->Find("models") != nullptr) return ReadModels(*root, out);
  const std::size_t before = out.rules.size();
  ReadRule(*root, out);
  if (out.rules.size() > before) Place(path, options, out.rules.back(), out);
}

void ReadDefinitions(const FileSystem& fs, const std::vector<std::string>& paths,
                     const ReadOptions& options, Definitions& out) {
  for (const std::string& path : paths) {
    if (fs.IsDirectory(path)) {
      ReadFolder(fs, path, 0, options, out);
    } else if (auto text = fs.ReadFile(path, Limits().max_file_bytes); text) {
      ReadDefinitionFile(path, std::move(*text), options, out);
    } else {
      out.Error({}, text.error().message);
    }
  }
}

}  // namespace plumbline::engine
