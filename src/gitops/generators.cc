// The generators of an ApplicationSet whose answers lie in the tree: lists, folders and files of
// the repository, and matrices and merges of those.
// https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators/
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "gitops/glob.h"
#include "gitops/params.h"
#include "gotmpl/format.h"
#include "value/number.h"

namespace plumbline::gitops {
namespace {

using ParamList = std::vector<Params>;

constexpr auto kServers = std::to_array<std::string_view>(
    {"clusterDecisionResource", "clusters", "plugin", "pullRequest", "scmProvider"});

// "a/b/c" of nested maps as "a.b.c", lists by their index.
void Flatten(gotmpl::Heap& heap, gotmpl::Value v, const std::string& name, gotmpl::Map& out,
             int depth) {
  if (depth > gotmpl::kMaxValueDepth) return;
  auto inner = [&](std::string_view key) {
    return name.empty() ? std::string(key) : name + "." + std::string(key);
  };
  if (v.is_map()) {
    for (const gotmpl::Entry& e : v.map().entries()) {
      Flatten(heap, e.value, inner(e.key), out, depth + 1);
    }
  } else if (v.is_list()) {
    for (std::size_t i = 0; i < v.list().items.size(); ++i) {
      Flatten(heap, v.list().items[i], inner(std::to_string(i)), out, depth + 1);
    }
  } else {
    std::string text = v.is_string() ? std::string(v.as_string()) : gotmpl::Sprint(v);
    out.Set(heap, heap.Text(name), heap.String(text, v.origin()));
  }
}

class Generators {
 public:
  Generators(Follower& follower, const yaml::Node& object, TemplateRenderer& renderer)
      : follower_(follower), object_(object), renderer_(renderer), heap_(renderer.heap()) {}

  /// False: not followed, which has been told.
  bool Run(const yaml::Node& given, const gotmpl::Map* outer, std::uint32_t depth, ParamList& out) {
    if (depth > follower_.context().bounds.max_generator_depth) {
      return Fault(given.span, "generators are nested too deeply");
    }
    const yaml::Node* node = &given;
    if (outer != nullptr) {
      auto rendered = renderer_.Render(given, *outer);
      if (!rendered) return Fault(renderer_.fault(), rendered.error().message);
      node = *rendered;
    }
    bool ok = Dispatch(*node, depth, out);
    if (ok) Select(At(node, {"selector"}), out);
    return ok;
  }

 private:
  bool Fault(Span span, std::string message) {
    follower_.Fault(object_, span, std::move(message), DiagnosticCode::kEvaluationError);
    return false;
  }

  bool Dispatch(const yaml::Node& node, std::uint32_t depth, ParamList& out) {
    if (const yaml::Node* list = node.Find("list")) return List(*list, out);
    if (const yaml::Node* git = node.Find("git")) return Git(*git, out);
    if (const yaml::Node* matrix = node.Find("matrix")) return Matrix(*matrix, depth, out);
    if (const yaml::Node* merge = node.Find("merge")) return MergeSets(*merge, depth, out);
    for (const yaml::Entry& e : node.entries) {
      if (std::ranges::find(kServers, e.key) == kServers.end()) continue;
      follower_.Leave(Reason::kGenerator, object_, e.key_span,
                      fmt::format("the generator '{}' asks a server, which is not done", e.key));
      return false;
    }
    return Fault(node.span, "expected one of the generators list, git, matrix, merge");
  }

  bool Put(ParamList& out, Params params, Span span) {
    std::size_t most = follower_.context().bounds.max_parameters;
    if (++made_ > most) {
      if (!told_) {
        told_ = true;
        follower_.Fault(object_, span,
                        fmt::format("the generators make more than {} sets of parameters", most),
                        DiagnosticCode::kLimit);
      }
      return false;
    }
    out.push_back(params);
    return true;
  }

  void Set(Params params, std::string_view key, gotmpl::Value value) {
    params->Set(heap_, heap_.Text(key), value);
  }

  // --- list ---

  bool List(const yaml::Node& list, ParamList& out) {
    for (const yaml::Node* element : ItemsAt(&list, {"elements"})) {
      Params params = nullptr;
      if (!Element(*element, &params)) return false;
      if (!Put(out, params, element->span)) return true;
    }
    const yaml::Node* text = At(&list, {"elementsYaml"});
    if (text == nullptr) return true;
    Span fault;
    auto parsed = ParseEmbedded(follower_.context(), *text, &fault);
    if (!parsed) return Fault(fault, parsed.error().message);
    if (*parsed == nullptr) return true;
    for (const yaml::Node* element : (*parsed)->items) {
      gotmpl::Value value = renderer_.ValueOf(*element);
      if (!value.is_map()) return Fault(element->span, "expected a mapping of parameters");
      if (!Put(out, &value.map(), element->span)) return true;
    }
    return true;
  }

  bool Element(const yaml::Node& element, Params* params) {
    if (!element.value.is_mapping()) {
      return Fault(element.span, "expected a mapping of parameters");
    }
    if (renderer_.go()) {
      *params = &renderer_.ValueOf(element).map();
      return true;
    }
    *params = heap_.MakeMap();
    for (const yaml::Entry& e : element.entries) {
      if (e.key == "values" && e.value->value.is_mapping()) {
        for (const yaml::Entry& v : e.value->entries) {
          if (!Flat(*params, "values." + std::string(v.key), *v.value)) return false;
        }
      } else if (!Flat(*params, std::string(e.key), *e.value)) {
        return false;
      }
    }
    return true;
  }

  bool Flat(Params params, const std::string& key, const yaml::Node& value) {
    if (!value.value.is_string()) {
      return Fault(value.span, fmt::format("the parameter '{}' must be a text, unless goTemplate "
                                           "is set",
                                           key));
    }
    Set(params, key, renderer_.ValueOf(value));
    return true;
  }

  // --- git ---

  bool Git(const yaml::Node& git, ParamList& out) {
    std::string url = TextAt(&git, {"repoURL"});
    SourceRoots source = follower_.RootsOf(url, object_);
    if (source.roots.empty()) {
      follower_.Leave(Reason::kOtherRepository, object_, SpanOf(At(&git, {"repoURL"}), &git),
                      fmt::format("'{}' is another repository", url), {}, {}, url);
      return false;
    }
    bool folders = !ItemsAt(&git, {"directories"}).empty();
    if (!folders && ItemsAt(&git, {"files"}).empty()) {
      return Fault(git.span, "expected directories or files in the git generator");
    }
    for (const std::string& root : source.roots) {
      std::set<std::string> found = folders ? Folders(root, git) : Files(root, git);
      if (found.empty()) continue;
      for (const std::string& path : found) {
        bool ok = folders ? Folder(path, git, out) : File(root, path, git, out);
        if (!ok) return told_;
      }
      return true;
    }
    return true;
  }

  // The folders that the patterns name; one with `exclude` wins over all others.
  std::set<std::string> Folders(const std::string& root, const yaml::Node& git) {
    std::set<std::string> found;
    std::vector<Glob> excluded;
    for (const yaml::Node* item : ItemsAt(&git, {"directories"})) {
      std::string path = TextAt(item, {"path"});
      if (IsTrueAt(item, {"exclude"})) {
        excluded.emplace_back(path, GlobKind::kSegments);
        continue;
      }
      std::vector<std::string> segments;
      for (std::size_t at = 0; at <= path.size();) {
        std::size_t end = std::min(path.find('/', at), path.size());
        segments.push_back(path.substr(at, end - at));
        at = end + 1;
      }
      Descend(root, "", segments, 0, found);
    }
    std::erase_if(found, [&](const std::string& path) {
      return std::ranges::any_of(excluded, [&](const Glob& g) { return g.Matches(path); });
    });
    return found;
  }

  void Descend(const std::string& root, const std::string& at,
               const std::vector<std::string>& segments, std::size_t i,
               std::set<std::string>& found) {
    if (i == segments.size() || i > follower_.context().limits.max_walk_depth) {
      if (i == segments.size() && !at.empty()) found.insert(at);
      return;
    }
    auto entries = follower_.context().fs.ListDir(at.empty() ? root : JoinPath(root, at));
    if (!entries || !follower_.Spend(entries->size(), object_)) return;
    Glob glob(segments[i], GlobKind::kSegments);
    for (const DirEntry& e : *entries) {
      if (!e.is_directory || e.is_symlink || e.name.starts_with('.')) continue;
      if (!glob.Matches(e.name)) continue;
      Descend(root, at.empty() ? e.name : at + "/" + e.name, segments, i + 1, found);
    }
  }

  std::set<std::string> Files(const std::string& root, const yaml::Node& git) {
    std::set<std::string> found;
    std::vector<Glob> excluded;
    for (const yaml::Node* item : ItemsAt(&git, {"files"})) {
      std::string pattern = TextAt(item, {"path"});
      while (pattern.starts_with('/')) pattern.erase(0, 1);
      Glob glob(pattern, GlobKind::kCrossing);
      if (IsTrueAt(item, {"exclude"})) {
        excluded.push_back(std::move(glob));
        continue;
      }
      // Everything in front of the first pattern is a folder.
      std::size_t wild = pattern.find_first_of("*?[{\\");
      std::size_t slash = wild == std::string::npos ? pattern.rfind('/') : pattern.rfind('/', wild);
      std::string start = slash == std::string::npos ? "" : pattern.substr(0, slash);
      if (!start.empty() && Below(follower_.context().fs, root, start).empty()) continue;
      Walk(root, start, glob, 0, found);
    }
    std::erase_if(found, [&](const std::string& path) {
      return std::ranges::any_of(excluded, [&](const Glob& g) { return g.Matches(path); });
    });
    return found;
  }

  void Walk(const std::string& root, const std::string& at, const Glob& glob, std::uint32_t depth,
            std::set<std::string>& found) {
    if (depth > follower_.context().limits.max_walk_depth) return;
    auto entries = follower_.context().fs.ListDir(at.empty() ? root : JoinPath(root, at));
    if (!entries || !follower_.Spend(entries->size(), object_)) return;
    for (const DirEntry& e : *entries) {
      if (e.is_symlink || e.name == ".git") continue;
      std::string path = at.empty() ? e.name : at + "/" + e.name;
      if (e.is_directory) {
        Walk(root, path, glob, depth + 1, found);
      } else if (glob.Matches(path)) {
        found.insert(std::move(path));
      }
    }
  }

  // path, path.basename, path[0] and so on; with Go templates one map.
  void SetPath(Params params, const yaml::Node& git, const std::string& folder,
               const std::string& file) {
    std::string prefix = TextAt(&git, {"pathParamPrefix"});
    std::vector<std::string> segments;
    for (std::size_t at = 0; at <= folder.size();) {
      std::size_t end = std::min(folder.find('/', at), folder.size());
      segments.push_back(folder.substr(at, end - at));
      at = end + 1;
    }
    std::string base(BaseName(folder));
    std::vector<std::pair<std::string, std::string>> fields = {
        {"basename", base}, {"basenameNormalized", SanitizeName(base)}};
    if (!file.empty()) {
      fields.emplace_back("filename", file);
      fields.emplace_back("filenameNormalized", SanitizeName(file));
    }
    if (!renderer_.go()) {
      std::string name = prefix.empty() ? "path" : prefix + ".path";
      Set(params, name, heap_.String(folder));
      for (const auto& [key, value] : fields) {
        Set(params, name + "." + key, heap_.String(value));
      }
      for (std::size_t i = 0; i < segments.size(); ++i) {
        if (!segments[i].empty()) {
          Set(params, fmt::format("{}[{}]", name, i), heap_.String(segments[i]));
        }
      }
      return;
    }
    Params path = heap_.MakeMap();
    Set(path, "path", heap_.String(folder));
    for (const auto& [key, value] : fields) Set(path, key, heap_.String(value));
    std::vector<gotmpl::Value> list;
    for (const std::string& s : segments) list.push_back(heap_.String(s));
    Set(path, "segments", heap_.MakeList(list, gotmpl::Element::kString));
    if (prefix.empty()) {
      Set(params, "path", gotmpl::Value::Of(path));
      return;
    }
    Params outer = heap_.MakeMap();
    Set(outer, "path", gotmpl::Value::Of(path));
    Set(params, prefix, gotmpl::Value::Of(outer));
  }

  // The generator's own `values`, which may use the other parameters.
  bool SetValues(Params params, const yaml::Node& git) {
    const yaml::Node* values = At(&git, {"values"});
    if (values == nullptr) return true;
    auto rendered = renderer_.Render(*values, *params);
    if (!rendered) return Fault(renderer_.fault(), rendered.error().message);
    if (renderer_.go()) {
      Set(params, "values", renderer_.ValueOf(**rendered));
      return true;
    }
    for (const yaml::Entry& e : (*rendered)->entries) {
      Set(params, "values." + std::string(e.key), Text(*e.value));
    }
    return true;
  }

  gotmpl::Value Text(const yaml::Node& node) {
    return renderer_.Text(TextOf(&node), PlaceOf(node));
  }

  bool Folder(const std::string& path, const yaml::Node& git, ParamList& out) {
    Params params = heap_.MakeMap();
    SetPath(params, git, path, "");
    return SetValues(params, git) && Put(out, params, git.span);
  }

  bool File(const std::string& root, const std::string& path, const yaml::Node& git,
            ParamList& out) {
    std::string real = Below(follower_.context().fs, root, path);
    if (real.empty()) return true;
    // A matrix asks for the same file again and again.
    auto [known, fresh] = parsed_.try_emplace(real, nullptr);
    if (fresh) {
      Span fault;
      auto parsed = ParseFile(follower_.context(), real, &fault);
      if (!parsed) return Fault(fault, parsed.error().message);
      known->second = *parsed;
    }
    const yaml::Node* document = known->second;
    std::vector<const yaml::Node*> objects;
    if (document != nullptr && document->value.is_sequence()) {
      objects.assign(document->items.begin(), document->items.end());
    } else {
      objects.push_back(document);
    }
    for (const yaml::Node* object : objects) {
      Params params = heap_.MakeMap();
      bool mapping = object != nullptr && object->value.is_mapping();
      if (object != nullptr && !mapping && !object->value.is_null()) {
        return Fault(object->span, "expected a mapping of parameters");
      }
      if (mapping && renderer_.go()) {
        params = &renderer_.ValueOf(*object).map();
      } else if (mapping) {
        Flatten(heap_, renderer_.ValueOf(*object), "", *params, 0);
      }
      std::string_view folder = DirName(path);
      SetPath(params, git, std::string(folder), std::string(BaseName(path)));
      if (!SetValues(params, git) || !Put(out, params, git.span)) return false;
    }
    return true;
  }

  // --- matrix and merge ---

  // What `under` has stays; maps are joined.
  void Join(gotmpl::Map& into, const gotmpl::Map& from, bool override_values, int depth) {
    if (depth > gotmpl::kMaxValueDepth) return;
    for (const gotmpl::Entry& e : from.entries()) {
      gotmpl::Value* old = into.Find(e.key);
      if (old != nullptr && old->is_map() && e.value.is_map()) {
        gotmpl::Value copy = gotmpl::DeepCopy(heap_, *old);
        Join(copy.map(), e.value.map(), override_values, depth + 1);
        into.Set(heap_, e.key, copy);
      } else if (old == nullptr || !gotmpl::IsTrue(*old) ||
                 (override_values && gotmpl::IsTrue(e.value))) {
        into.Set(heap_, e.key, e.value);
      }
    }
  }

  Params Copy(const gotmpl::Map& from) {
    Params out = heap_.MakeMap();
    for (const gotmpl::Entry& e : from.entries()) out->Set(heap_, e.key, e.value);
    return out;
  }

  bool Matrix(const yaml::Node& matrix, std::uint32_t depth, ParamList& out) {
    auto generators = ItemsAt(&matrix, {"generators"});
    if (generators.size() != 2) return Fault(matrix.span, "a matrix has two generators");
    ParamList first;
    if (!Run(*generators[0], nullptr, depth + 1, first)) return false;
    for (Params outer : first) {
      ParamList second;
      if (!Run(*generators[1], outer, depth + 1, second)) return false;
      for (Params inner : second) {
        Params joined = Copy(*outer);
        if (renderer_.go()) {
          Join(*joined, *inner, false, 0);
        } else if (!JoinFlat(*joined, *inner, matrix.span)) {
          return false;
        }
        if (!Put(out, joined, matrix.span)) return true;
      }
      if (told_) return true;
    }
    return true;
  }

  bool JoinFlat(gotmpl::Map& into, const gotmpl::Map& from, Span span) {
    for (const gotmpl::Entry& e : from.entries()) {
      gotmpl::Value* old = into.Find(e.key);
      if (old != nullptr && !gotmpl::DeepEqual(*old, e.value)) {
        return Fault(span, fmt::format("both generators of the matrix set '{}', to different "
                                       "values",
                                       e.key));
      }
      into.Set(heap_, e.key, e.value);
    }
    return true;
  }

  std::string KeyOf(const gotmpl::Map& params, const std::vector<std::string>& keys) {
    gotmpl::Map* flat = heap_.MakeMap();
    for (const std::string& key : keys) {
      const gotmpl::Value* v = params.Find(key);
      if (v != nullptr) Flatten(heap_, *v, key, *flat, 0);
    }
    std::string out;
    for (const gotmpl::Entry& e : flat->entries()) {
      out += fmt::format("{}\n{}\n", e.key, e.value.as_string());
    }
    return out;
  }

  bool MergeSets(const yaml::Node& merge, std::uint32_t depth, ParamList& out) {
    auto generators = ItemsAt(&merge, {"generators"});
    std::vector<std::string> keys;
    for (const yaml::Node* key : ItemsAt(&merge, {"mergeKeys"})) keys.push_back(TextOf(key));
    if (generators.size() < 2) return Fault(merge.span, "a merge has two or more generators");
    if (keys.empty()) return Fault(merge.span, "a merge needs mergeKeys");
    ParamList base;
    if (!Run(*generators[0], nullptr, depth + 1, base)) return false;
    for (Params& params : base) params = Copy(*params);
    for (std::size_t i = 1; i < generators.size(); ++i) {
      ParamList over;
      if (!Run(*generators[i], nullptr, depth + 1, over)) return false;
      std::map<std::string, Params> by_key;
      for (Params params : over) {
        if (!by_key.emplace(KeyOf(*params, keys), params).second) {
          return Fault(generators[i]->span, "two sets of parameters have the same mergeKeys");
        }
      }
      for (Params params : base) {
        auto found = by_key.find(KeyOf(*params, keys));
        if (found == by_key.end()) continue;
        if (renderer_.go()) {
          Join(*params, *found->second, true, 0);
          continue;
        }
        for (const gotmpl::Entry& e : found->second->entries()) {
          params->Set(heap_, e.key, e.value);
        }
      }
    }
    for (Params params : base) {
      if (!Put(out, params, merge.span)) return true;
    }
    return true;
  }

  // --- selector ---

  void Select(const yaml::Node* selector, ParamList& params) {
    if (selector == nullptr) return;
    std::erase_if(params, [&](Params one) {
      gotmpl::Map* flat = heap_.MakeMap();
      Flatten(heap_, gotmpl::Value::Of(one), "", *flat, 0);
      return !Selected(*selector, *flat);
    });
  }

  static bool Selected(const yaml::Node& selector, const gotmpl::Map& labels) {
    auto value = [&](std::string_view key) {
      const gotmpl::Value* v = labels.Find(key);
      return v != nullptr ? std::optional(std::string(v->as_string())) : std::nullopt;
    };
    if (const yaml::Node* match = At(&selector, {"matchLabels"})) {
      for (const yaml::Entry& e : match->entries) {
        if (value(e.key) != TextOf(e.value)) return false;
      }
    }
    for (const yaml::Node* e : ItemsAt(&selector, {"matchExpressions"})) {
      auto actual = value(TextAt(e, {"key"}));
      auto values = ItemsAt(e, {"values"});
      bool in = actual && std::ranges::any_of(
                              values, [&](const yaml::Node* v) { return TextOf(v) == *actual; });
      std::string op = TextAt(e, {"operator"});
      bool ok = op == "In"             ? in
                : op == "NotIn"        ? !in
                : op == "Exists"       ? actual.has_value()
                : op == "DoesNotExist" ? !actual.has_value()
                                       : false;
      if (!ok) return false;
    }
    return true;
  }

  Follower& follower_;
  const yaml::Node& object_;
  TemplateRenderer& renderer_;
  gotmpl::Heap& heap_;
  std::map<std::string, const yaml::Node*> parsed_;  // files by their paths
  std::size_t made_ = 0;
  bool told_ = false;
};

}  // namespace

std::vector<ParamSet> GenerateParams(Follower& follower, const yaml::Node& object,
                                     TemplateRenderer& renderer) {
  std::vector<ParamSet> out;
  Generators generators(follower, object, renderer);
  for (const yaml::Node* generator : ItemsAt(&object, {"spec", "generators"})) {
    ParamList params;
    if (!generators.Run(*generator, nullptr, 1, params)) continue;
    const yaml::Node* tmpl = nullptr;
    for (const yaml::Entry& e : generator->entries) {
      if (const yaml::Node* own = At(e.value, {"template"})) tmpl = own;
    }
    for (Params one : params) out.push_back({one, tmpl});
  }
  return out;
}

}  // namespace plumbline::gitops
