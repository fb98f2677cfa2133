#include "terraform/plan_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <unordered_map>

#include "terraform/plan.h"
#include "terraform/plan_text.h"
#include "value/json.h"

namespace plumbline::terraform {
namespace {

/// What `resource_changes` adds to a resource.
struct Change {
  bool deleted = false;
  Value unknown, sensitive;
  TextRange object, address, after;
};

class PlanReader {
 public:
  PlanReader(const Limits& limits, PlanFile& plan, Diagnostics& diagnostics)
      : text_(plan.text), limits_(limits), plan_(plan), diagnostics_(diagnostics) {}

  bool Read() {
    if (!ReadTop()) return false;
    if (!CheckVersion()) return false;
    if (planned_.empty() && changes_range_.empty()) {
      return Fail({0, 0}, IsState()
                              ? "this is a state, not a plan: expected \"planned_values\" or "
                                "\"resource_changes\", as `terraform show -json PLANFILE` writes"
                              : "the plan has neither \"planned_values\" nor "
                                "\"resource_changes\"");
    }
    return ReadChanges() && ReadPlanned() && ReadPriorState() && AddUnplanned();
  }

 private:
  bool Fail(TextRange where, std::string message,
            DiagnosticCode code = DiagnosticCode::kParseError) {
    if (!failed_)
      diagnostics_.push_back({code, std::move(message), {plan_.file, where.begin, where.end}});
    failed_ = true;
    return false;
  }

  // The walk met something that is no JSON, or the end of the text.
  bool Broken(const JsonWalk& walk) {
    const bool cut = walk.at() >= text_.size();
    std::uint32_t at = std::min(walk.at(), static_cast<std::uint32_t>(text_.size()));
    return Fail({at, at},
                cut ? "the plan is cut short: expected the rest of a JSON value, found the "
                      "end of the file"
                    : "the plan is no valid JSON here");
  }

  bool Parse(TextRange range, Value& out) {
    auto value =
        ParseJson(plan_.arena, text_.substr(range.begin, range.end - range.begin), limits_);
    if (!value) return Fail(range, "the plan is no valid JSON here: " + value.error().message);
    out = *value;
    return true;
  }

  std::string_view ParseText(TextRange range) {
    if (text_[range.begin] != '"') return {};
    Value v;
    return Parse(range, v) && v.is_string() ? v.as_string() : std::string_view();
  }

  bool ReadTop() {
    JsonWalk walk(text_, {text_.starts_with("\xEF\xBB\xBF") ? 3u : 0u,
                          static_cast<std::uint32_t>(text_.size())});
    if (!walk.is_object()) return Fail({0, 0}, "expected a plan: a JSON object");
    while (walk.Next()) {
      std::string_view key = walk.key();
      if (key == "format_version") version_ = ParseText(walk.value());
      if (key == "planned_values") planned_ = walk.value();
      if (key == "resource_changes") changes_range_ = walk.value();
      if (key == "prior_state") prior_ = walk.value();
      if (key == "values") state_ = walk.value();
      if (key == "configuration") plan_.configuration_range = walk.value();
      if (key == "variables") plan_.variables_range = walk.value();
    }
    if (walk.failed()) return Broken(walk);
    std::size_t rest = text_.find_first_not_of(" \t\r\n", walk.at());
    if (rest != std::string_view::npos) {
      auto at = static_cast<std::uint32_t>(rest);
      return Fail({at, at}, "expected the end of the file behind the plan");
    }
    if (!plan_.configuration_range.empty() &&
        !Parse(plan_.configuration_range, plan_.configuration))
      return false;
    return plan_.variables_range.empty() || Parse(plan_.variables_range, plan_.variables);
  }

  bool IsState() const { return !state_.empty(); }

  bool CheckVersion() {
    if (version_.starts_with("1.") || version_ == "0.1" || version_ == "0.2") return true;
    auto at = text_.find("\"format_version\"");
    std::uint32_t begin = at == std::string_view::npos ? 0 : static_cast<std::uint32_t>(at);
    if (version_.empty()) {
      return Fail({begin, begin},
                  "the plan has no \"format_version\"; expected 1.x, as `terraform "
                  "show -json` writes it");
    }
    return Fail(
        {begin, begin},
        fmt::format("the plan's format_version {} is not supported; expected 1.x", version_));
  }

  bool ReadChanges() {
    if (changes_range_.empty()) return true;
    JsonWalk list(text_, changes_range_);
    while (list.Next()) {
      std::string_view address;
      Change change;
      change.object = list.value();
      JsonWalk members(text_, list.value());
      TextRange body;
      while (members.Next()) {
        if (members.key() == "address") {
          address = ParseText(members.value());
          change.address = members.whole();
        }
        if (members.key() == "change") body = members.value();
      }
      if (members.failed()) return Broken(members);
      if (!ReadChange(body, change)) return false;
      // A deposed object of a resource goes; the resource itself has a change of its own.
      if (!FindMember(text_, list.value(), "deposed")) changes_[address] = change;
    }
    return !list.failed() || Broken(list);
  }

  bool ReadChange(TextRange range, Change& out) {
    if (range.empty()) return true;
    JsonWalk walk(text_, range);
    while (walk.Next()) {
      Value actions;
      if (walk.key() == "after") out.after = walk.value();
      if (walk.key() == "after_unknown" && !Parse(walk.value(), out.unknown)) return false;
      if (walk.key() == "after_sensitive" && !Parse(walk.value(), out.sensitive)) return false;
      if (walk.key() != "actions") continue;
      if (!Parse(walk.value(), actions)) return false;
      out.deleted = actions.items().size() == 1 && actions.items()[0].is_string() &&
                    (actions.items()[0].as_string() == "delete" ||
                     actions.items()[0].as_string() == "forget");
    }
    return !walk.failed() || Broken(walk);
  }

  bool ReadPlanned() {
    if (planned_.empty()) return true;
    JsonWalk walk(text_, planned_);
    TextRange root;
    while (walk.Next()) {
      if (walk.key() == "root_module") root = walk.value();
      if (walk.key() != "outputs") continue;
      plan_.outputs_range = walk.value();
      if (!Parse(walk.value(), plan_.outputs)) return false;
    }
    if (walk.failed()) return Broken(walk);
    return root.empty() || ReadModules(root, false);
  }

  // The state before the plan is looked at for data sources only: what managed resources become
  // stands in the plan itself.
  bool ReadPriorState() {
    if (prior_.empty()) return true;
    auto values = FindMember(text_, prior_, "values");
    auto root = values ? FindMember(text_, values->value, "root_module") : std::nullopt;
    return !root || ReadModules(root->value, true);
  }

  // Modules nest: a list of what is still to be read instead of recursion.
  bool ReadModules(TextRange root, bool only_data) {
    struct Open {
      TextRange module;
      std::uint32_t depth;
    };
    std::vector<Open> todo{{root, 0}};
    while (!todo.empty()) {
      Open open = todo.back();
      todo.pop_back();
      if (open.depth > limits_.max_module_depth) {
        return Fail(open.module,
                    fmt::format("modules are nested more than {} deep", limits_.max_module_depth),
                    DiagnosticCode::kLimit);
      }
      JsonWalk walk(text_, open.module);
      std::string_view address;
      TextRange resources, children;
      while (walk.Next()) {
        if (walk.key() == "address") address = ParseText(walk.value());
        if (walk.key() == "resources") resources = walk.value();
        if (walk.key() == "child_modules") children = walk.value();
      }
      if (walk.failed()) return Broken(walk);
      if (!resources.empty() && !ReadResources(resources, address, only_data)) return false;
      if (children.empty()) continue;
      std::vector<Open> inner;
      JsonWalk list(text_, children);
      while (list.Next()) inner.push_back({list.value(), open.depth + 1});
      if (list.failed()) return Broken(list);
      todo.insert(todo.end(), inner.rbegin(), inner.rend());
    }
    return true;
  }

  bool ReadResources(TextRange range, std::string_view module, bool only_data) {
    JsonWalk list(text_, range);
    while (list.Next()) {
      PlannedResource r;
      r.module = module;
      r.object = list.value();
      if (!ReadResource(r)) return false;
      if (only_data && !r.is_data) continue;
      if (!r.values_range.empty() && !Parse(r.values_range, r.values)) return false;
      if (!Add(r)) return false;
    }
    return !list.failed() || Broken(list);
  }

  bool ReadResource(PlannedResource& r) {
    JsonWalk walk(text_, r.object);
    while (walk.Next()) {
      std::string_view key = walk.key();
      if (key == "address") {
        r.address = ParseText(walk.value());
        r.address_range = walk.whole();
      }
      if (key == "mode") r.is_data = ParseText(walk.value()) == "data";
      if (key == "type") r.type = ParseText(walk.value());
      if (key == "name") r.name = ParseText(walk.value());
      if (key == "index" && !Parse(walk.value(), r.key)) return false;
      if (key == "values") r.values_range = walk.value();
      if (key == "sensitive_values" && !Parse(walk.value(), r.sensitive)) return false;
    }
    return (!walk.failed() || Broken(walk)) && !failed_;
  }

  bool Add(PlannedResource& r) {
    if (r.address.empty() || r.type.empty()) return true;
    auto change = changes_.find(r.address);
    if (change != changes_.end()) {
      if (change->second.deleted) return true;
      r.unknown = change->second.unknown;
      if (r.sensitive.is_null()) r.sensitive = change->second.sensitive;
    }
    if (!seen_.emplace(r.address, plan_.resources.size()).second) return true;
    if (plan_.resources.size() >= limits_.max_total_instances) {
      return Fail(r.object,
                  fmt::format("the plan has more than {} resources", limits_.max_total_instances),
                  DiagnosticCode::kLimit);
    }
    plan_.resources.push_back(r);
    return true;
  }

  // A plan that was filtered by hand may hold nothing but the changes.
  bool AddUnplanned() {
    if (!planned_.empty()) return true;
    JsonWalk list(text_, changes_range_);
    while (list.Next()) {
      PlannedResource r;
      r.object = list.value();
      if (!ReadResource(r)) return false;
      auto change = changes_.find(r.address);
      if (change == changes_.end() || change->second.deleted) continue;
      auto module = FindMember(text_, r.object, "module_address");
      if (module) r.module = ParseText(module->value);
      r.values_range = change->second.after;
      if (!r.values_range.empty() && !Parse(r.values_range, r.values)) return false;
      if (!Add(r)) return false;
    }
    return !list.failed() || Broken(list);
  }

  const std::string_view text_;
  const Limits& limits_;
  PlanFile& plan_;
  Diagnostics& diagnostics_;
  bool failed_ = false;
  std::string_view version_;
  TextRange planned_, changes_range_, prior_, state_;
  std::unordered_map<std::string_view, Change> changes_;
  std::unordered_map<std::string_view, std::size_t> seen_;
};

bool IsObject(std::string_view text) {
  std::size_t first = text.find_first_not_of("\xEF\xBB\xBF \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
}

bool Has(std::string_view text, std::string_view what) {
  return text.find(what) != std::string_view::npos;
}

}  // namespace

bool LooksLikePlan(std::string_view text) {
  return IsObject(text) && Has(text, "\"format_version\"") &&
         (Has(text, "\"planned_values\"") || Has(text, "\"resource_changes\""));
}

bool LooksLikeState(std::string_view text) {
  return IsObject(text) && Has(text, "\"format_version\"") && Has(text, "\"terraform_version\"") &&
         Has(text, "\"root_module\"") && !LooksLikePlan(text);
}

bool ReadPlan(FileId file, std::string_view text, const Limits& limits, PlanFile& plan,
              Diagnostics& diagnostics) {
  plan.file = file;
  plan.text = text;
  return PlanReader(limits, plan, diagnostics).Read();
}

}  // namespace plumbline::terraform
