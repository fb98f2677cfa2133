// Argo CD's Application: its sources, what kind of tool each is, and what the spec adds to it.
// https://argo-cd.readthedocs.io/en/stable/user-guide/application-specification/
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "gitops/follow.h"

namespace plumbline::gitops {
namespace {

constexpr std::string_view kBuildPrefix = "ARGOCD_APP_";

// A comma would start another parameter; one that is escaped, or in a list in braces, stays.
std::string EscapeCommas(const std::string& value) {
  if (value.starts_with('{') && value.ends_with('}')) return value;
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == ',' && (i == 0 || value[i - 1] != '\\')) out += '\\';
    out += value[i];
  }
  return out;
}

class ApplicationReader {
 public:
  ApplicationReader(Follower& follower, const yaml::Node& object)
      : follower_(follower), object_(object), spec_(At(&object, {"spec"})) {}

  void Read() {
    ns_ = TextAt(spec_, {"destination", "namespace"});
    auto sources = ItemsAt(spec_, {"sources"});
    if (!sources.empty()) {
      for (const yaml::Node* source : sources) {
        std::string ref = TextAt(source, {"ref"});
        if (!ref.empty()) refs_[ref] = follower_.RootsOf(TextAt(source, {"repoURL"}), object_);
      }
      for (const yaml::Node* source : sources) ReadSource(*source);
      return;
    }
    const yaml::Node* source = At(spec_, {"source"});
    if (source == nullptr) source = At(spec_, {"sourceHydrator", "drySource"});
    if (source != nullptr) {
      ReadSource(*source);
    } else {
      follower_.Fault(object_, SpanOf(spec_, &object_),
                      NameOf(object_) + " has no source; expected spec.source or spec.sources");
    }
  }

 private:
  enum class Tool : std::uint8_t { kDetect, kHelm, kKustomize, kDirectory, kPlugin };

  void ReadSource(const yaml::Node& source) {
    std::string url = TextAt(&source, {"repoURL"}), chart = TextAt(&source, {"chart"});
    const yaml::Node* path_node = At(&source, {"path"});
    if (!chart.empty()) {
      follower_.Leave(Reason::kNotHere, object_, At(&source, {"chart"})->span,
                      fmt::format("the chart '{}' of {} is not in the tree", chart, url), chart,
                      TextAt(&source, {"targetRevision"}), url);
      return;
    }
    if (path_node == nullptr && At(&source, {"ref"}) != nullptr) return;  // only for its files
    Span span = SpanOf(path_node, &source);
    std::string path = TextOf(path_node);
    SourceRoots roots = follower_.RootsOf(url, object_);
    auto place = path.starts_with('/') ? std::nullopt : follower_.Locate(roots, path);
    bool guess = !roots.certain && CleanPath("/" + path) == "/";
    if (!place || guess || !follower_.context().fs.IsDirectory(place->path)) {
      follower_.LeavePath(roots, object_, span, path.empty() ? "." : path);
      return;
    }
    place_ = *place;
    const yaml::Node* overridden = WithOverrides(source);
    if (overridden == nullptr) return;
    source_ = overridden;
    Deploy(span);
  }

  // Files beside the manifests may override the source: for all applications, or for this one.
  const yaml::Node* WithOverrides(const yaml::Node& source) {
    const yaml::Node* out = &source;
    std::string name = TextAt(&object_, {"metadata", "name"});
    for (const std::string& file :
         {std::string(".argocd-source.yaml"), ".argocd-source-" + name + ".yaml"}) {
      if (!Has(file)) continue;
      std::string path = Below(follower_.context().fs, place_.path, file);
      Span fault;
      auto parsed = path.empty() ? Result<const yaml::Node*>(nullptr)
                                 : ParseFile(follower_.context(), path, &fault);
      if (!parsed) {
        follower_.Fault(object_, fault, parsed.error().message, DiagnosticCode::kParseError);
        return nullptr;
      }
      if (*parsed != nullptr && (*parsed)->value.is_mapping()) {
        out = Merge(follower_.arena(), out, *parsed);
      }
    }
    return out;
  }

  bool Has(std::string_view file) const {
    return follower_.context().fs.IsFile(JoinPath(place_.path, file));
  }

  Tool ToolOf() {
    constexpr auto kBlocks =
        std::to_array<std::pair<std::string_view, Tool>>({{"kustomize", Tool::kKustomize},
                                                          {"helm", Tool::kHelm},
                                                          {"directory", Tool::kDirectory},
                                                          {"plugin", Tool::kPlugin}});
    Tool tool = Tool::kDetect;
    for (const auto& [key, named] : kBlocks) {
      const yaml::Node* block = source_->Find(key);
      if (block == nullptr || block->value.is_null()) continue;
      if (tool != Tool::kDetect) {
        follower_.Fault(object_, block->span,
                        "a source is of one kind; expected only one of kustomize, helm, directory "
                        "and plugin");
        return Tool::kDetect;
      }
      tool = named;
    }
    if (tool != Tool::kDetect) return tool;
    if (kustomize::IsKustomization(follower_.context().fs, place_.path)) return Tool::kKustomize;
    return Has("Chart.yaml") ? Tool::kHelm : Tool::kDirectory;
  }

  void Deploy(Span span) {
    Tool tool = ToolOf();
    Target target{NameOf(object_), span, place_.path, ns_, {}};
    switch (tool) {
      case Tool::kPlugin:
        follower_.Leave(Reason::kUnsupported, object_, span,
                        "the manifests come from a plugin, which is not run");
        return;
      case Tool::kHelm:
        if (!Has("Chart.yaml")) {
          follower_.Fault(object_, span,
                          fmt::format("there is no Chart.yaml in '{}'", TextAt(source_, {"path"})));
          return;
        }
        target.what = Helm(target);
        break;
      case Tool::kKustomize:
        if (!kustomize::IsKustomization(follower_.context().fs, place_.path)) {
          follower_.Fault(
              object_, span,
              fmt::format("there is no kustomization in '{}'", TextAt(source_, {"path"})));
          return;
        }
        target.what = Kustomize();
        break;
      default:
        target.what = DirectoryTarget{IsTrueAt(source_, {"directory", "recurse"}),
                                      TextAt(source_, {"directory", "include"}),
                                      TextAt(source_, {"directory", "exclude"})};
    }
    follower_.Add(std::move(target));
  }

  // --- Helm ---

  // $ARGOCD_APP_NAME and the like.
  std::string Expand(std::string text) const {
    const std::pair<std::string_view, std::string> known[] = {
        {"NAMESPACE", ns_},
        {"NAME", TextAt(&object_, {"metadata", "name"})},
        {"SOURCE_PATH", TextAt(source_, {"path"})},
        {"SOURCE_REPO_URL", TextAt(source_, {"repoURL"})},
        {"SOURCE_TARGET_REVISION", TextAt(source_, {"targetRevision"})}};
    for (const auto& [name, value] : known) {
      std::string key = std::string(kBuildPrefix) + std::string(name);
      for (const std::string& form : {"${" + key + "}", "$" + key}) {
        for (std::size_t at = text.find(form); at != std::string::npos;
             at = text.find(form, at + value.size())) {
          text.replace(at, form.size(), value);
        }
      }
    }
    return text;
  }

  // A values file: of the source itself, from the repository's root, or `$ref/…` of another source.
  std::string ValuesFile(const yaml::Node& entry, bool* elsewhere) {
    std::string text = TextOf(&entry);
    const FileSystem& fs = follower_.context().fs;
    if (text.starts_with('$')) {
      std::size_t slash = std::min(text.find('/'), text.size());
      auto ref = refs_.find(text.substr(1, slash - 1));
      if (ref == refs_.end()) {
        text = Expand(text);
      } else {
        auto place = follower_.Locate(ref->second, text.substr(slash));
        *elsewhere = !place && !ref->second.certain;
        return place && fs.IsFile(place->path) ? place->path : std::string();
      }
    }
    if (text.find("://") != std::string::npos) {
      *elsewhere = true;
      return {};
    }
    // `..` may lead to a neighbour in the repository, never out of it.
    std::string path = text.starts_with('/') ? Below(fs, place_.root, Expand(text))
                                             : fs.RealPath(JoinPath(place_.path, Expand(text)));
    bool inside = !path.empty() && IsWithin(place_.root, path) && fs.IsFile(path);
    return inside ? path : std::string();
  }

  HelmTarget Helm(Target& target) {
    HelmTarget out;
    const yaml::Node* helm = At(source_, {"helm"});
    out.release_name = TextAt(helm, {"releaseName"});
    if (out.release_name.empty()) out.release_name = TextAt(&object_, {"metadata", "name"});
    if (std::string ns = TextAt(helm, {"namespace"}); !ns.empty()) target.ns = ns;
    out.kube_version = TextAt(helm, {"kubeVersion"});
    for (const yaml::Node* v : ItemsAt(helm, {"apiVersions"})) {
      out.api_versions.push_back(TextOf(v));
    }
    out.include_crds = !IsTrueAt(helm, {"skipCrds"});
    bool ignores = IsTrueAt(helm, {"ignoreMissingValueFiles"});
    for (const yaml::Node* entry : ItemsAt(helm, {"valueFiles"})) {
      bool elsewhere = false;
      std::string path = ValuesFile(*entry, &elsewhere);
      if (!path.empty()) {
        out.values.push_back({path, nullptr, entry->span});
      } else if (elsewhere) {
        out.incomplete = true;
        follower_.Leave(Reason::kUnknown, object_, entry->span,
                        fmt::format("the values file '{}' is not in the tree", TextOf(entry)));
      } else if (!ignores) {
        follower_.Fault(object_, entry->span,
                        fmt::format("the values file '{}' is not there", TextOf(entry)));
      }
    }
    InlineValues(helm, out);
    Parameters(helm, out);
    return out;
  }

  void InlineValues(const yaml::Node* helm, HelmTarget& out) {
    if (const yaml::Node* values = At(helm, {"valuesObject"})) {
      out.values.push_back({{}, values, values->span});
      return;
    }
    const yaml::Node* text = At(helm, {"values"});
    if (text == nullptr) return;
    Span fault;
    auto values = ParseEmbedded(follower_.context(), *text, &fault);
    if (!values) {
      follower_.Fault(object_, fault, values.error().message, DiagnosticCode::kParseError);
    } else if (*values != nullptr && !(*values)->value.is_null()) {
      out.values.push_back({{}, *values, text->span});
    }
  }

  void Parameters(const yaml::Node* helm, HelmTarget& out) {
    for (const yaml::Node* p : ItemsAt(helm, {"parameters"})) {
      const yaml::Node* value = At(p, {"value"});
      SetKind kind = IsTrueAt(p, {"forceString"}) ? SetKind::kString : SetKind::kTyped;
      out.parameters.push_back({kind,
                                TextAt(p, {"name"}) + "=" + EscapeCommas(Expand(TextOf(value))),
                                p->span, value != nullptr ? PlaceOf(*value) : Span()});
    }
    for (const yaml::Node* p : ItemsAt(helm, {"fileParameters"})) {
      std::string path = Expand(TextAt(p, {"path"}));
      const FileSystem& fs = follower_.context().fs;
      std::string real = fs.RealPath(JoinPath(place_.path, path));
      if (real.empty() || !IsWithin(place_.root, real) || !fs.IsFile(real)) {
        follower_.Fault(object_, p->span, fmt::format("the file '{}' is not there", path));
        continue;
      }
      out.parameters.push_back({SetKind::kFile, TextAt(p, {"name"}) + "=" + real, p->span, {}});
    }
  }

  // --- Kustomize ---

  // "old=new:tag", "name:tag", "name@digest" → an entry of `images`.
  const yaml::Node* Image(const yaml::Node& entry) {
    std::string text = TextOf(&entry), name;
    std::vector<NamedNode> fields;
    auto add = [&](std::string_view key, const std::string& value) {
      if (!value.empty()) {
        fields.emplace_back(key, NewText(follower_.arena(), value, entry.span, entry.from));
      }
    };
    std::size_t equals = text.find('=');
    if (equals != std::string::npos) {
      name = text.substr(0, equals);
      text = text.substr(equals + 1);
    }
    std::string digest, tag;
    if (std::size_t at = text.find('@'); at != std::string::npos) {
      digest = text.substr(at + 1);
      text.resize(at);
    }
    std::size_t slash = text.rfind('/');
    std::size_t colon = text.find(':', slash == std::string::npos ? 0 : slash);
    if (colon != std::string::npos) {
      tag = text.substr(colon + 1);
      text.resize(colon);
    }
    add("name", name.empty() ? text : name);
    if (!name.empty() && text != name) add("newName", text);
    add("newTag", digest.empty() ? tag : "");
    add("digest", digest);
    return NewMapping(follower_.arena(), fields, entry.span);
  }

  const yaml::Node* Replica(const yaml::Node& entry) {
    const yaml::Node* count = At(&entry, {"count"});
    std::string text = TextOf(count);
    std::int64_t number = 0;
    for (char c : text) {
      if (c < '0' || c > '9' || text.size() > 9) return &entry;
      number = number * 10 + (c - '0');
    }
    if (count == nullptr || !count->value.is_string()) return &entry;
    return With(follower_.arena(), &entry, "count",
                NewScalar(follower_.arena(), Value::Int(number), count->span, count->from));
  }

  const yaml::Node* MapItems(const yaml::Node* list,
                             const yaml::Node* (ApplicationReader::*change)(const yaml::Node&)) {
    if (list == nullptr) return nullptr;
    std::vector<const yaml::Node*> items;
    for (const yaml::Node* item : list->items) items.push_back((this->*change)(*item));
    return NewList(follower_.arena(), items, list->span);
  }

  // With `labelWithoutSelector` the labels reach no selector.
  void Labels(const yaml::Node* block, std::vector<Addition>& out) {
    const yaml::Node* labels = At(block, {"commonLabels"});
    if (labels == nullptr) return;
    if (!IsTrueAt(block, {"labelWithoutSelector"})) {
      out.push_back({"commonLabels", Addition::How::kMerge, labels});
      return;
    }
    Arena& arena = follower_.arena();
    std::vector<NamedNode> entry = {{"pairs", labels}};
    if (IsTrueAt(block, {"labelIncludeTemplates"})) {
      entry.emplace_back("includeTemplates", NewScalar(arena, Value::Bool(true), labels->span));
    }
    out.push_back({"labels", Addition::How::kAppend,
                   NewList(arena, {NewMapping(arena, entry, labels->span)}, labels->span)});
  }

  KustomizeTarget Kustomize() {
    KustomizeTarget what;
    const yaml::Node* block = At(source_, {"kustomize"});
    using How = Addition::How;
    auto add = [&](std::string_view field, How how, const yaml::Node* value) {
      if (value != nullptr) what.additions.push_back({std::string(field), how, value});
    };
    add("namePrefix", How::kSet, At(block, {"namePrefix"}));
    add("nameSuffix", How::kSet, At(block, {"nameSuffix"}));
    add("images", How::kAppend, MapItems(At(block, {"images"}), &ApplicationReader::Image));
    add("replicas", How::kAppend, MapItems(At(block, {"replicas"}), &ApplicationReader::Replica));
    Labels(block, what.additions);
    add("commonAnnotations", How::kMerge, At(block, {"commonAnnotations"}));
    add("namespace", How::kSet, At(block, {"namespace"}));
    add("patches", How::kAppend, At(block, {"patches"}));
    add("components", How::kAppend, At(block, {"components"}));
    return what;
  }

  Follower& follower_;
  const yaml::Node& object_;
  const yaml::Node* spec_;
  std::string ns_;
  std::map<std::string, SourceRoots> refs_;
  SourcePlace place_;
  const yaml::Node* source_ = nullptr;
};

}  // namespace

void FollowApplication(Follower& follower, const yaml::Node& object) {
  ApplicationReader(follower, object).Read();
}

}  // namespace plumbline::gitops
