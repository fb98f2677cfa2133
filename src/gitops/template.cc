// ApplicationSet templates. Without goTemplate, {{name}} is looked up as it stands and stays when
// there is no such parameter; with it, each text is a Go template with the functions of sprig.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "gitops/params.h"
#include "gotmpl/parser.h"
#include "helm/functions/functions.h"
#include "value/number.h"

namespace plumbline::gitops {
namespace {

constexpr std::uint64_t kMaxTextSteps = 200'000;
constexpr std::size_t kMaxTextBytes = 1u << 20;
constexpr std::size_t kMaxNameBytes = 253;

std::string Slug(std::string_view text, std::size_t most) {
  std::string out;
  for (char c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    if (kept) out += c;
    if (!kept && !out.ends_with('-')) out += '-';
  }
  if (out.size() > most) out.resize(most);
  std::size_t from = out.find_first_not_of("-_"), to = out.find_last_not_of("-_");
  return from == std::string::npos ? std::string() : out.substr(from, to - from + 1);
}

bool Normalize(gotmpl::Call& call) {
  return call.Return(SanitizeName(call.Text(0)), call.args[0].origin());
}

// slugify [length [smart]] text
bool Slugify(gotmpl::Call& call) {
  constexpr std::size_t kDefault = 50;
  if (call.args.empty() || !call.args.back().is_string()) {
    return call.Fail("slugify: expected a text as the last argument");
  }
  std::size_t most = kDefault;
  if (call.args.size() > 1 && call.args[0].is_integer() && call.args[0].as_int() >= 0) {
    most = static_cast<std::size_t>(call.args[0].as_int());
  }
  return call.Return(Slug(call.args.back().as_string(), most), call.args.back().origin());
}

constexpr auto kFunctions = std::to_array<gotmpl::Function>({
    {"normalize", "s", &Normalize},
    {"slugify", "v*", &Slugify},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &gotmpl::Function::name));

}  // namespace

std::string SanitizeName(std::string_view name) {
  std::string out;
  for (char c : name.substr(0, kMaxNameBytes)) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    out += kept ? c : '-';
  }
  std::size_t from = out.find_first_not_of("-."), to = out.find_last_not_of("-.");
  return from == std::string::npos ? std::string() : out.substr(from, to - from + 1);
}

TemplateRenderer::TemplateRenderer(const Context& context, const yaml::Node* spec)
    : context_(context), steps_left_(context.bounds.max_rendered) {
  go_ = IsTrueAt(spec, {"goTemplate"});
  for (const yaml::Node* option : ItemsAt(spec, {"goTemplateOptions"})) {
    missing_is_error_ |= TextOf(option) == "missingkey=error";
  }
  helm::AddFunctions(functions_);
  functions_.Add(kFunctions);
}

gotmpl::Value TemplateRenderer::Text(std::string_view text, Span from) {
  return heap_.String(text, from.valid() ? heap_.AddOrigin(from) : 0);
}

gotmpl::Value TemplateRenderer::ValueOf(const yaml::Node& node) {
  const Value& v = node.value;
  if (v.is_mapping()) {
    gotmpl::Map* map = heap_.MakeMap();
    for (const yaml::Entry& e : node.entries) {
      map->Set(heap_, heap_.Text(e.key), ValueOf(*e.value));
    }
    return gotmpl::Value::Of(map);
  }
  if (v.is_sequence()) {
    std::vector<gotmpl::Value> items;
    for (const yaml::Node* item : node.items) items.push_back(ValueOf(*item));
    return heap_.MakeList(items);
  }
  gotmpl::OriginId origin = PlaceOf(node).valid() ? heap_.AddOrigin(PlaceOf(node)) : 0;
  if (v.is_string()) return heap_.String(v.as_string(), origin);
  if (v.is_bool()) return gotmpl::Value::Bool(v.as_bool()).WithOrigin(origin);
  if (v.is_number()) return gotmpl::Value::Float(ToDouble(v)).WithOrigin(origin);
  return gotmpl::Value::Nil();
}

std::string TemplateRenderer::RenderFast(std::string_view text, const gotmpl::Map& params,
                                         Span* from) {
  std::string out;
  while (true) {
    std::size_t open = text.find("{{");
    std::size_t close = open == std::string_view::npos ? open : text.find("}}", open + 2);
    out += text.substr(0, close == std::string_view::npos ? close : open);
    if (close == std::string_view::npos) return out;
    std::string_view tag = text.substr(open + 2, close - open - 2);
    std::size_t first = tag.find_first_not_of(" \t\r\n"), last = tag.find_last_not_of(" \t\r\n");
    const gotmpl::Value* found = nullptr;
    if (first != std::string_view::npos) found = params.Find(tag.substr(first, last - first + 1));
    if (found != nullptr && found->is_string()) {
      out += found->as_string();
      Span origin = heap_.OriginOf(found->origin()).from;
      if (origin.valid() && !from->valid()) *from = origin;
    } else {
      out += text.substr(open, close + 2 - open);
    }
    text.remove_prefix(close + 2);
  }
}

Result<std::string> TemplateRenderer::RenderGo(std::string_view text, const gotmpl::Map& params,
                                               Span* from) {
  std::string_view source = heap_.Text(text);
  auto parsed = gotmpl::Parse({"", source}, functions_, heap_.arena());
  if (!parsed) return Fail(parsed.error().message);
  gotmpl::TemplateSet set;
  for (const gotmpl::Template& t : *parsed) set.Add(t);
  gotmpl::ExecutionLimits limits;
  limits.steps = kMaxTextSteps;
  limits.output_bytes = kMaxTextBytes;
  gotmpl::Executor executor(heap_, functions_, set, limits, true);
  gotmpl::Output out(true);
  gotmpl::Map copy = params;
  if (!executor.Execute(parsed->front(), gotmpl::Value::Of(&copy), out)) {
    return Fail(executor.error().message);
  }
  for (const gotmpl::LineOrigin& line : out.lines()) {
    if (line.from.valid() && !from->valid()) *from = line.from;
  }
  std::string made = out.TakeText();
  // The option missingkey=error turns what would be printed so into an error.
  if (missing_is_error_ && made.find("<no value>") != std::string::npos) {
    return Fail(fmt::format("the template '{}' uses a parameter that there is not", text));
  }
  return made;
}

Result<std::string> TemplateRenderer::RenderText(std::string_view text, const gotmpl::Map& params,
                                                 Span* from) {
  if (text.find("{{") == std::string_view::npos) return std::string(text);
  if (go_) return RenderGo(text, params, from);
  return RenderFast(text, params, from);
}

Result<const yaml::Node*> TemplateRenderer::RenderAt(const yaml::Node& node,
                                                     const gotmpl::Map& params,
                                                     std::uint32_t depth) {
  if (depth > context_.limits.max_depth) return Fail("the template is nested too deeply");
  if (steps_left_ == 0) return Fail("the ApplicationSet makes too many things");
  --steps_left_;
  if (node.value.is_string()) {
    Span from = node.from;
    fault_ = node.span;
    PL_TRY(std::string text, RenderText(node.value.as_string(), params, &from));
    if (text == node.value.as_string()) return &node;
    return NewText(context_.arena, text, node.span, from);
  }
  if (node.value.is_mapping()) {
    std::vector<NamedNode> entries;
    for (const yaml::Entry& e : node.entries) {
      Span from;
      fault_ = e.key_span;
      PL_TRY(std::string key, RenderText(e.key, params, &from));
      PL_TRY(const yaml::Node* value, RenderAt(*e.value, params, depth + 1));
      entries.emplace_back(std::move(key), value);
    }
    return NewMapping(context_.arena, entries, node.span);
  }
  if (!node.value.is_sequence()) return &node;
  std::vector<const yaml::Node*> items;
  for (const yaml::Node* item : node.items) {
    PL_TRY(const yaml::Node* value, RenderAt(*item, params, depth + 1));
    items.push_back(value);
  }
  return NewList(context_.arena, items, node.span);
}

Result<const yaml::Node*> TemplateRenderer::Render(const yaml::Node& node,
                                                   const gotmpl::Map& params) {
  return RenderAt(node, params, 0);
}

}  // namespace plumbline::gitops
