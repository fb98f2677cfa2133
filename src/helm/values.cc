#include "helm/values.h"

#include <fmt/format.h>

#include <algorithm>

#include "gotmpl/format.h"
#include "helm/yaml_values.h"

namespace plumbline::helm {
namespace {

using gotmpl::Heap;
using gotmpl::Map;

constexpr std::string_view kGlobal = "global";
constexpr int kMaxDepth = 512;

// A later file's mappings are merged into an earlier one's; everything else is replaced.
void MergeFile(Heap& heap, Map& into, Map& from, int depth) {
  if (depth > kMaxDepth) return;
  for (const gotmpl::Entry& e : from.entries()) {
    gotmpl::Value* old = into.Find(e.key);
    if (old != nullptr && old->is_map() && e.value.is_map()) {
      MergeFile(heap, old->map(), e.value.map(), depth + 1);
    } else {
      into.Set(heap, e.key, e.value);
    }
  }
}

Result<Map*> ReadValuesFile(const LoadOptions& o, const std::string& path) {
  auto text = o.fs.ReadFile(path, o.limits.max_file_bytes);
  if (!text) return Fail(fmt::format("open {}", text.error().message));
  FileId id = o.sources.AddShared(ShownBelow(o.base_dir, path), std::move(*text));
  YamlReading read = ReadYaml(o.heap, id, o.sources.Text(id));
  if (!read.error.empty()) return Fail(fmt::format("failed to parse {}: {}", path, read.error));
  gotmpl::Value v = read.value;
  if (v.is_nil()) return o.heap.MakeMap();
  if (!v.is_map()) return Fail(fmt::format("failed to parse {}: {}", path, NotAMap(v)));
  return &v.map();
}

Result<void> MergeLayer(const LoadOptions& o, const ValuesLayer& layer, Map& into) {
  if (layer.node == nullptr) {
    PL_TRY(Map * file, ReadValuesFile(o, layer.file));
    MergeFile(o.heap, into, *file, 0);
    return {};
  }
  YamlReading read = ValueOfYaml(o.heap, *layer.node, o.sources);
  if (!read.error.empty()) return Fail(fmt::format("failed to parse values: {}", read.error));
  if (read.value.is_map()) MergeFile(o.heap, into, read.value.map(), 0);
  return {};
}

class Coalescer {
 public:
  Coalescer(Heap& heap, std::vector<std::string>* warnings) : heap_(heap), warnings_(warnings) {}

  Result<void> Run(const Chart& chart, Map& values, bool merge) {
    AddDefaults(chart, values, merge);
    for (const auto& below : chart.dependencies) {
      gotmpl::Value* own = values.Find(below->name);
      if (own == nullptr) {
        values.Set(heap_, heap_.Text(below->name), gotmpl::Value::Of(heap_.MakeMap()));
        own = values.Find(below->name);
      } else if (!own->is_map()) {
        return Fail(fmt::format("type mismatch on {}: {}", below->name,
                                gotmpl::Sprintf("%t", std::span<const gotmpl::Value>(own, 1))));
      }
      AddGlobals(own->map(), values);
      PL_CHECK_OK(Run(*below, own->map(), merge));
    }
    return {};
  }

  void Tables(Map& into, Map& from, bool merge, int depth = 0) {
    if (depth > kMaxDepth) return;
    // A null deletes a default; where there is none it stays.
    std::vector<std::string_view> deleted;
    for (const gotmpl::Entry& e : into.entries()) {
      if (!e.value.is_nil()) continue;
      const gotmpl::Value* given = from.Find(e.key);
      if (given != nullptr && !given->is_nil() && !merge) deleted.push_back(e.key);
    }
    for (const gotmpl::Entry& e : into.entries()) {
      if (e.value.is_nil()) from.Set(heap_, e.key, gotmpl::Value::Nil());
    }
    for (std::string_view key : deleted) into.Remove(key);
    for (const gotmpl::Entry& e : from.entries()) {
      gotmpl::Value* old = into.Find(e.key);
      if (old == nullptr) {
        if (!std::ranges::binary_search(deleted, e.key)) into.Set(heap_, e.key, e.value);
      } else if (e.value.is_map()) {
        if (old->is_map()) {
          Tables(old->map(), e.value.map(), merge, depth + 1);
        } else {
          Warn(fmt::format("cannot overwrite table with non table for {}", e.key));
        }
      } else if (old->is_map() && !e.value.is_nil()) {
        Warn(fmt::format("destination for {} is a table. Ignoring non-table value", e.key));
      }
    }
  }

 private:
  void Warn(std::string text) {
    if (warnings_ != nullptr) warnings_->push_back(std::move(text));
  }

  void AddDefaults(const Chart& chart, Map& values, bool merge) {
    Map& defaults = gotmpl::DeepCopy(heap_, gotmpl::Value::Of(chart.values)).map();
    for (const gotmpl::Entry& e : defaults.entries()) {
      gotmpl::Value* given = values.Find(e.key);
      if (given == nullptr) {
        values.Set(heap_, e.key, e.value);
      } else if (given->is_nil() && !merge) {
        values.Remove(e.key);
      } else if (given->is_map()) {
        if (e.value.is_map()) {
          bool is_chart = std::ranges::any_of(chart.dependencies,
                                              [&](const auto& d) { return d->name == e.key; });
          Tables(given->map(), e.value.map(), merge || is_chart);
        } else if (!e.value.is_nil()) {
          Warn(fmt::format("skipped value for {}.{}: Not a table.", chart.name, e.key));
        }
      }
    }
  }

  // A parent's globals win over those of the charts below it.
  void AddGlobals(Map& into, Map& from) {
    gotmpl::Value* old = into.Find(kGlobal);
    gotmpl::Value* given = from.Find(kGlobal);
    if (old != nullptr && !old->is_map())
      return Warn("skipping globals because destination global is not a table.");
    if (given != nullptr && !given->is_map())
      return Warn("skipping globals because source global is not a table.");
    Map* mine = old != nullptr ? &old->map() : heap_.MakeMap();
    if (given != nullptr) {
      for (const gotmpl::Entry& e : given->map().entries()) {
        gotmpl::Value* have = mine->Find(e.key);
        if (!e.value.is_map()) {
          if (have == nullptr || !have->is_map()) mine->Set(heap_, e.key, e.value);
          continue;
        }
        // The top level of the table is copied, what lies below is shared.
        Map* copy = heap_.MakeMap();
        for (const gotmpl::Entry& inner : e.value.map().entries())
          copy->Set(heap_, inner.key, inner.value);
        if (have != nullptr && !have->is_map()) {
          Warn(fmt::format("Conflict: cannot merge map onto non-map for {}. Skipping.", e.key));
          continue;
        }
        if (have != nullptr) Tables(*copy, have->map(), true);
        mine->Set(heap_, e.key, gotmpl::Value::Of(copy));
      }
    }
    into.Set(heap_, kGlobal, gotmpl::Value::Of(mine));
  }

  Heap& heap_;
  std::vector<std::string>* warnings_;
};

}  // namespace

Result<Map*> ReadUserValues(const LoadOptions& options, const ValueOptions& values) {
  Map* out = options.heap.MakeMap();
  for (const std::string& path : values.files)
    PL_CHECK_OK(MergeLayer(options, {path, nullptr}, *out));
  for (const ValuesLayer& layer : values.layers) PL_CHECK_OK(MergeLayer(options, layer, *out));
  auto apply = [&](const std::vector<std::string>& texts, SetKind kind,
                   std::string_view flag) -> Result<void> {
    for (const std::string& text : texts) {
      if (auto ok = ApplySet(options, *out, text, kind); !ok) {
        if (kind == SetKind::kJson)
          return Fail(fmt::format("failed parsing --set-json data {}", text));
        return Fail(fmt::format("failed parsing {} data: {}", flag, ok.error().message));
      }
    }
    return {};
  };
  PL_CHECK_OK(apply(values.json, SetKind::kJson, "--set-json"));
  PL_CHECK_OK(apply(values.set, SetKind::kTyped, "--set"));
  PL_CHECK_OK(apply(values.set_string, SetKind::kString, "--set-string"));
  PL_CHECK_OK(apply(values.set_file, SetKind::kFile, "--set-file"));
  PL_CHECK_OK(apply(values.set_literal, SetKind::kLiteral, "--set-literal"));
  return out;
}

void CoalesceTables(Heap& heap, Map& into, Map& from, bool merge) {
  Coalescer(heap, nullptr).Tables(into, from, merge);
}

Result<void> Coalesce(Heap& heap, const Chart& chart, Map& values, bool merge,
                      std::vector<std::string>* warnings) {
  return Coalescer(heap, warnings).Run(chart, values, merge);
}

Map* FindTable(Map& values, std::string_view path) {
  Map* at = &values;
  while (!path.empty()) {
    std::size_t dot = std::min(path.find('.'), path.size());
    gotmpl::Value* v = at->Find(path.substr(0, dot));
    if (v == nullptr || !v->is_map()) return nullptr;
    at = &v->map();
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return at;
}

const gotmpl::Value* FindPath(Map& values, std::string_view path) {
  std::size_t dot = path.rfind('.');
  Map* table = &values;
  if (dot != std::string_view::npos) {
    table = FindTable(values, path.substr(0, dot));
    path.remove_prefix(dot + 1);
  }
  const gotmpl::Value* v = table != nullptr ? table->Find(path) : nullptr;
  return v != nullptr && !v->is_map() ? v : nullptr;
}

}  // namespace plumbline::helm
