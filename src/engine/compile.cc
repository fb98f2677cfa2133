// The compiler's driver, and what models and rules share: expressions, constants, paths, patterns,
// the index.
#include "engine/compile.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>

#include "engine/compiler.h"
#include "value/number.h"

namespace plumbline::engine {
namespace {

// "3:14: message" → 3 and "message"; expressions report their own lines.
std::pair<std::uint32_t, std::string_view> SplitPosition(std::string_view message) {
  std::uint32_t line = 1;
  auto [p, ec] = std::from_chars(message.data(), message.data() + message.size(), line);
  const std::size_t at = static_cast<std::size_t>(p - message.data());
  const std::size_t colon = message.find(": ", at);
  if (ec != std::errc() || at >= message.size() || message[at] != ':' ||
      colon == std::string_view::npos) {
    return {1, message};
  }
  return {line, message.substr(colon + 2)};
}

}  // namespace

cel::CompileOptions Compiler::Options(std::span<const cel::Variable> variables) {
  cel::CompileOptions options;
  options.variables = variables;
  options.functions = HostFunctions();
  options.lenient = true;
  return options;
}

std::uint32_t Compiler::Expression(const SourceText& text, std::string_view what,
                                   const cel::CompileOptions& options, Expected expected) {
  auto report = [&](std::string_view message) {
    auto [line, rest] = SplitPosition(message);
    Span at = text.span;
    const std::string_view source = definitions_.sources.Text(at.file);
    // A block scalar's text begins on the line below its indicator.
    const bool block =
        at.begin < source.size() && (source[at.begin] == '|' || source[at.begin] == '>');
    const std::uint32_t down = line - 1 + (block ? 1 : 0);
    if (down > 0)
      at = definitions_.sources.LineSpan(at.file, definitions_.sources.Start(at).line + down);
    definitions_.Error(at, fmt::format("{}: {}", what, rest));
  };
  auto type = cel::CheckedType(text.text, options);
  if (!type) return report(type.error().message), kNone;
  const bool fits =
      *type == "dyn" || expected == Expected::kAny ||
      (expected == Expected::kBool && *type == "bool") ||
      (expected == Expected::kList && (type->starts_with("list") || type->starts_with("map")));
  if (!fits) {
    report(
        fmt::format("must be a {}, is a {}", expected == Expected::kBool ? "bool" : "list", *type));
    return kNone;
  }
  auto code = cel::Compile(text.text, options);
  if (!code) return report(code.error().message), kNone;
  return out_.Expression(*code);
}

std::uint32_t Compiler::Constant(const Value& value) {
  ConstDef out;
  std::vector<MemberDef> members;
  switch (value.kind()) {
    case Kind::kBool:
      out.kind = ConstDef::kBool;
      out.bits = value.as_bool() ? 1 : 0;
      break;
    case Kind::kNumber:
      if (auto whole = ToInt64(value)) {
        out.kind = ConstDef::kInt;
        out.bits = *whole;
      } else {
        out.kind = ConstDef::kDouble;
        out.bits = std::bit_cast<std::int64_t>(ToDouble(value));
      }
      break;
    case Kind::kString:
      out.kind = ConstDef::kString;
      out.text = out_.Text(value.as_string());
      break;
    case Kind::kNull:
    case Kind::kUnknown:
      break;
    default:
      out.kind = value.is_mapping() ? ConstDef::kObject : ConstDef::kList;
      for (const Value& v : value.items()) members.push_back({{}, Constant(v)});
      for (const Member& m : value.members())
        members.push_back({out_.Text(m.key), Constant(m.value)});
      out.members = out_.AddAll(members);
  }
  return out_.Add(out);
}

PathDef Compiler::Path(const PathText& path) {
  std::vector<StepDef> steps;
  for (const PathStepText& s : path) steps.push_back({out_.Text(s.key), s.index});
  return out_.AddAll(steps);
}

std::optional<TypeName> Compiler::TypeNameOf(bool kubernetes, const SourceText& text) {
  auto name = ParseTypeName(kubernetes, text.text);
  if (!name) {
    definitions_.Error(
        text.span,
        fmt::format(
            "\"{}\" is no {} type; expected {}", text.text, kubernetes ? "Kubernetes" : "Terraform",
            kubernetes ? "Kind, group/Kind, group/version/Kind or *"
                       : "aws_x, data.aws_x, module, provider, variable, output or terraform"));
  }
  return name;
}

std::uint32_t Compiler::Pattern(const TypeName& name) {
  const std::string id = fmt::format("{} {} {}", name.Key(), name.group, name.version);
  auto [it, fresh] = patterns_.try_emplace(id, 0);
  if (fresh) {
    TypePattern p;
    p.kind = name.kind;
    p.mode = static_cast<std::uint32_t>(name.mode);
    p.type = out_.Text(name.type);
    p.object = out_.Text(name.object);
    p.group = out_.Text(name.group);
    p.version = out_.Text(name.version);
    it->second = out_.Add(p);
  }
  return it->second;
}

void Compiler::BuildIndex() {
  auto key_of = [](const Image* base, const ImageBuilder& out, const TypePattern& p) {
    auto text = [&](Str s) { return std::string(base != nullptr ? base->Text(s) : out.Read(s)); };
    TypeName name;
    name.kind = p.kind;
    name.mode = static_cast<model::Mode>(p.mode);
    name.type = text(p.type);
    name.object = text(p.object);
    return name.Key();
  };
  std::vector<std::pair<std::string, IndexDef>> rows;
  for (std::uint32_t i = 0; i < out_.Of<OnDef>().size(); ++i) {
    const OnDef on = out_.Of<OnDef>()[i];
    if (on.model == kNone) {
      if (on.pattern == kNone) continue;
      rows.push_back({key_of(nullptr, out_, out_.Of<TypePattern>()[on.pattern]), {{}, i, kNone}});
      continue;
    }
    const Image* base = on.in_base != 0 ? &settings_.base : nullptr;
    const Range<SourceDef> sources = Part<ModelDef>(on.in_base != 0, on.model).sources;
    for (std::uint32_t s = sources.first; s < sources.first + sources.count; ++s) {
      const std::uint32_t pattern = Part<SourceDef>(on.in_base != 0, s).pattern;
      rows.push_back({key_of(base, out_, Part<TypePattern>(on.in_base != 0, pattern)), {{}, i, s}});
    }
  }
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return std::tie(a.first, a.second.on, a.second.source) <
           std::tie(b.first, b.second.on, b.second.source);
  });
  for (auto& [key, row] : rows) {
    row.key = out_.Text(key);
    out_.Add(row);
  }
}

std::string Compiler::Run() {
  AddBaseModels();
  // Models are needed by name wherever they stand, so they come first; names decide the order, not
  // folders.
  std::vector<const ModelDefinition*> models;
  for (const ModelDefinition& m : definitions_.models) models.push_back(&m);
  std::stable_sort(models.begin(), models.end(),
                   [](const auto* a, const auto* b) { return a->name.text < b->name.text; });
  for (std::size_t i = 0; i < models.size(); ++i) {
    if (i > 0 && models[i]->name.text == models[i - 1]->name.text) {
      definitions_.Error(models[i]->name.span,
                         fmt::format("model {} is declared twice", models[i]->name.text));
      continue;
    }
    CompileModel(*models[i]);
  }
  CompileRules();
  BuildIndex();
  return definitions_.errors.empty() ? out_.Finish() : std::string();
}

std::string CompileImage(Definitions& definitions, const CompileSettings& settings) {
  return Compiler(definitions, settings).Run();
}

}  // namespace plumbline::engine
