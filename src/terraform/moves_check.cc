// Statements about the state: moved, import and removed blocks. They change nothing that is
// evaluated here, but Terraform refuses those that contradict the configuration or each other.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "terraform/config_check.h"
#include "terraform/names.h"
#include "value/number.h"

namespace plumbline::terraform {
namespace {

using StepKind = hcl::Step::Kind;

/// An address as it is written in from and to.
struct Target {
  std::string text;      // whole, with keys
  std::string block;     // without the last key
  std::string resource;  // the index key when it is in this module: "type.name", "data.type.name"
  std::string module;    // the first call on the way, else empty
  bool is_module = false;
  bool is_data = false;
  bool indexed = false;  // ends with a key
};

std::string KeyText(Value key) {
  if (key.is_string()) return fmt::format("\"{}\"", key.as_string());
  return key.is_number() ? FormatNumber(key) : std::string("?");
}

class MovesCheck {
 public:
  MovesCheck(const ModuleConfig& config, Diagnostics& diagnostics)
      : config_(config), diagnostics_(diagnostics) {}

  void Run() {
    for (const hcl::Block* b : config_.moved) Moved(*b);
    Cycles();
    for (const hcl::Block* b : config_.removed) Removed(*b);
    for (const hcl::Block* b : config_.imports) Import(*b);
  }

 private:
  struct Move {
    Target from, to;
    const hcl::Block* block = nullptr;
  };

  void Report(std::string message, Span span) {
    diagnostics_.push_back({DiagnosticCode::kInvalidConfiguration, std::move(message), span});
  }

  /// False when there is nothing to judge: absent, or with a syntax of JSON.
  std::optional<Target> Read(const hcl::Block& block, std::string_view name, bool any_key) {
    const hcl::Attribute* a = block.body->FindAttribute(name);
    if (a == nullptr || block.body->json) return std::nullopt;
    std::optional<Target> target = Parse(*a->expr, any_key);
    if (!target) {
      Report(
          fmt::format("\"{}\" of a {} block must be the address of a resource or module, such as "
                      "aws_instance.web or module.net",
                      name, block.type),
          a->expr->span);
    }
    return target;
  }

  static std::optional<Target> Parse(const hcl::Expr& e, bool any_key) {
    if (e.kind != hcl::ExprKind::kVariable) return std::nullopt;
    Target t;
    std::string name(e.name), last;
    std::size_t names_wanted = 1;
    bool in_module = false;
    t.is_module = e.name == "module";
    if (e.name == "data") names_wanted = 2;
    for (const hcl::Step& s : e.steps) {
      if (s.kind == StepKind::kIndex && names_wanted == 0) {
        bool literal = s.index->kind == hcl::ExprKind::kLiteral;
        if (!literal && !any_key) return std::nullopt;
        last = literal ? fmt::format("[{}]", KeyText(s.index->value)) : "[each.key]";
        t.indexed = true;
        continue;
      }
      if (s.kind != StepKind::kAttr) return std::nullopt;
      name += last;
      last.clear();
      t.indexed = false;
      if (names_wanted == 0) {
        if (!t.is_module) return std::nullopt;  // an attribute of a resource
        in_module = true;
        if (s.name == "module") {
          names_wanted = 1;
        } else {
          t.is_module = false;
          names_wanted = s.name == "data" ? 2 : 1;
        }
        t.is_data = s.name == "data";
        name += "." + std::string(s.name);
        continue;
      }
      --names_wanted;
      if (t.module.empty() && t.is_module) t.module = std::string(s.name);
      name += "." + std::string(s.name);
    }
    if (names_wanted != 0) return std::nullopt;
    t.is_data |= e.name == "data";
    t.block = name;
    t.text = name + last;
    if (!in_module && !t.is_module) t.resource = t.block;
    return t;
  }

  bool Declared(const Target& t) const {
    if (t.is_module) {
      return !t.module.empty() && t.block == "module." + t.module &&
             config_.call_index.contains(t.module);
    }
    return !t.resource.empty() && config_.resource_index.contains(t.resource);
  }

  void Moved(const hcl::Block& block) {
    auto from = Read(block, "from", false), to = Read(block, "to", false);
    if (!from || !to) return;
    if (from->is_module != to->is_module) {
      return Report(
          "\"from\" and \"to\" of a moved block must both be resources or both be modules",
          block.header);
    }
    if (from->text == to->text) {
      return Report(fmt::format("this block moves {} to where it is already", from->text),
                    block.header);
    }
    // Between instances of one block everything may still be declared.
    if (from->block != to->block && !from->indexed && Declared(*from)) {
      Report(fmt::format("{} is moved to {} but is still declared in this module", from->text,
                         to->text),
             block.header);
    }
    for (const Move& other : moves_) {
      if (other.from.text == from->text && other.to.text != to->text) {
        Report(fmt::format("{} is moved to {} by another block already", from->text, other.to.text),
               block.header);
      } else if (other.to.text == to->text && other.from.text != from->text) {
        Report(fmt::format("{} is moved to {} by another block already", other.from.text, to->text),
               block.header);
      }
    }
    moves_.push_back({std::move(*from), std::move(*to), &block});
  }

  void Cycles() {
    std::map<std::string_view, const Move*> next;
    for (const Move& m : moves_) next.try_emplace(m.from.text, &m);
    std::map<std::string_view, int> seen;  // the walk that met it first
    int walk = 0;
    for (const Move& first : moves_) {
      ++walk;
      std::string chain;
      const Move* m = &first;
      while (m != nullptr && seen.try_emplace(m->from.text, walk).second) {
        chain += m->from.text + " → ";
        auto it = next.find(m->to.text);
        m = it == next.end() ? nullptr : it->second;
      }
      if (m != nullptr && seen[m->from.text] == walk && m->from.text == first.from.text) {
        Report(fmt::format("moved blocks lead in a circle: {}{}", chain, m->from.text),
               first.block->header);
      }
    }
  }

  void Removed(const hcl::Block& block) {
    auto from = Read(block, "from", false);
    if (!from) return;
    if (from->indexed) {
      return Report(
          "\"from\" of a removed block names a whole resource or module, not one "
          "instance of it",
          block.header);
    }
    if (Declared(*from)) {
      Report(fmt::format("{} is removed but is still declared in this module", from->text),
             block.header);
    }
  }

  void Import(const hcl::Block& block) {
    auto to = Read(block, "to", true);
    if (!to) return;
    Span span = block.body->FindAttribute("to")->expr->span;
    if (to->is_data || to->is_module) return Report("only managed resources can be imported", span);
    if (!to->module.empty()) {
      if (!config_.call_index.contains(to->module))
        Report("the target of this import does not exist: " + UndeclaredModule(config_, to->module),
               span);
    } else if (!Declared(*to)) {
      Report(
          "the target of this import does not exist: " + UndeclaredResource(config_, to->resource),
          span);
    }
    if (block.body->FindAttribute("for_each") != nullptr) return;
    auto [it, is_first] = imported_.try_emplace(to->text, &block);
    if (!is_first) Report(fmt::format("{} is imported a second time", to->text), span);
  }

  const ModuleConfig& config_;
  Diagnostics& diagnostics_;
  std::vector<Move> moves_;
  std::map<std::string, const hcl::Block*> imported_;
};

}  // namespace

void CheckMoves(const ModuleConfig& config, Diagnostics& diagnostics) {
  MovesCheck(config, diagnostics).Run();
}

}  // namespace plumbline::terraform
