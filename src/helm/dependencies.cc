// Which of a chart's dependencies take part, under which names, and what they hand up: tags,
// conditions, aliases, import-values. Helm copies charts and tables only in part on the way, and
// what stays shared shows in the result; so the same is shared here.
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
using Declared = std::vector<std::shared_ptr<Dependency>>;

constexpr int kMaxDepth = 64;

bool Fits(const Dependency& d, const Chart& chart) {
  return d.name == chart.name && InRange(d.version, chart.version);
}

class Processor {
 public:
  Processor(Heap& heap, std::vector<std::string>* warnings) : heap_(heap), warnings_(warnings) {}

  Result<void> Enable(Chart& chart, Map& values, const std::string& path, int depth) {
    if (!chart.declares || depth > kMaxDepth) return {};
    TakeDeclared(chart);
    Map& all = gotmpl::DeepCopy(heap_, gotmpl::Value::Of(&values)).map();
    PL_CHECK_OK(Coalesce(heap_, chart, all, false, nullptr));
    ApplyTags(chart.declared, all);
    ApplyConditions(chart.declared, all, path);
    std::set<std::string> off;
    for (const auto& d : chart.declared) {
      if (!d->enabled) off.insert(d->name);
    }
    std::erase_if(chart.dependencies, [&](const auto& c) { return off.contains(c->name); });
    std::erase_if(chart.declared, [&](const auto& d) { return off.contains(d->name); });
    for (auto& below : chart.dependencies)
      PL_CHECK_OK(Enable(*below, all, fmt::format("{}{}.", path, below->name), depth + 1));
    for (auto& below : chart.dependencies) below->parent = &chart;
    chart.declares = !chart.declared.empty();
    return {};
  }

  Result<void> Import(Chart& chart, int depth) {
    if (depth > kMaxDepth) return {};
    for (auto& below : chart.dependencies) PL_CHECK_OK(Import(*below, depth + 1));
    if (!chart.declares) return {};
    Map& all = *heap_.MakeMap();
    PL_CHECK_OK(Coalesce(heap_, chart, all, true, nullptr));
    Map& imported = *heap_.MakeMap();
    for (const auto& d : chart.declared) ImportFrom(*d, all, imported);
    // What the parent says itself wins over what it imports.
    Map& merged = gotmpl::DeepCopy(heap_, gotmpl::Value::Of(&all)).map();
    CoalesceTables(heap_, merged, imported, true);
    chart.values = &merged;
    return {};
  }

 private:
  void Warn(std::string text) {
    if (warnings_ != nullptr) warnings_->push_back(std::move(text));
  }

  // Dependencies in the order of Chart.yaml, each under its alias; those that are not declared come
  // first.
  static void TakeDeclared(Chart& chart) {
    std::vector<std::shared_ptr<Chart>> out;
    for (auto& below : chart.dependencies) {
      bool declared =
          std::ranges::any_of(chart.declared, [&](const auto& d) { return Fits(*d, *below); });
      if (!declared) out.push_back(below);
    }
    for (auto& d : chart.declared) {
      auto below =
          std::ranges::find_if(chart.dependencies, [&](const auto& c) { return Fits(*d, *c); });
      if (below != chart.dependencies.end()) {
        auto copy = std::make_shared<Chart>(**below);
        copy->original = *below;
        if (!d->alias.empty()) copy->name = d->alias;
        out.push_back(std::move(copy));
      }
      if (!d->alias.empty()) d->name = d->alias;
      d->enabled = true;
    }
    for (auto& c : out) c->parent = &chart;
    chart.dependencies = std::move(out);
  }

  void ApplyTags(Declared& declared, Map& values) {
    Map* tags = FindTable(values, "tags");
    if (tags == nullptr) return;
    for (auto& d : declared) {
      bool on = false, off = false;
      for (const std::string& tag : d->tags) {
        const gotmpl::Value* v = tags->Find(tag);
        if (v == nullptr) continue;
        if (v->kind() == gotmpl::Kind::kBool) {
          (v->as_bool() ? on : off) = true;
        } else {
          Warn(fmt::format("Tag '{}' for chart {} returned non-bool value", tag, d->name));
        }
      }
      d->enabled = on || !off;
    }
  }

  // The first of the conditions that names a bool decides, over the tags.
  void ApplyConditions(Declared& declared, Map& values, const std::string& path) {
    for (auto& d : declared) {
      std::string_view rest = d->condition;
      while (rest.starts_with(' ')) rest.remove_prefix(1);
      while (rest.ends_with(' ')) rest.remove_suffix(1);
      while (!rest.empty()) {
        std::size_t comma = std::min(rest.find(','), rest.size());
        std::string_view condition = rest.substr(0, comma);
        rest.remove_prefix(std::min(comma + 1, rest.size()));
        if (condition.empty()) continue;
        const gotmpl::Value* v = FindPath(values, path + std::string(condition));
        if (v == nullptr) continue;
        if (v->kind() == gotmpl::Kind::kBool) {
          d->enabled = v->as_bool();
          break;
        }
        Warn(fmt::format("Condition path '{}' for chart {} returned non-bool value", condition,
                         d->name));
      }
    }
  }

  // {a: {b: table}} for the path "a.b"; "." is the top.
  Map* Nest(std::string_view path, Map* table) {
    if (path == ".") return table;
    while (true) {
      std::size_t dot = path.rfind('.');
      Map* outer = heap_.MakeMap();
      outer->Set(heap_, heap_.Text(path.substr(dot == std::string_view::npos ? 0 : dot + 1)),
                 gotmpl::Value::Of(table));
      if (dot == std::string_view::npos) return outer;
      table = outer;
      path = path.substr(0, dot);
    }
  }

  void ImportFrom(Dependency& d, Map& all, Map& imported) {
    if (!d.import_values.is_list()) return;
    std::vector<gotmpl::Value> known;
    for (gotmpl::Value v : d.import_values.list().items) {
      std::string child, parent = ".";
      if (v.is_string()) {
        child = fmt::format("exports.{}", v.as_string());
      } else if (v.is_map()) {
        auto text = [&](std::string_view key) {
          const gotmpl::Value* found = v.map().Find(key);
          return found != nullptr ? gotmpl::Sprint(*found) : std::string("<nil>");
        };
        child = text("child");
        parent = text("parent");
      } else {
        continue;
      }
      Map* said = heap_.MakeMap(gotmpl::Element::kString);
      said->Set(heap_, "child", heap_.String(child));
      said->Set(heap_, "parent", heap_.String(parent));
      known.push_back(gotmpl::Value::Of(said));
      if (Map* table = FindTable(all, fmt::format("{}.{}", d.name, child))) {
        CoalesceTables(heap_, imported, *Nest(parent, table), true);
      } else {
        Warn(fmt::format("ImportValues missing table from chart {}: {}", d.name, child));
      }
    }
    d.import_values = heap_.MakeList(known);
  }

  Heap& heap_;
  std::vector<std::string>* warnings_;
};

}  // namespace

Result<void> ProcessDependencies(Heap& heap, Chart& chart, Map& values,
                                 std::vector<std::string>* warnings) {
  Processor processor(heap, warnings);
  PL_CHECK_OK(processor.Enable(chart, values, "", 0));
  return processor.Import(chart, 0);
}

std::vector<std::string> MissingDependencies(const Chart& chart) {
  std::vector<std::string> out;
  for (const auto& d : chart.declared) {
    bool there =
        std::ranges::any_of(chart.dependencies, [&](const auto& c) { return c->name == d->name; });
    if (!there) out.push_back(d->name);
  }
  return out;
}

}  // namespace plumbline::helm
