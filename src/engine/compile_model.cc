// Models: fields → records with slots and types, sources → bindings (one entry a slot).
#include <fmt/format.h>

#include <algorithm>

#include "engine/compiler.h"

namespace plumbline::engine {
namespace {

constexpr unsigned kMaxTypeNesting = 16;

bool IsIdentifier(std::string_view s) {
  return !s.empty() && !(s[0] >= '0' && s[0] <= '9') &&
         s.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
             std::string_view::npos;
}

// host_network → hostNetwork: how Kubernetes spells the attribute that a field is named after.
std::string LowerCamelCase(std::string_view s) {
  std::string out;
  bool upper = false;
  for (char c : s) {
    if (c == '_') {
      upper = true;
      continue;
    }
    out += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    upper = false;
  }
  return out;
}

const FieldDefinition* FindField(const std::vector<FieldDefinition>& fields,
                                 std::string_view name) {
  for (const FieldDefinition& f : fields) {
    if (f.name == name) return &f;
  }
  return nullptr;
}

bool Fits(std::string_view type, const Value& value) {
  if (value.is_null() || type == "any") return true;
  if (type == "bool") return value.is_bool();
  if (type == "int" || type == "number") return value.is_number();
  if (type == "string") return value.is_string();
  if (type.starts_with("list(")) return value.is_sequence();
  return value.is_mapping();
}

}  // namespace

void Compiler::CheckFallback(const FieldDefinition& field) {
  if (!field.fallback) return;
  if (!Fits(field.type.text, *field.fallback)) {
    definitions_.Error(
        field.span,
        fmt::format(
            "the default of field {} is no {} (quote it when YAML reads it as something else)",
            field.name, field.type.text));
  }
  if (field.type.text == "object" && !field.fallback->members().empty()) {
    definitions_.Error(
        field.span,
        fmt::format("the default of object {} can only be {{}}: its fields have their own",
                    field.name));
  }
  if (field.type.text == "list(object)" && !field.fallback->items().empty()) {
    definitions_.Error(field.span, fmt::format("the default of {} can only be []", field.name));
  }
}

std::uint32_t Compiler::CompileType(const std::string& record, const FieldDefinition& field,
                                    std::string_view text, unsigned depth) {
  TypeDef out;
  auto inner = [&](std::size_t prefix) {
    return CompileType(record, field, text.substr(prefix, text.size() - prefix - 1), depth + 1);
  };
  if (text == "bool") {
    out.kind = FieldKind::kBool;
  } else if (text == "int") {
    out.kind = FieldKind::kInt;
  } else if (text == "number") {
    out.kind = FieldKind::kNumber;
  } else if (text == "string") {
    out.kind = FieldKind::kString;
  } else if (text == "object" && depth <= 1) {
    out.kind = FieldKind::kObject;
    out.record = CompileRecord(record + "." + field.name, field.fields);
  } else if (text.starts_with("list(") && text.ends_with(')') && depth < kMaxTypeNesting) {
    out.kind = FieldKind::kList;
    out.element = inner(5);
  } else if (text.starts_with("map(") && text.ends_with(')') && depth < kMaxTypeNesting &&
             text != "map(object)") {
    out.kind = FieldKind::kMap;
    out.element = inner(4);
  } else if (text != "any") {
    definitions_.Error(
        field.type.span,
        fmt::format(
            "field {} has the type \"{}\"; expected bool, int, number, string, any, list(T), "
            "map(T), object or list(object)",
            field.name, text));
  }
  return out_.Add(out);
}

FieldDef Compiler::CompileField(const std::string& record, const FieldDefinition& field) {
  FieldDef out;
  if (!IsIdentifier(field.name)) {
    definitions_.Error(
        field.span,
        fmt::format("\"{}\" is no name for a field: letters, digits and _", field.name));
  }
  CheckFallback(field);
  out.name = out_.Text(field.name);
  out.type = CompileType(record, field, field.type.text, 0);
  if (field.fallback && !field.fallback->is_null()) out.fallback = Constant(*field.fallback);
  return out;
}

std::uint32_t Compiler::CompileRecord(const std::string& name,
                                      const std::vector<FieldDefinition>& fields) {
  std::vector<FieldDef> out;
  for (const FieldDefinition& f : fields) {
    if (FindField(fields, f.name) != &f) {
      definitions_.Error(f.span, fmt::format("field {} is declared twice", f.name));
      continue;
    }
    out.push_back(CompileField(name, f));
  }
  RecordDef record;
  record.name = out_.Text(name);
  record.fields = out_.AddAll(out);
  return out_.Add(record);
}

std::uint32_t Compiler::CompileEntry(const EntryDefinition& entry, bool kubernetes) {
  using Form = EntryDefinition::Form;
  EntryDef out;
  out.kind = static_cast<EntryKind>(entry.form);
  out.path = Path(entry.path);
  if (entry.form == Form::kFirst || entry.form == Form::kConcat) {
    std::vector<std::uint32_t> children;
    for (const EntryDefinition& c : entry.children) children.push_back(CompileEntry(c, kubernetes));
    out.children = out_.AddAll(children);
  }
  if (entry.form == Form::kSatellite || entry.form == Form::kTarget) {
    out.via = Path(entry.via);
    out.key = Path(entry.key);
    out.has_key = entry.has_key ? 1 : 0;
    if (auto name = TypeNameOf(kubernetes, entry.type)) out.pattern = Pattern(*name);
  }
  if (entry.form == Form::kValue) out.constant = Constant(entry.value);
  if (entry.form == Form::kCel) {
    const auto variables = RuleVariables(nullptr, nullptr, "$element");
    out.expression = Expression(entry.cel, "cel", Options(variables), Expected::kAny);
  }
  if (entry.has_map) {
    std::vector<MemberDef> members;
    for (const auto& [text, value] : entry.map)
      members.push_back({out_.Text(text), Constant(value)});
    out.has_map = 1;
    out.map = out_.AddAll(members);
    if (entry.otherwise) out.otherwise = Constant(*entry.otherwise);
  }
  return out_.Add(out);
}

std::uint32_t Compiler::CompileBindings(const std::vector<FieldDefinition>& fields,
                                        const SourceDefinition& source, const std::string& prefix) {
  std::vector<BindingDef> out;
  for (const FieldDefinition& f : fields) {
    const std::string name = prefix + f.name;
    const auto entry = std::find_if(source.fields.begin(), source.fields.end(),
                                    [&](const auto& e) { return e.first.text == name; });
    BindingDef binding;
    if (entry != source.fields.end()) {
      binding.entry = CompileEntry(entry->second, source.kubernetes);
    } else {
      EntryDef own;
      own.path = Path({{source.kubernetes ? LowerCamelCase(f.name) : f.name, -1}});
      binding.entry = out_.Add(own);
    }
    if (!f.fields.empty()) binding.nested = CompileBindings(f.fields, source, name + ".");
    out.push_back(binding);
  }
  return out_.AddAll(out).first;
}

void Compiler::CheckSourceFields(const ModelDefinition& model, const SourceDefinition& source) {
  for (const auto& [name, entry] : source.fields) {
    const std::vector<FieldDefinition>* fields = &model.fields;
    std::string_view rest = name.text;
    while (fields != nullptr) {
      const std::size_t dot = rest.find('.');
      const FieldDefinition* field = FindField(*fields, rest.substr(0, dot));
      if (field == nullptr) {
        definitions_.Error(name.span,
                           fmt::format("model {} has no field \"{}\"", model.name.text, name.text));
        break;
      }
      if (dot == std::string_view::npos) break;
      rest.remove_prefix(dot + 1);
      fields = &field->fields;
    }
  }
}

SourceDef Compiler::CompileSource(const ModelDefinition& model, const SourceDefinition& source,
                                  const SourceText& type) {
  SourceDef out;
  if (auto name = TypeNameOf(source.kubernetes, type)) out.pattern = Pattern(*name);
  out.base = Path(source.base);
  std::vector<EachDef> each;
  for (const PathText& p : source.each) each.push_back({Path(p)});
  out.each = out_.AddAll(each);
  if (source.where) {
    const auto variables = RuleVariables(nullptr, nullptr, "$element");
    out.where = Expression(*source.where, "where", Options(variables), Expected::kBool);
  }
  out.bindings = CompileBindings(model.fields, source, "");
  return out;
}

void Compiler::CompileModel(const ModelDefinition& model) {
  ModelDef out;
  out.name = out_.Text(model.name.text);
  out.record = CompileRecord(model.name.text, model.fields);
  std::vector<SourceDef> sources;
  for (const SourceDefinition& s : model.sources) {
    CheckSourceFields(model, s);
    if (s.types.empty()) continue;
    // Several types of one source share its bindings.
    SourceDef first = CompileSource(model, s, s.types.front());
    sources.push_back(first);
    for (std::size_t i = 1; i < s.types.size(); ++i) {
      SourceDef next = first;
      if (auto name = TypeNameOf(s.kubernetes, s.types[i])) next.pattern = Pattern(*name);
      sources.push_back(next);
    }
  }
  out.sources = out_.AddAll(sources);
  const std::uint32_t index = out_.Add(out);
  models_[model.name.text] = {index, false, nullptr};
}

}  // namespace plumbline::engine
