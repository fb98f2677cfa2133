// One file of typed models → ModelDefinitions.
#include <fmt/format.h>

#include "engine/read_definitions.h"
#include "engine/yaml_reader.h"
#include "support/limits.h"

namespace plumbline::engine {
namespace {

// Models nest fields and entries; deeper than any API nests its objects is a mistake or an attack.
constexpr unsigned kMaxNesting = 32;

class ModelFile {
 public:
  explicit ModelFile(Definitions& out) : out_(out) {}
  void Model(const yaml::Entry& entry);

 private:
  std::vector<FieldDefinition> Fields(const yaml::Node& node, unsigned depth);
  FieldDefinition Field(const yaml::Entry& entry, unsigned depth);
  SourceDefinition Source(const yaml::Node& node);
  void SourceEach(MappingReader& in, SourceDefinition& source);
  EntryDefinition Entry(const yaml::Node& node, unsigned depth);
  void EntryForm(MappingReader& in, EntryDefinition& entry, unsigned depth);
  void EntryMap(MappingReader& in, EntryDefinition& entry);
  std::vector<EntryDefinition> Entries(const yaml::Node& node, unsigned depth);

  Definitions& out_;
};

FieldDefinition ModelFile::Field(const yaml::Entry& entry, unsigned depth) {
  FieldDefinition field;
  field.name = std::string(entry.key);
  field.span = entry.key_span;
  if (entry.value->value.is_string()) {
    field.type = {std::string(entry.value->value.as_string()), entry.value->span};
    return field;
  }
  MappingReader in(out_, *entry.value, fmt::format("field {}", entry.key));
  if (!in.ok()) return field;
  in.Known({"type", "default", "fields", "doc"});
  field.type = in.Text("type", true);
  if (const yaml::Node* fallback = in.Find("default")) field.fallback = fallback->value;
  const bool object = field.type.text == "object" || field.type.text == "list(object)";
  const yaml::Node* fields = in.Find("fields");
  if (object && fields == nullptr) in.Error(field.span, "is an object, so it needs \"fields\"");
  if (!object && fields != nullptr)
    in.Error(field.span, fmt::format("has \"fields\" but is a {}", field.type.text));
  if (object && fields != nullptr) field.fields = Fields(*fields, depth + 1);
  return field;
}

std::vector<FieldDefinition> ModelFile::Fields(const yaml::Node& node, unsigned depth) {
  std::vector<FieldDefinition> out;
  if (!node.value.is_mapping() || depth > kMaxNesting) {
    out_.Error(node.span,
               depth > kMaxNesting ? "fields are nested too deep" : "\"fields\" must be a mapping");
    return out;
  }
  for (const yaml::Entry& e : node.entries) out.push_back(Field(e, depth));
  return out;
}

std::vector<EntryDefinition> ModelFile::Entries(const yaml::Node& node, unsigned depth) {
  std::vector<EntryDefinition> out;
  if (!node.value.is_sequence() || node.items.empty()) {
    out_.Error(node.span, "needs a list of entries that is not empty");
    return out;
  }
  for (const yaml::Node* item : node.items) out.push_back(Entry(*item, depth + 1));
  return out;
}

void ModelFile::EntryMap(MappingReader& in, EntryDefinition& entry) {
  if (const yaml::Node* map = in.Find("map")) {
    entry.has_map = true;
    if (!map->value.is_mapping()) return in.Error(map->span, "needs a mapping for \"map\"");
    for (const yaml::Entry& e : map->entries)
      entry.map.emplace_back(std::string(e.key), e.value->value);
  }
  if (const yaml::Node* other = in.Find("else")) {
    if (!entry.has_map) in.Error(other->span, "has \"else\" without \"map\"");
    entry.otherwise = other->value;
  }
}

void ModelFile::EntryForm(MappingReader& in, EntryDefinition& entry, unsigned depth) {
  using Form = EntryDefinition::Form;
  auto path = [&](std::string_view key) {
    const yaml::Node* node = in.Find(key);
    return node == nullptr ? PathText() : in.PathOf(*node, key).value_or(PathText());
  };
  if (const yaml::Node* list = in.Find("concat")) {
    in.Known({"concat"});
    entry.form = Form::kConcat;
    entry.children = Entries(*list, depth);
  } else if (const yaml::Node* value = in.Find("value")) {
    in.Known({"value"});
    entry.form = Form::kValue;
    entry.value = value->value;
  } else if (in.Find("satellite") != nullptr) {
    in.Known({"satellite", "via", "key", "path", "map", "else"});
    entry.form = Form::kSatellite;
    entry.type = in.Text("satellite", true);
    if (in.Find("via") == nullptr)
      in.Error(in.span(), "needs \"via\": the attribute that refers to this resource");
    entry.via = path("via");
    entry.has_key = in.Find("key") != nullptr;
    entry.key = path("key");
    entry.path = path("path");
  } else if (in.Find("target") != nullptr) {
    in.Known({"target", "type", "path", "map", "else"});
    entry.form = Form::kTarget;
    entry.via = path("target");
    entry.type = in.Text("type", true);
    entry.path = path("path");
  } else if (in.Find("cel") != nullptr) {
    in.Known({"cel", "at"});
    entry.form = Form::kCel;
    entry.cel = in.Text("cel", true);
    entry.path = path("at");
  } else if (in.Find("path") != nullptr) {
    in.Known({"path", "map", "else"});
    entry.path = path("path");
  } else {
    in.Error(in.span(), "is none of the forms path, concat, value, satellite, target, cel");
  }
}

EntryDefinition ModelFile::Entry(const yaml::Node& node, unsigned depth) {
  EntryDefinition entry;
  entry.span = node.span;
  if (depth > kMaxNesting) {
    out_.Error(node.span, "entries are nested too deep");
  } else if (node.value.is_string()) {
    auto path = ParsePath(node.value.as_string());
    if (!path)
      out_.Error(node.span,
                 fmt::format("\"{}\" is no path to an attribute", node.value.as_string()));
    entry.path = path.value_or(PathText());
  } else if (node.value.is_sequence()) {
    entry.form = EntryDefinition::Form::kFirst;
    entry.children = Entries(node, depth);
  } else if (node.value.is_mapping()) {
    MappingReader in(out_, node, "the entry");
    EntryForm(in, entry, depth);
    EntryMap(in, entry);
  } else {
    out_.Error(node.span, "an entry is a path, a list of entries or a mapping");
  }
  return entry;
}

void ModelFile::SourceEach(MappingReader& in, SourceDefinition& source) {
  for (const SourceText& t : in.Texts("each", true)) {
    if (auto path = ParsePath(t.text)) {
      source.each.push_back(std::move(*path));
    } else {
      in.Error(t.span, fmt::format("has no path in \"each\": \"{}\"", t.text));
    }
  }
}

SourceDefinition ModelFile::Source(const yaml::Node& node) {
  SourceDefinition source;
  source.span = node.span;
  MappingReader in(out_, node, "the source");
  if (!in.ok()) return source;
  in.Known({"terraform", "kubernetes", "base", "each", "where", "fields"});
  source.kubernetes = in.Find("kubernetes") != nullptr;
  source.types = in.Texts(source.kubernetes ? "kubernetes" : "terraform", true);
  if (source.types.empty())
    in.Error(node.span, "needs \"terraform: TYPE\" or \"kubernetes: KIND\"");
  if (source.kubernetes && in.Find("terraform") != nullptr)
    in.Error(node.span, "is for one framework");
  if (const yaml::Node* base = in.Find("base"))
    source.base = in.PathOf(*base, "base").value_or(PathText());
  SourceEach(in, source);
  source.where = in.OptionalText("where");
  const yaml::Node* fields = in.Find("fields");
  if (fields == nullptr) return source;
  if (!fields->value.is_mapping()) {
    in.Error(fields->span, "needs a mapping for \"fields\"");
    return source;
  }
  for (const yaml::Entry& e : fields->entries) {
    source.fields.emplace_back(SourceText{std::string(e.key), e.key_span}, Entry(*e.value, 0));
  }
  return source;
}

void ModelFile::Model(const yaml::Entry& entry) {
  ModelDefinition model;
  model.name = {std::string(entry.key), entry.key_span};
  MappingReader in(out_, *entry.value, fmt::format("model {}", entry.key));
  if (!in.ok()) return;
  in.Known({"doc", "fields", "sources"});
  if (const yaml::Node* fields = in.Find("fields")) {
    model.fields = Fields(*fields, 0);
  } else {
    in.Error(entry.key_span, "needs \"fields\"");
  }
  const yaml::Node* sources = in.Find("sources");
  if (sources == nullptr || !sources->value.is_sequence() || sources->items.empty()) {
    in.Error(entry.key_span, "needs \"sources\": a list that is not empty");
  } else {
    for (const yaml::Node* s : sources->items) model.sources.push_back(Source(*s));
  }
  out_.models.push_back(std::move(model));
}

}  // namespace

void ReadModels(const yaml::Node& root, Definitions& out) {
  MappingReader in(out, root, "the file");
  in.Known({"models"});
  MappingReader models(out, *root.Find("models"), "\"models\"");
  if (!models.ok()) return;
  ModelFile file(out);
  for (const yaml::Entry& e : models.node().entries) file.Model(e);
}

}  // namespace plumbline::engine
