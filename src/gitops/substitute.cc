// Flux replaces variables in the YAML text of each object and reads it again: what was a text may
// become a number, a list or nothing at all. The same is done here value by value, so that each
// keeps its place.
#include <fmt/format.h>

#include "gitops/expand.h"
#include "gitops/nodes.h"

namespace plumbline::gitops {
namespace {

constexpr std::string_view kOptOut = "kustomize.toolkit.fluxcd.io/substitute";

// Whether a YAML writer leaves the text without quotes: then its type is open again.
bool IsWrittenPlain(std::string_view s) {
  constexpr std::string_view kIndicators = ",[]{}#&*!|>'\"%@`";
  if (s.empty() || s.front() == ' ' || s.back() == ' ' || s.back() == ':') return false;
  if (kIndicators.find(s.front()) != std::string_view::npos) return false;
  bool dash = s.front() == '-' || s.front() == '?' || s.front() == ':';
  if (dash && (s.size() == 1 || s[1] == ' ')) return false;
  if (s.find_first_of("\n\t\\") != std::string_view::npos) return false;
  return s.find(": ") == std::string_view::npos && s.find(" #") == std::string_view::npos;
}

class Substituter {
 public:
  Substituter(const Substitution& substitution, const Context& context, Diagnostics& diagnostics)
      : substitution_(substitution), context_(context), diagnostics_(diagnostics) {}

  const yaml::Node* Visit(const yaml::Node& node) {
    if (node.value.is_string()) return Scalar(node);
    bool changed = false;
    if (node.value.is_mapping()) {
      std::vector<NamedNode> entries;
      for (const yaml::Entry& e : node.entries) {
        const yaml::Node* value = Visit(*e.value);
        std::string key = Key(e);
        changed |= value != e.value || key != e.key;
        entries.emplace_back(std::move(key), value);
      }
      return changed ? KeepKeySpans(node, NewMapping(context_.arena, entries, node.span)) : &node;
    }
    std::vector<const yaml::Node*> items;
    for (const yaml::Node* item : node.items) {
      items.push_back(Visit(*item));
      changed |= items.back() != item;
    }
    return changed ? NewList(context_.arena, items, node.span) : &node;
  }

 private:
  const yaml::Node* KeepKeySpans(const yaml::Node& before, const yaml::Node* after) {
    auto entries = context_.arena.NewArray<yaml::Entry>(after->entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i) {
      entries[i] = after->entries[i];
      if (i < before.entries.size()) entries[i].key_span = before.entries[i].key_span;
    }
    const_cast<yaml::Node*>(after)->entries = entries;
    return after;
  }

  void Fault(Span span, const std::string& why) {
    diagnostics_.push_back(
        {DiagnosticCode::kEvaluationError, "variable substitution failed: " + why, span});
  }

  std::string Key(const yaml::Entry& e) {
    if (e.key.find('$') == std::string_view::npos) return std::string(e.key);
    auto expanded = Expand(e.key, substitution_);
    if (!expanded) Fault(e.key_span, expanded.error().message);
    return expanded ? expanded->text : std::string(e.key);
  }

  const yaml::Node* Scalar(const yaml::Node& node) {
    std::string_view text = node.value.as_string();
    if (text.find('$') == std::string_view::npos) return &node;
    auto expanded = Expand(text, substitution_);
    if (!expanded) {
      Fault(node.span, expanded.error().message);
      return &node;
    }
    if (!expanded->changed || expanded->text == text) return &node;
    Span from = expanded->from.valid() ? expanded->from : node.from;
    if (!IsWrittenPlain(text)) return NewText(context_.arena, expanded->text, node.span, from);
    return Reread(node, expanded->text, from);
  }

  // What the value is when it stands without quotes behind a key.
  const yaml::Node* Reread(const yaml::Node& node, const std::string& text, Span from) {
    Diagnostics found;
    std::string_view line = context_.arena.CopyString("k: " + text + "\n");
    auto documents = yaml::Parse(kNoFile, line, context_.arena, context_.limits, found);
    bool one = documents.size() == 1 && documents[0].root != nullptr && found.empty() &&
               documents[0].root->entries.size() == 1;
    if (!one) {
      Fault(node.span, fmt::format("with its variables, the value '{}' is no YAML", text));
      return NewText(context_.arena, text, node.span, from);
    }
    return Moved(*documents[0].root->entries[0].value, node.span, from);
  }

  const yaml::Node* Moved(const yaml::Node& node, Span span, Span from) {
    yaml::Node* out = context_.arena.New<yaml::Node>(node);
    out->span = span;
    out->from = from;
    out->anchor = nullptr;
    auto entries = context_.arena.NewArray<yaml::Entry>(node.entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i) {
      entries[i] = {node.entries[i].key, span, Moved(*node.entries[i].value, span, from), {}};
    }
    auto items = context_.arena.NewArray<const yaml::Node*>(node.items.size());
    for (std::size_t i = 0; i < items.size(); ++i) items[i] = Moved(*node.items[i], span, from);
    out->entries = entries;
    out->items = items;
    return out;
  }

  const Substitution& substitution_;
  const Context& context_;
  Diagnostics& diagnostics_;
};

bool OptsOut(const yaml::Node& object) {
  for (std::string_view field : {"labels", "annotations"}) {
    const yaml::Node* map = At(&object, {"metadata", field});
    if (map != nullptr && TextOf(map->Find(kOptOut)) == "disabled") return true;
  }
  return false;
}

}  // namespace

void Substitute(std::vector<yaml::Document>& documents, const Substitution& substitution,
                const Context& context, Diagnostics& diagnostics) {
  if (!substitution.active) return;
  Substituter run(substitution, context, diagnostics);
  for (yaml::Document& d : documents) {
    if (d.root != nullptr && !OptsOut(*d.root)) d.root = run.Visit(*d.root);
  }
}

}  // namespace plumbline::gitops
