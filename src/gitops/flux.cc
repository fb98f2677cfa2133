// Flux: Kustomization (kustomize-controller) and HelmRelease (helm-controller), all API versions.
// https://fluxcd.io/flux/components/kustomize/kustomizations/
// https://fluxcd.io/flux/components/helm/helmreleases/
#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "gitops/follow.h"
#include "value/json.h"

namespace plumbline::gitops {
namespace {

constexpr std::size_t kMaxReleaseName = 53;      // Helm's bound
constexpr std::string_view kEncrypted = "ENC[";  // what SOPS writes

std::string Namespace(const yaml::Node& object) {
  return TextAt(&object, {"metadata", "namespace"});
}

std::string DecodeBase64(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (char c : text) {
    int digit = c >= 'A' && c <= 'Z'   ? c - 'A'
                : c >= 'a' && c <= 'z' ? c - 'a' + 26
                : c >= '0' && c <= '9' ? c - '0' + 52
                : c == '+'             ? 62
                : c == '/'             ? 63
                                       : -1;
    if (digit < 0) continue;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 0xFF);
  }
  return out;
}

// A name that is too long for Helm keeps its beginning and ends with a part of its hash.
std::string ShortReleaseName(const std::string& name) {
  constexpr std::size_t kHash = 12;
  if (name.size() <= kMaxReleaseName) return name;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(name.data(), name.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string hash;
  for (std::size_t i = 0; i < kHash / 2; ++i) hash += fmt::format("{:02x}", digest[i]);
  return name.substr(0, kMaxReleaseName - kHash - 1) + "-" + hash;
}

// --- Sources ---

// An ArtifactGenerator copies parts of sources into an artifact: the artifact's path back to the
// path in the repository.
std::vector<std::string> CopiedFrom(const yaml::Node& generator, std::string_view artifact,
                                    const std::string& path) {
  std::vector<std::string> out;
  auto inner = [](std::string text, std::string_view root) {
    if (!root.empty() && text.starts_with(root)) {
      text = text.substr(root.size());
    } else if (text.starts_with('@')) {
      text = text.substr(std::min(text.find('/'), text.size()));
    }
    if (text.ends_with("**")) text.resize(text.size() - 2);
    return CleanPath("/" + text);
  };
  std::string wanted = CleanPath("/" + path);
  for (const yaml::Node* item : ItemsAt(&generator, {"spec", "artifacts"})) {
    if (TextAt(item, {"name"}) != artifact) continue;
    for (const yaml::Node* copy : ItemsAt(item, {"copy"})) {
      std::string to = inner(TextAt(copy, {"to"}), "@artifact");
      std::string from = inner(TextAt(copy, {"from"}), "");
      if (!IsWithin(to, wanted)) continue;
      std::string rest = to == "/" ? wanted : wanted.substr(to.size());
      out.push_back(CleanPath(from + "/" + rest));
    }
  }
  return out;
}

struct Source {
  SourceRoots roots;
  std::vector<std::string> paths;  // the wanted path as it may lie in the repository
  bool guessed_root = false;       // nothing says that the whole repository is meant
};

// What `sourceRef` leads to. Only git tells what it is; an artifact or a bucket is filled by
// somebody, often from the same repository.
Source SourceOf(Follower& follower, const yaml::Node& object, const yaml::Node* ref,
                const std::string& path) {
  Source out;
  std::string kind = TextAt(ref, {"kind"}), name = TextAt(ref, {"name"});
  std::string ns = TextAt(ref, {"namespace"});
  const yaml::Node* source = follower.Find(kind, ns.empty() ? Namespace(object) : ns, name, object);
  std::string url = kind == "GitRepository" ? TextAt(source, {"spec", "url"}) : std::string();
  out.roots = follower.RootsOf(url, object);
  out.paths = {path};
  if (kind == "ExternalArtifact") {
    auto generators = follower.FindArtifact(name);
    if (!generators.empty()) out.paths.clear();
    for (const yaml::Node* generator : generators) {
      auto paths = CopiedFrom(*generator, name, path);
      out.paths.insert(out.paths.end(), paths.begin(), paths.end());
    }
  }
  out.guessed_root = !out.roots.certain && name != "flux-system" && CleanPath("/" + path) == "/" &&
                     !(kind == "GitRepository" && source != nullptr);
  return out;
}

std::optional<SourcePlace> Locate(const Follower& follower, const Source& source) {
  if (source.guessed_root) return std::nullopt;
  for (const std::string& path : source.paths) {
    if (auto place = follower.Locate(source.roots, path)) return place;
  }
  return std::nullopt;
}

// --- Kustomization ---

const yaml::Node* AsJsonText(Arena& arena, const yaml::Node& node) {
  return node.value.is_string() ? &node : NewText(arena, ToJson(node.value), node.span, node.from);
}

void Append(std::vector<Addition>& out, std::string_view field, Addition::How how,
            const yaml::Node* value) {
  if (value != nullptr) out.push_back({std::string(field), how, value});
}

const yaml::Node* Rewritten(Arena& arena, const yaml::Node* list, bool whole) {
  if (list == nullptr || list->items.empty()) return nullptr;
  std::vector<const yaml::Node*> items;
  for (const yaml::Node* item : list->items) {
    if (whole) {
      items.push_back(AsJsonText(arena, *item));
      continue;
    }
    const yaml::Node* patch = At(item, {"patch"});
    items.push_back(patch == nullptr ? item
                                     : With(arena, item, "patch", AsJsonText(arena, *patch)));
  }
  return NewList(arena, items, list->span);
}

class VariableReader {
 public:
  VariableReader(Follower& follower, const yaml::Node& object)
      : follower_(follower), object_(object) {}

  Substitution Read() {
    const yaml::Node* post = At(&object_, {"spec", "postBuild"});
    for (const yaml::Node* reference : ItemsAt(post, {"substituteFrom"})) From(*reference);
    const yaml::Node* inline_ones = At(post, {"substitute"});
    if (inline_ones != nullptr) {
      for (const yaml::Entry& e : inline_ones->entries) Set(std::string(e.key), *e.value);
    }
    Substitution out;
    for (auto& [name, variable] : variables_) out.variables.push_back(std::move(variable));
    out.incomplete = incomplete_;
    out.active = !out.variables.empty() || incomplete_;
    return out;
  }

 private:
  void Set(const std::string& name, const yaml::Node& value) {
    std::string text = TextOf(&value);
    std::erase(text, '\n');
    variables_[name] = {name, std::move(text), PlaceOf(value)};
  }

  void From(const yaml::Node& reference) {
    std::string kind = TextAt(&reference, {"kind"}), name = TextAt(&reference, {"name"});
    const yaml::Node* found = follower_.Find(kind, Namespace(object_), name, object_);
    if (found == nullptr) {
      incomplete_ = true;
      if (IsTrueAt(&reference, {"optional"})) return;
      follower_.Leave(Reason::kUnknown, object_, reference.span,
                      fmt::format("the {} '{}' with variables is not in the tree", kind, name));
      return;
    }
    bool encrypted = false;
    for (const auto& [key, value] : DataOf(follower_.arena(), *found, &encrypted)) {
      Set(key, *value);
    }
    incomplete_ |= encrypted;
  }

  Follower& follower_;
  const yaml::Node& object_;
  std::map<std::string, Variable> variables_;
  bool incomplete_ = false;
};

std::string Shown(const std::string& path) { return path.empty() ? "." : path; }

}  // namespace

std::vector<NamedNode> DataOf(Arena& arena, const yaml::Node& object, bool* encrypted) {
  std::vector<NamedNode> out;
  bool secret = TextAt(&object, {"kind"}) == "Secret";
  for (std::string_view field : {"data", "stringData"}) {
    const yaml::Node* data = At(&object, {field});
    if (data == nullptr || (field == "stringData" && !secret)) continue;
    for (const yaml::Entry& e : data->entries) {
      std::string text = TextOf(e.value);
      if (text.starts_with(kEncrypted)) {
        *encrypted = true;
        continue;
      }
      bool decode = secret && field == "data";
      out.emplace_back(e.key, decode
                                  ? NewText(arena, DecodeBase64(text), e.value->span, e.value->from)
                                  : e.value);
    }
  }
  return out;
}

std::vector<Addition> FluxAdditions(Arena& arena, const yaml::Node* block) {
  std::vector<Addition> out;
  using How = Addition::How;
  Append(out, "namespace", How::kSet, At(block, {"targetNamespace"}));
  Append(out, "namePrefix", How::kSet, At(block, {"namePrefix"}));
  Append(out, "nameSuffix", How::kSet, At(block, {"nameSuffix"}));
  Append(out, "patches", How::kAppend, At(block, {"patches"}));
  Append(out, "patchesStrategicMerge", How::kAppend,
         Rewritten(arena, At(block, {"patchesStrategicMerge"}), true));
  Append(out, "patchesJson6902", How::kAppend,
         Rewritten(arena, At(block, {"patchesJson6902"}), false));
  Append(out, "images", How::kAppend, At(block, {"images"}));
  Append(out, "components", How::kAppend, At(block, {"components"}));
  return out;
}

void FollowFluxKustomization(Follower& follower, const yaml::Node& object) {
  const yaml::Node* spec = At(&object, {"spec"});
  const yaml::Node* path_node = At(spec, {"path"});
  std::string path = TextOf(path_node);
  Source source = SourceOf(follower, object, At(spec, {"sourceRef"}), path);
  Span span = SpanOf(path_node, At(spec, {"sourceRef"}));
  if (!span.valid()) span = object.span;
  auto place = Locate(follower, source);
  if (!place || !follower.context().fs.IsDirectory(place->path)) {
    follower.LeavePath(source.roots, object, span, Shown(path));
    return;
  }
  Target target{NameOf(object), span, place->path, TextAt(spec, {"targetNamespace"}), {}};
  KustomizeTarget what;
  what.additions = FluxAdditions(follower.arena(), spec);
  what.generated = !kustomize::IsKustomization(follower.context().fs, place->path);
  what.files_anywhere = true;
  what.substitution = VariableReader(follower, object).Read();
  what.labels = At(spec, {"commonMetadata", "labels"});
  what.annotations = At(spec, {"commonMetadata", "annotations"});
  target.what = std::move(what);
  follower.Add(std::move(target));
}

// --- HelmRelease ---

namespace {

class ReleaseReader {
 public:
  ReleaseReader(Follower& follower, const yaml::Node& object)
      : follower_(follower), object_(object), spec_(At(&object, {"spec"})) {}

  void Read() {
    if (!FindChart()) return;
    target_.name = NameOf(object_);
    std::string target_ns = TextAt(spec_, {"targetNamespace"});
    target_.ns = target_ns.empty() ? Namespace(object_) : target_ns;
    what_.release_name = TextAt(spec_, {"releaseName"});
    if (what_.release_name.empty()) {
      std::string name = TextAt(&object_, {"metadata", "name"});
      what_.release_name = ShortReleaseName(target_ns.empty() ? name : target_ns + "-" + name);
    }
    what_.include_crds =
        !IsTrueAt(spec_, {"install", "skipCRDs"}) && TextAt(spec_, {"install", "crds"}) != "Skip";
    for (const yaml::Node* reference : ItemsAt(spec_, {"valuesFrom"})) From(*reference);
    if (const yaml::Node* values = At(spec_, {"values"})) {
      what_.values.push_back({{}, values, values->span});
    }
    for (const yaml::Node* renderer : ItemsAt(spec_, {"postRenderers"})) {
      what_.post_renderers.push_back(FluxAdditions(follower_.arena(), At(renderer, {"kustomize"})));
    }
    target_.what = std::move(what_);
    follower_.Add(std::move(target_));
  }

 private:
  // The chart's spec: written here, or that of a HelmChart object.
  bool FindChart() {
    const yaml::Node* chart = At(spec_, {"chart", "spec"});
    if (chart != nullptr) return Take(*chart, object_);
    const yaml::Node* ref = At(spec_, {"chartRef"});
    if (ref == nullptr) {
      follower_.Fault(object_, SpanOf(spec_, &object_),
                      NameOf(object_) + " names no chart; expected spec.chart or spec.chartRef");
      return false;
    }
    std::string kind = TextAt(ref, {"kind"}), name = TextAt(ref, {"name"});
    std::string ns = TextAt(ref, {"namespace"});
    const yaml::Node* found =
        follower_.Find(kind, ns.empty() ? Namespace(object_) : ns, name, object_);
    if (kind == "HelmChart" && found != nullptr && At(found, {"spec"}) != nullptr) {
      return Take(*At(found, {"spec"}), *found);
    }
    Leave(Reason::kNotHere, ref->span, name, {}, TextAt(found, {"spec", "url"}), kind);
    return false;
  }

  void Leave(Reason reason, Span span, const std::string& chart, const std::string& version,
             const std::string& url, const std::string& kind) {
    follower_.Leave(reason, object_, span,
                    fmt::format("the chart '{}' comes from a {} and is not in the tree", chart,
                                kind.empty() ? "source" : kind),
                    chart, version, url);
  }

  bool Take(const yaml::Node& chart, const yaml::Node& holder) {
    const yaml::Node* chart_node = At(&chart, {"chart"});
    std::string path = TextOf(chart_node), version = TextAt(&chart, {"version"});
    const yaml::Node* ref = At(&chart, {"sourceRef"});
    std::string kind = TextAt(ref, {"kind"});
    Span span = SpanOf(chart_node, &chart);
    if (kind == "HelmRepository" || kind.empty()) {
      std::string ns = TextAt(ref, {"namespace"});
      const yaml::Node* found =
          follower_.Find(kind, ns.empty() ? Namespace(holder) : ns, TextAt(ref, {"name"}), holder);
      Leave(Reason::kNotHere, span, path, version, TextAt(found, {"spec", "url"}), kind);
      return false;
    }
    Source source = SourceOf(follower_, holder, ref, path);
    auto place = Locate(follower_, source);
    const FileSystem& fs = follower_.context().fs;
    bool folder = place && fs.IsFile(JoinPath(place->path, "Chart.yaml"));
    bool archive = place && fs.IsFile(place->path) && place->path.ends_with(".tgz");
    if (!folder && !archive) {
      follower_.LeavePath(source.roots, object_, span, Shown(path));
      return false;
    }
    target_.span = span;
    target_.folder = place->path;
    ChartValues(chart, place->root);
    return true;
  }

  // These files take the place of the chart's own values.yaml; they are named from the source's
  // root.
  void ChartValues(const yaml::Node& chart, const std::string& root) {
    std::vector<const yaml::Node*> files;
    if (const yaml::Node* file = At(&chart, {"valuesFile"})) files.push_back(file);
    for (const yaml::Node* file : ItemsAt(&chart, {"valuesFiles"})) files.push_back(file);
    for (const yaml::Node* file : files) {
      std::string path = Below(follower_.context().fs, root, TextOf(file));
      if (!path.empty() && follower_.context().fs.IsFile(path)) {
        what_.chart_values.push_back(std::move(path));
      } else if (!IsTrueAt(&chart, {"ignoreMissingValuesFiles"})) {
        follower_.Fault(object_, file->span,
                        fmt::format("the values file '{}' is not in the repository", TextOf(file)));
      }
    }
  }

  void From(const yaml::Node& reference) {
    std::string kind = TextAt(&reference, {"kind"}), name = TextAt(&reference, {"name"});
    std::string key = TextAt(&reference, {"valuesKey"});
    if (key.empty()) key = "values.yaml";
    bool optional = IsTrueAt(&reference, {"optional"});
    const yaml::Node* found = follower_.Find(kind, Namespace(object_), name, object_);
    bool encrypted = false;
    const yaml::Node* text = nullptr;
    if (found != nullptr) {
      for (const auto& [k, node] : DataOf(follower_.arena(), *found, &encrypted)) {
        if (k == key) text = node;
      }
    }
    if (text != nullptr) {
      Use(reference, *text);
      return;
    }
    what_.incomplete = true;
    if (optional) return;
    if (found != nullptr && !encrypted) {
      follower_.Fault(object_, reference.span,
                      fmt::format("the {} '{}' has no key '{}'", kind, name, key));
      return;
    }
    follower_.Leave(Reason::kUnknown, object_, reference.span,
                    fmt::format("the {} '{}' with values is not in the tree{}", kind, name,
                                encrypted ? " in clear text" : ""));
  }

  void Use(const yaml::Node& reference, const yaml::Node& text) {
    std::string path = TextAt(&reference, {"targetPath"});
    if (!path.empty()) {
      SetAt(path, TextOf(&text), reference.span, PlaceOf(text));
      return;
    }
    Span fault;
    auto values = ParseEmbedded(follower_.context(), text, &fault);
    if (!values) {
      follower_.Fault(object_, fault, values.error().message, DiagnosticCode::kParseError);
    } else if (*values != nullptr && !(*values)->value.is_null()) {
      what_.values.push_back({{}, *values, reference.span});
    }
  }

  // As --set does it; quotes around the value make it a text.
  void SetAt(const std::string& path, std::string value, Span span, Span from) {
    bool quoted = false;
    for (char quote : {'\'', '"'}) {
      quoted |= value.size() >= 2 && value.front() == quote && value.back() == quote;
    }
    if (quoted) {
      std::size_t begin = value.find_first_not_of("'\""), end = value.find_last_not_of("'\"");
      value = begin == std::string::npos ? "" : value.substr(begin, end - begin + 1);
    }
    what_.parameters.push_back(
        {quoted ? SetKind::kString : SetKind::kTyped, path + "=" + value, span, from});
  }

  Follower& follower_;
  const yaml::Node& object_;
  const yaml::Node* spec_;
  Target target_;
  HelmTarget what_;
};

}  // namespace

void FollowHelmRelease(Follower& follower, const yaml::Node& object) {
  ReleaseReader(follower, object).Read();
}

}  // namespace plumbline::gitops
