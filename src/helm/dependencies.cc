// Which of a chart's dependencies take part, under which names, and what they hand up: tags,
// conditions, aliases, import-values.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "gotmpl/format.h"
#include "helm/functions/functions.h"
#include "helm/values.h"

namespace plumbline::helm {
namespace {

using gotmpl::Heap;
using gotmpl::Map;

bool Fits(const Dependency& d, const Chart& chart) {
  return d.name == chart.name && InRange(d.version, chart.version);
}

void ApplyTags(std::vector<Dependency>& declared, Map& values) {
  Map* tags = FindTable(values, "tags");
  if (tags == nullptr) return;
  for (Dependency& d : declared) {
    bool on = false, off = false;
    for (const std::string& tag : d.tags) {
      const gotmpl::Value* v = tags->Find(tag);
      if (v == nullptr || v->kind() != gotmpl::Kind::kBool) continue;
      (v->as_bool() ? on : off) = true;
    }
    d.enabled = on || !off;
  }
}

// The first of the conditions that names a bool decides, over the tags.
void ApplyConditions(std::vector<Dependency>& declared, Map& values, const std::string& path) {
  for (Dependency& d : declared) {
    std::string_view rest = d.condition;
    while (rest.starts_with(' ')) rest.remove_prefix(1);
    while (rest.ends_with(' ')) rest.remove_suffix(1);
    while (!rest.empty()) {
      std::size_t comma = std::min(rest.find(','), rest.size());
      std::string_view condition = rest.substr(0, comma);
      rest.remove_prefix(std::min(comma + 1, rest.size()));
      if (condition.empty()) continue;
      const gotmpl::Value* v = FindPath(values, path + std::string(condition));
      if (v == nullptr || v->kind() != gotmpl::Kind::kBool) continue;
      d.enabled = v->as_bool();
      break;
    }
  }
}

// Dependencies in the order of Chart.yaml, each under its alias; those that are not declared come
// first.
void TakeDeclared(Chart& chart) {
  std::vector<std::unique_ptr<Chart>> out;
  for (auto& below : chart.dependencies) {
    bool declared =
        std::ranges::any_of(chart.declared, [&](const Dependency& d) { return Fits(d, *below); });
    if (!declared) out.push_back(CopyChart(*below));
  }
  for (Dependency& d : chart.declared) {
    auto below =
        std::ranges::find_if(chart.dependencies, [&](const auto& c) { return Fits(d, *c); });
    if (below != chart.dependencies.end()) {
      auto copy = CopyChart(**below);
      if (!d.alias.empty()) copy->name = d.alias;
      out.push_back(std::move(copy));
    }
    if (!d.alias.empty()) d.name = d.alias;
    d.enabled = true;
  }
  for (auto& c : out) c->parent = &chart;
  chart.dependencies = std::move(out);
}

Result<void> Enable(Heap& heap, Chart& chart, Map& values, const std::string& path,
                    std::vector<std::string>* warnings) {
  if (chart.declared.empty()) return {};
  TakeDeclared(chart);
  Map& all = gotmpl::DeepCopy(heap, gotmpl::Value::Of(&values)).map();
  PL_CHECK_OK(Coalesce(heap, chart, all, false, nullptr));
  ApplyTags(chart.declared, all);
  ApplyConditions(chart.declared, all, path);
  std::set<std::string> off;
  for (const Dependency& d : chart.declared) {
    if (!d.enabled) off.insert(d.name);
  }
  std::erase_if(chart.dependencies, [&](const auto& c) { return off.contains(c->name); });
  std::erase_if(chart.declared, [](const Dependency& d) { return !d.enabled; });
  for (auto& below : chart.dependencies)
    PL_CHECK_OK(Enable(heap, *below, all, fmt::format("{}{}.", path, below->name), warnings));
  return {};
}

// {a: {b: table}} for the path "a.b"; "." and "" are the top.
Map* Nest(Heap& heap, std::string_view path, Map* table) {
  if (path.empty() || path == ".") return table;
  std::size_t dot = path.rfind('.');
  Map* outer = heap.MakeMap();
  outer->Set(heap, heap.Text(path.substr(dot == std::string_view::npos ? 0 : dot + 1)),
             gotmpl::Value::Of(table));
  return dot == std::string_view::npos ? outer : Nest(heap, path.substr(0, dot), outer);
}

Map& Copied(Heap& heap, Map& map) { return gotmpl::DeepCopy(heap, gotmpl::Value::Of(&map)).map(); }

Result<void> Import(Heap& heap, Chart& chart, std::vector<std::string>* warnings) {
  for (auto& below : chart.dependencies) PL_CHECK_OK(Import(heap, *below, warnings));
  if (chart.declared.empty()) return {};
  Map& all = *heap.MakeMap();
  PL_CHECK_OK(Coalesce(heap, chart, all, true, nullptr));
  Map& imported = *heap.MakeMap();
  auto take = [&](const std::string& child, std::string_view parent) {
    Map* table = FindTable(all, child);
    if (table == nullptr) {
      if (warnings != nullptr)
        warnings->push_back(
            fmt::format("ImportValues missing table from chart {}: {}", chart.name, child));
      return;
    }
    CoalesceTables(heap, imported, *Nest(heap, parent, &Copied(heap, *table)), true);
  };
  for (const Dependency& d : chart.declared) {
    if (!d.import_values.is_list()) continue;
    for (gotmpl::Value v : d.import_values.list().items) {
      if (v.is_string()) {
        take(fmt::format("{}.exports.{}", d.name, v.as_string()), "");
      } else if (v.is_map()) {
        auto text = [&](std::string_view key) {
          const gotmpl::Value* found = v.map().Find(key);
          return found != nullptr ? gotmpl::Sprint(*found) : std::string("<nil>");
        };
        take(fmt::format("{}.{}", d.name, text("child")), text("parent"));
      }
    }
  }
  // What the parent says itself wins over what it imports.
  Map& merged = Copied(heap, all);
  CoalesceTables(heap, merged, imported, true);
  chart.values = &merged;
  return {};
}

}  // namespace

Result<void> ProcessDependencies(Heap& heap, Chart& chart, Map& values,
                                 std::vector<std::string>* warnings) {
  PL_CHECK_OK(Enable(heap, chart, values, "", warnings));
  return Import(heap, chart, warnings);
}

std::vector<std::string> MissingDependencies(const Chart& chart) {
  std::vector<std::string> out;
  for (const Dependency& d : chart.declared) {
    bool there =
        std::ranges::any_of(chart.dependencies, [&](const auto& c) { return c->name == d.name; });
    if (!there) out.push_back(d.name);
  }
  return out;
}

}  // namespace plumbline::helm
