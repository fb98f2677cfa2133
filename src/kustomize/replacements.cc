// The `replacements` field: a value of one resource copied into fields of others.
#include <algorithm>

#include "kustomize/selector.h"
#include "kustomize/transformers.h"

namespace plumbline::kustomize {
namespace {

using Path = std::vector<std::string>;

bool IsIndex(const std::string& part) {
  std::size_t index = 0;
  return ParseIndex(part, index);
}

// Finds (or creates) the fields that a path leads to; `*` and `[key=regex]` lead to many.
class PathMatcher {
 public:
  PathMatcher(Pool& pool, const Path& path, std::optional<Creation> creation)
      : pool_(pool), path_(path), creation_(creation) {}

  Result<std::vector<Node*>> Match(Node* root) {
    PL_CHECK_OK(Step(root, 0));
    return std::move(found_);
  }

 private:
  Result<void> Step(Node* at, std::size_t i) {
    if (i == path_.size()) {
      found_.push_back(at);
      return {};
    }
    const std::string& part = path_[i];
    if (IsIndex(part)) return Index(at, i);
    if (IsListMatch(part)) return List(at, i);
    if (part != "*") return Key(at, i);
    PL_CHECK_OK(WantSequence(at, part));
    if (IsNull(at)) return {};
    std::vector<Node*> items = at->items;
    for (Node* item : items) PL_CHECK_OK(Step(item, i + 1));
    return {};
  }

  static Result<void> WantSequence(const Node* at, const std::string& part) {
    if (IsNull(at) || at->is_sequence()) return {};
    return Fail("wrong node kind: expected a sequence at \"" + part + "\" but got a " +
                std::string(ShapeName(at->shape)));
  }

  // The shape of what is created for part i: what part i + 1 needs.
  Node* Create(std::size_t i) {
    Shape shape = Shape::kMapping;
    if (i + 1 >= path_.size()) {
      shape = creation_->shape;
    } else if (IsListMatch(path_[i + 1]) || IsIndex(path_[i + 1])) {
      shape = Shape::kSequence;
    }
    return pool_.New(shape, creation_->span);
  }

  Result<void> Key(Node* at, std::size_t i) {
    if (IsNull(at)) return {};
    if (!at->is_mapping()) {
      return Fail("wrong node kind: expected a mapping for the key \"" + path_[i] +
                  "\" but got a " + std::string(ShapeName(at->shape)));
    }
    Node* field = Get(at, path_[i]);
    if (field == nullptr && creation_) {
      field = Create(i);
      at->fields.push_back({pool_.Keep(path_[i]), creation_->span, field});
    }
    return field != nullptr ? Step(field, i + 1) : Result<void>();
  }

  Result<void> Index(Node* at, std::size_t i) {
    std::size_t index = 0;
    ParseIndex(path_[i], index);
    PL_CHECK_OK(WantSequence(at, path_[i]));
    if (index == at->items.size() && creation_) at->items.push_back(Create(i));
    if (index >= at->items.size()) {
      return Fail("index " + path_[i] + " specified but only " + std::to_string(at->items.size()) +
                  " elements found");
    }
    return Step(at->items[index], i + 1);
  }

  Result<void> List(Node* at, std::size_t i) {
    PL_TRY(auto match, SplitListMatch(path_[i]));
    PL_CHECK_OK(WantSequence(at, path_[i]));
    if (IsNull(at)) return {};
    std::size_t before = found_.size();
    PL_CHECK_OK(ListItems(at, i, match.first, match.second));
    if (found_.size() != before || !creation_) return {};
    Node* text = pool_.NewScalar(pool_.Keep(match.second), Tag::kNone, creation_->span);
    Node* item = text;
    if (!match.first.empty()) {
      item = pool_.New(Shape::kMapping, creation_->span);
      item->fields.push_back({pool_.Keep(match.first), creation_->span, text});
    }
    at->items.push_back(item);
    return ListItems(at, i, match.first, match.second);
  }

  Result<void> ListItems(Node* at, std::size_t i, const std::string& key,
                         const std::string& pattern) {
    std::vector<Node*> items = at->items;
    std::optional<Matcher> matches;
    for (Node* item : items) {
      Node* value = key.empty() ? item : Get(item, key);
      if (value == nullptr || !value->is_scalar()) continue;
      if (!matches) {
        PL_TRY(matches, MakeMatcher(pattern, false));
      }
      if (!(*matches)(value->text)) continue;
      if (key.empty()) {
        found_.push_back(item);
      } else {
        PL_CHECK_OK(Step(item, i + 1));
      }
    }
    return {};
  }

  Pool& pool_;
  const Path& path_;
  std::optional<Creation> creation_;
  std::vector<Node*> found_;
};

std::vector<std::string> SplitText(std::string_view text, std::string_view delimiter) {
  std::vector<std::string> out;
  while (true) {
    std::size_t end = text.find(delimiter);
    out.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + delimiter.size());
  }
}

class Run {
 public:
  Run(Context& context, ResMap& resources, const Replacement& replacement)
      : context_(context), resources_(resources), replacement_(replacement) {}

  Result<void> Apply() {
    context_.fault = replacement_.span;
    if (!replacement_.has_source || !replacement_.has_targets) {
      return Fail("replacements must specify a source and at least one target");
    }
    auto found = Source();
    bool incomplete = resources_.lacks_resources || resources_.lacks_changes;
    if (!found && incomplete) return {};
    PL_TRY(Node * value, std::move(found));
    for (const ReplacementTarget& target : replacement_.targets) {
      PL_CHECK_OK(ApplyTo(target, value));
    }
    return {};
  }

 private:
  // The current id counts first, then the former ones.
  std::vector<ResId> Ids(const Resource& r) const {
    std::vector<ResId> ids = {r.CurId(context_.schema)};
    ids[0].cluster_scoped = false;
    for (ResId& id : r.PrevIds(context_.schema)) ids.push_back(std::move(id));
    return ids;
  }

  static bool Selected(const std::vector<ResId>& ids, const Selector& selector) {
    return std::ranges::any_of(ids,
                               [&](const ResId& id) { return id.IsSelectedBy(selector.id()); });
  }

  Result<Node*> Source() {
    Node* root = nullptr;
    for (const ResourcePtr& r : resources_.list) {
      if (!Selected(Ids(*r), replacement_.source)) continue;
      if (root != nullptr) {
        return Fail("multiple matches for selector " + replacement_.source.id().ToString());
      }
      root = r->root;
    }
    if (root == nullptr) return Fail("nothing selected by " + replacement_.source.id().ToString());
    std::string path =
        replacement_.source_path.empty() ? "metadata.name" : replacement_.source_path;
    auto found = Lookup(root, SplitFieldPath(path));
    if (!found) return Fail("error looking up replacement source: " + found.error().message);
    if (IsNullOrEmpty(*found)) {
      return Fail("fieldPath `" + path + "` is missing for replacement source " +
                  replacement_.source.id().ToString());
    }
    return Refine(context_.pool.Copy(*found));
  }

  Result<Node*> Refine(Node* value) {
    const FieldOptions& options = replacement_.source_options;
    if (options.delimiter.empty()) return value;
    if (!value->is_scalar()) return Fail("delimiter option can only be used with scalar nodes");
    auto parts = SplitText(value->text, options.delimiter);
    if (options.index < 0 || options.index >= static_cast<std::int64_t>(parts.size())) {
      return Fail("options.index " + std::to_string(options.index) +
                  " is out of bounds for value " + std::string(value->text));
    }
    value->text = context_.pool.Keep(parts[static_cast<std::size_t>(options.index)]);
    return value;
  }

  static Result<bool> MatchesStrings(const Resource& r, const Selector& s) {
    PL_TRY(bool annotations, MatchesSelector(r.StringsAt("annotations"), s.annotation_selector));
    PL_TRY(bool labels, MatchesSelector(r.StringsAt("labels"), s.label_selector));
    return annotations && labels;
  }

  Result<bool> Wanted(const Resource& r, const ReplacementTarget& target) {
    PL_TRY(bool strings, MatchesStrings(r, *target.select));
    if (!strings) return false;
    std::vector<ResId> ids = Ids(r);
    if (!Selected(ids, *target.select)) return false;
    for (const Selector& reject : target.reject) {
      if (!reject.annotation_selector.empty() || !reject.label_selector.empty()) {
        PL_TRY(bool rejected, MatchesStrings(r, reject));
        if (rejected) return false;
      }
      if (!reject.empty_id() && Selected(ids, reject)) return false;
    }
    return true;
  }

  Result<void> ApplyTo(const ReplacementTarget& target, Node* value) {
    if (!target.select) return Fail("target must specify resources to select");
    std::vector<std::string> paths = target.field_paths;
    if (paths.empty()) paths = {"metadata.name"};
    for (const ResourcePtr& r : resources_.list) {
      PL_TRY(bool wanted, Wanted(*r, target));
      if (!wanted) continue;
      for (const std::string& path : paths) PL_CHECK_OK(CopyTo(*r, path, target.options, value));
      PL_CHECK_OK(context_.pool.Check(r->root));
    }
    return {};
  }

  Result<void> CopyTo(Resource& r, const std::string& path, const FieldOptions& options,
                      Node* value) {
    std::optional<Creation> creation;
    if (options.create) creation = Creation{value->shape, Tag::kNone, value->span};
    Path parts = SplitFieldPath(path);
    auto fields = PathMatcher(context_.pool, parts, creation).Match(r.root);
    std::string where = options.create ? "unable to find or create field \"" + path + "\""
                                       : "unable to find field \"" + path + "\"";
    where += " in replacement target";
    if (!fields) return Fail(where + ": " + fields.error().message);
    if (fields->empty() && resources_.lacks_changes) return {};
    if (fields->empty()) return Fail(where);
    for (Node* field : *fields) PL_CHECK_OK(SetValue(options, field, value));
    return {};
  }

  Result<void> SetValue(const FieldOptions& options, Node* field, const Node* value) {
    Node* copy = context_.pool.Copy(value);
    if (!options.delimiter.empty()) {
      if (!field->is_scalar()) return Fail("delimiter option can only be used with scalar nodes");
      auto parts = SplitText(field->text, options.delimiter);
      std::string text(TextOf(value));
      if (options.index < 0) {
        parts.insert(parts.begin(), text);
      } else if (options.index >= static_cast<std::int64_t>(parts.size())) {
        parts.push_back(text);
      } else {
        parts[static_cast<std::size_t>(options.index)] = text;
      }
      std::string joined = parts[0];
      for (std::size_t i = 1; i < parts.size(); ++i) joined += options.delimiter + parts[i];
      copy->text = context_.pool.Keep(joined);
    }
    if (field->is_scalar()) {
      // Only the text: the field keeps its type, so that a number written as text stays text.
      field->text = copy->is_scalar() ? copy->text : std::string_view();
      field->span = copy->span;
      field->from = copy->from;
    } else {
      *field = *copy;
    }
    return {};
  }

  Context& context_;
  ResMap& resources_;
  const Replacement& replacement_;
};

}  // namespace

Result<TransformFn> ReplacementTransformer(Context& context, const Loader& loader,
                                           const std::vector<Replacement>& replacements) {
  std::vector<Replacement> all;
  for (const Replacement& r : replacements) {
    if (r.path.empty()) {
      all.push_back(r);
      continue;
    }
    context.fault = r.path.span;
    if (r.has_source || !r.targets.empty()) {
      return Fail("cannot specify both path and inline replacement");
    }
    if (loader.IsAbsent(r.path, MissingKind::kFile)) continue;
    PL_TRY(LoadedFile file, loader.Load(r.path.value));
    PL_TRY(auto documents, context.ParseYaml(file.file, file.text));
    const yaml::Node* root = documents.empty() ? nullptr : documents[0].root;
    if (root == nullptr || root->value.is_null()) {
      return Fail("the replacement file " + r.path.value + " is empty");
    }
    auto read = [](const yaml::Node& n, Replacement& out) {
      return ReadReplacement(n, out, Unknown::kIgnore);
    };
    if (root->value.is_sequence()) {
      PL_CHECK_OK(ReadList(*root, all, read));
    } else {
      PL_CHECK_OK(read(*root, all.emplace_back()));
    }
  }
  return TransformFn([&context, all](ResMap& resources) -> Result<void> {
    for (const Replacement& r : all) PL_CHECK_OK(Run(context, resources, r).Apply());
    return {};
  });
}

}  // namespace plumbline::kustomize
