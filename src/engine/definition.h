// Rules and models as they are written: what the YAML files say, checked for form, with their
// places, before compilation.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plumbline/finding.h"
#include "support/arena.h"
#include "support/source.h"
#include "value/value.h"

namespace plumbline::engine {

/// A text and where it stands.
struct SourceText {
  std::string text;
  Span span;
};

/// "a.b[0].c"; `.` alone is the empty path.
struct PathStepText {
  std::string key;
  std::int32_t index = -1;
};
using PathText = std::vector<PathStepText>;
/// Nothing when the text is no path. Keys with dots are quoted: `metadata.annotations["a.b/c"]`.
/// `element` (a rule's `as`) may stand in brackets: `self.data[it]`.
std::optional<PathText> ParsePath(std::string_view text, std::string_view element = {});

struct EntryDefinition;
using EntryPtr = std::unique_ptr<EntryDefinition>;

struct EntryDefinition {
  enum class Form : std::uint8_t { kPath, kFirst, kConcat, kValue, kSatellite, kTarget, kCel };
  Form form = Form::kPath;
  Span span;
  PathText path;  // kPath, kSatellite, kTarget; kCel: `at`
  std::vector<EntryDefinition> children;
  SourceText type;  // kSatellite, kTarget
  PathText via, key;
  bool has_key = false;
  SourceText cel;
  Value value;
  bool has_map = false;
  std::vector<std::pair<std::string, Value>> map;
  std::optional<Value> otherwise;
};

struct FieldDefinition {
  std::string name;
  SourceText type;  // "bool", "list(string)", "object", "list(object)"
  std::optional<Value> fallback;
  std::vector<FieldDefinition> fields;
  Span span;
};

struct SourceDefinition {
  bool kubernetes = false;
  std::vector<SourceText> types;
  PathText base;
  std::vector<PathText> each;
  std::optional<SourceText> where;
  std::vector<std::pair<SourceText, EntryDefinition>> fields;  // dotted name → entry
  Span span;
};

struct ModelDefinition {
  SourceText name;
  std::vector<FieldDefinition> fields;
  std::vector<SourceDefinition> sources;
};

struct ExampleDefinition {
  std::string framework;
  bool bad = false;
  std::string text;
};

struct RuleDefinition {
  SourceText id;
  std::string title, why, fix, since;
  Severity severity = Severity::kMedium;
  RuleKind kind = RuleKind::kDefect;
  bool strong = false;
  std::vector<SourceText> aliases;
  std::vector<std::string> links, compliance;
  SourceText on;
  std::optional<SourceText> condition, when, each, when_each, check;
  SourceText as;
  std::vector<SourceText> at;
  SourceText message;
  std::vector<ExampleDefinition> examples;
  std::string file, provider, service;
};

/// Everything read from a set of files. `errors` are complete lines: "file:line: message".
struct Definitions {
  SourceMap sources;
  Arena arena;
  std::vector<RuleDefinition> rules;
  std::vector<ModelDefinition> models;
  std::vector<std::string> errors;

  void Error(Span span, const std::string& message);
};

}  // namespace plumbline::engine
