#include "helm/metadata.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <set>

#include "gotmpl/format.h"
#include "gotmpl/utf8.h"
#include "helm/functions/common.h"
#include "helm/functions/functions.h"
#include "helm/struct_object.h"

namespace plumbline::helm {
namespace {

using gotmpl::Element;
using gotmpl::Heap;
using gotmpl::Kind;
using gotmpl::Map;
using gotmpl::Value;

enum class FieldType : std::uint8_t {
  kText,
  kBool,
  kTexts,
  kTextMap,
  kAnything,      // []interface {}
  kMaintainers,   // []*chart.Maintainer
  kDependencies,  // []*chart.Dependency
};

struct Field {
  std::string_view name;  // in Go
  std::string_view json;
  FieldType type = FieldType::kText;
  bool always = false;  // written to JSON even when it is empty
};

// In the order of the structs.
constexpr auto kMetadata = std::to_array<Field>({
    {"Name", "name"},
    {"Home", "home"},
    {"Sources", "sources", FieldType::kTexts},
    {"Version", "version"},
    {"Description", "description"},
    {"Keywords", "keywords", FieldType::kTexts},
    {"Maintainers", "maintainers", FieldType::kMaintainers},
    {"Icon", "icon"},
    {"APIVersion", "apiVersion"},
    {"Condition", "condition"},
    {"Tags", "tags"},
    {"AppVersion", "appVersion"},
    {"Deprecated", "deprecated", FieldType::kBool},
    {"Annotations", "annotations", FieldType::kTextMap},
    {"KubeVersion", "kubeVersion"},
    {"Dependencies", "dependencies", FieldType::kDependencies},
    {"Type", "type"},
});
constexpr auto kMaintainer = std::to_array<Field>({
    {"Name", "name"},
    {"Email", "email"},
    {"URL", "url"},
});
constexpr auto kDependency = std::to_array<Field>({
    {"Name", "name", FieldType::kText, true},
    {"Version", "version"},
    {"Repository", "repository", FieldType::kText, true},
    {"Condition", "condition"},
    {"Tags", "tags", FieldType::kTexts},
    {"Enabled", "enabled", FieldType::kBool},
    {"ImportValues", "import-values", FieldType::kAnything},
    {"Alias", "alias"},
});

std::span<const Field> FieldsOf(FieldType type) {
  return type == FieldType::kMaintainers ? std::span<const Field>(kMaintainer) : kDependency;
}

std::string_view GoType(FieldType type) {
  switch (type) {
    case FieldType::kText:
      return "string";
    case FieldType::kBool:
      return "bool";
    case FieldType::kTexts:
      return "[]string";
    case FieldType::kTextMap:
      return "map[string]string";
    case FieldType::kAnything:
      return "[]interface {}";
    case FieldType::kMaintainers:
      return "[]*chart.Maintainer";
    case FieldType::kDependencies:
      return "[]*chart.Dependency";
  }
  return {};
}

std::string_view JsonKind(Value v) {
  return v.is_string()   ? "string"
         : v.is_map()    ? "object"
         : v.is_list()   ? "array"
         : v.is_number() ? "number"
                         : "bool";
}

bool SameLetters(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

// strconv.FormatFloat(d, 'g', -1, 32).
std::string Float32Text(double d) {
  char digits[64];
  auto end = std::to_chars(digits, digits + sizeof digits - 1, static_cast<float>(d));
  *end.ptr = '\0';
  return gotmpl::FormatFloat(std::strtod(digits, nullptr), 'g', -1);
}

class Decoder {
 public:
  explicit Decoder(Heap& heap) : heap_(heap) {}

  // The fields that `from` sets, under the names of their tags.
  Map* Struct(const Map& from, std::span<const Field> fields, const std::string& path) {
    Map* out = heap_.MakeMap();
    for (const gotmpl::Entry& e : from.entries()) {
      auto field = std::ranges::find(fields, e.key, &Field::json);
      if (field == fields.end()) {
        field = std::ranges::find_if(fields,
                                     [&](const Field& f) { return SameLetters(f.json, e.key); });
      }
      if (field == fields.end() || e.value.is_nil()) continue;
      Value v = Decode(e.value, *field, path + std::string(field->json));
      if (!v.is_invalid()) out->Set(heap_, field->json, v);
    }
    return out;
  }

  void Mismatch(Value v, std::string_view path, std::string_view type) {
    if (!error_.empty()) return;
    error_ = fmt::format(
        "json: cannot unmarshal {} into Go {}of type {}", JsonKind(v),
        path.empty() ? std::string("value ") : fmt::format("struct field {} ", path), type);
  }

  const std::string& error() const { return error_; }

 private:
  // Invalid when it is at fault.
  Value Text(Value v, const std::string& path) {
    switch (v.kind()) {
      case Kind::kString:
        return v;
      case Kind::kBool:
        return Value::String(v.as_bool() ? "true" : "false", v.origin());
      case Kind::kInt64:
        return heap_.String(std::to_string(v.as_int()), v.origin());
      case Kind::kUint64:
        return heap_.String(std::to_string(static_cast<std::uint64_t>(v.as_int())), v.origin());
      case Kind::kFloat64:
        return heap_.String(Float32Text(v.as_float()), v.origin());
      case Kind::kInvalid:
      case Kind::kNil:
        return Value::String("");
      default:
        Mismatch(v, path, "string");
        return {};
    }
  }

  Value Decode(Value v, const Field& field, const std::string& path) {
    bool is_list = field.type != FieldType::kText && field.type != FieldType::kBool &&
                   field.type != FieldType::kTextMap;
    if (is_list ? !v.is_list()
        : field.type == FieldType::kTextMap
            ? !v.is_map()
            : field.type == FieldType::kBool && v.kind() != Kind::kBool) {
      Mismatch(v, path, GoType(field.type));
      return {};
    }
    switch (field.type) {
      case FieldType::kText:
        return Text(v, path);
      case FieldType::kBool:
      case FieldType::kAnything:
        return v;
      case FieldType::kTextMap:
        return TextMap(v.map(), path);
      default:
        return Items(v, field, path);
    }
  }

  Value TextMap(const Map& from, const std::string& path) {
    Map* out = heap_.MakeMap(Element::kString);
    for (const gotmpl::Entry& e : from.entries()) {
      Value text = Text(e.value, path);
      out->Set(heap_, e.key, text.is_invalid() ? Value::String("") : text);
    }
    return Value::Of(out);
  }

  Value Items(Value list, const Field& field, const std::string& path) {
    std::vector<Value> items;
    for (Value item : list.list().items) {
      if (field.type == FieldType::kTexts) {
        Value text = Text(item, path);
        items.push_back(text.is_invalid() ? Value::String("") : text);
      } else if (item.is_nil()) {
        items.push_back(Value::Nil());
      } else if (item.is_map()) {
        items.push_back(Value::Of(Struct(item.map(), FieldsOf(field.type), path + ".")));
      } else {
        Mismatch(item, path, GoType(field.type).substr(3));
        items.push_back(Value::Of(heap_.MakeMap()));
      }
    }
    return heap_.MakeList(items,
                          field.type == FieldType::kTexts ? Element::kString : Element::kAny);
  }

  Heap& heap_;
  std::string error_;
};

std::string TextAt(const Map& map, std::string_view key) {
  const Value* v = map.Find(key);
  return v != nullptr && v->is_string() ? std::string(v->as_string()) : std::string();
}

// Blanks of all kinds become spaces, what cannot be printed goes.
std::string Sanitized(std::string_view text) {
  std::string out;
  for (std::size_t width = 0; !text.empty(); text.remove_prefix(width)) {
    char32_t rune = gotmpl::DecodeUtf8(text, &width);
    if (IsSpace(rune)) {
      out += ' ';
    } else if (gotmpl::IsPrintable(rune)) {
      gotmpl::AppendUtf8(out, rune);
    }
  }
  return out;
}

void ReadDependencies(Chart& chart) {
  chart.declared.clear();
  chart.declares = false;
  const Value* list = chart.metadata->Find("dependencies");
  if (list == nullptr) return;
  chart.declares = true;
  for (Value entry : list->list().items) {
    Dependency d;
    if (!entry.is_map()) {
      d.is_null = true;
      chart.declared.push_back(std::make_shared<Dependency>(std::move(d)));
      continue;
    }
    const Map& map = entry.map();
    d.name = Sanitized(TextAt(map, "name"));
    d.version = Sanitized(TextAt(map, "version"));
    d.repository = Sanitized(TextAt(map, "repository"));
    d.condition = Sanitized(TextAt(map, "condition"));
    d.alias = TextAt(map, "alias");
    if (const Value* tags = map.Find("tags"); tags != nullptr) {
      for (Value t : tags->list().items) d.tags.push_back(Sanitized(t.as_string()));
    }
    if (const Value* on = map.Find("enabled")) d.enabled = on->as_bool();
    if (const Value* import = map.Find("import-values")) d.import_values = *import;
    chart.declared.push_back(std::make_shared<Dependency>(std::move(d)));
  }
}

// The zero of a field that Chart.yaml does not set.
Value Zero(Heap& heap, FieldType type) {
  switch (type) {
    case FieldType::kText:
      return Value::String("");
    case FieldType::kBool:
      return Value::Bool(false);
    case FieldType::kTextMap: {
      Map* none = heap.MakeMap(Element::kString);
      none->is_nil = true;
      return Value::Of(none);
    }
    case FieldType::kTexts:
      return heap.NilList(Element::kString);
    case FieldType::kAnything:
      return heap.NilList();
    default:
      return heap.NilList(Element::kAny, GoType(type));
  }
}

Value MakeStruct(Heap& heap, std::string_view type_name, StructForm form,
                 std::span<const Field> fields, const Map& from) {
  std::vector<StructField> out;
  for (const Field& f : fields) {
    const Value* v = from.Find(f.json);
    Value value = v != nullptr && !v->is_nil() ? *v : Zero(heap, f.type);
    if (f.type == FieldType::kMaintainers && value.is_list()) {
      std::vector<Value> items;
      for (Value item : value.list().items) {
        items.push_back(item.is_map() ? MakeStruct(heap, "*chart.Maintainer", StructForm::kPointer,
                                                   kMaintainer, item.map())
                                      : item);
      }
      value = heap.MakeList(items, Element::kAny, GoType(f.type));
    }
    out.push_back({f.name, f.json, !f.always, value});
  }
  return heap.MakeObject<StructObject>(type_name, form, std::move(out));
}

// The dependencies that are left, as they are called now.
Value MakeDependencies(Heap& heap, const Chart& chart) {
  constexpr std::string_view kType = "[]*chart.Dependency";
  if (!chart.declares) return heap.NilList(Element::kAny, kType);
  std::vector<Value> items;
  for (const auto& shared : chart.declared) {
    const Dependency& d = *shared;
    Map* map = heap.MakeMap();
    map->Set(heap, "name", heap.String(d.name));
    map->Set(heap, "version", heap.String(d.version));
    map->Set(heap, "repository", heap.String(d.repository));
    map->Set(heap, "condition", heap.String(d.condition));
    map->Set(heap, "alias", heap.String(d.alias));
    map->Set(heap, "enabled", Value::Bool(d.enabled));
    std::vector<Value> tags;
    for (const std::string& tag : d.tags) tags.push_back(heap.String(tag));
    if (!tags.empty()) map->Set(heap, "tags", heap.MakeList(tags, Element::kString));
    if (d.import_values.is_list()) map->Set(heap, "import-values", d.import_values);
    items.push_back(MakeStruct(heap, "*chart.Dependency", StructForm::kPointer, kDependency, *map));
  }
  return heap.MakeList(items, Element::kAny, kType);
}

std::string ValidateDependencies(const Chart& chart) {
  std::set<std::string_view> names;
  for (const auto& d : chart.declared) {
    if (d->is_null) return "dependencies must not contain empty or null nodes";
    bool bad = std::ranges::any_of(d->alias, [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_' && c != '-';
    });
    if (bad)
      return fmt::format("dependency {} has disallowed characters in the alias",
                         gotmpl::Quote(d->name));
    std::string_view name = d->alias.empty() ? d->name : d->alias;
    if (!names.insert(name).second)
      return fmt::format("more than one dependency with name or alias {}", gotmpl::Quote(name));
  }
  return {};
}

}  // namespace

std::string DecodeMetadata(Heap& heap, Value from, Chart& chart) {
  if (chart.metadata == nullptr) chart.metadata = heap.MakeMap();
  Decoder decoder(heap);
  if (from.is_map()) {
    for (const gotmpl::Entry& e : decoder.Struct(from.map(), kMetadata, "Metadata.")->entries())
      chart.metadata->Set(heap, e.key, e.value);
  } else if (!from.is_nil()) {
    decoder.Mismatch(from, "", "chart.Metadata");
  }
  Map& m = *chart.metadata;
  // A chart of Helm 2 need not say so.
  if (TextAt(m, "apiVersion").empty()) m.Set(heap, "apiVersion", Value::String("v1"));
  for (std::string_view field :
       {"name", "description", "home", "icon", "condition", "tags", "appVersion", "kubeVersion"}) {
    Value* text = m.Find(field);
    if (text == nullptr) continue;
    std::string clean = Sanitized(text->as_string());
    if (clean != text->as_string()) *text = heap.String(clean, text->origin());
  }
  chart.name = TextAt(m, "name");
  chart.version = TextAt(m, "version");
  chart.type = TextAt(m, "type");
  chart.kube_version = TextAt(m, "kubeVersion");
  chart.api_version = TextAt(m, "apiVersion");
  ReadDependencies(chart);
  return decoder.error();
}

std::string ValidateMetadata(const Chart& chart) {
  const std::string& name = chart.name;
  if (name.empty()) return "chart.metadata.name is required";
  if (name == "." || name == "..")
    return fmt::format("chart.metadata.name \"{}\" is not allowed", name);
  if (name.find('/') != std::string::npos)
    return fmt::format("chart.metadata.name {} is invalid", gotmpl::Quote(name));
  if (chart.version.empty()) return "chart.metadata.version is required";
  if (!IsVersion(chart.version))
    return fmt::format("chart.metadata.version {} is invalid", gotmpl::Quote(chart.version));
  if (!chart.type.empty() && chart.type != "application" && chart.type != "library")
    return "chart.metadata.type must be application or library";
  if (const Value* list = chart.metadata->Find("maintainers")) {
    if (std::ranges::any_of(list->list().items, [](Value v) { return !v.is_map(); }))
      return "maintainers must not contain empty or null nodes";
  }
  return ValidateDependencies(chart);
}

Value MakeChartObject(Heap& heap, const Chart& chart) {
  Map* fields = heap.MakeMap();
  for (const gotmpl::Entry& e : chart.metadata->entries()) fields->Set(heap, e.key, e.value);
  fields->Set(heap, "name", heap.String(chart.name));
  std::vector<StructField> all;

  fields->Set(heap, "dependencies", MakeDependencies(heap, chart));
  Value metadata = MakeStruct(heap, "chart.Metadata", StructForm::kValue, kMetadata, *fields);
  all.push_back({"Metadata", "", false, metadata});
  all.push_back({"IsRoot", "IsRoot", false, Value::Bool(chart.parent == nullptr)});
  return heap.MakeObject<StructObject>("struct { chart.Metadata; IsRoot bool }", StructForm::kValue,
                                       std::move(all));
}

}  // namespace plumbline::helm
