// The compiler's inside: state shared by the compilation of models (compile_model.cc) and rules
// (compile_rule.cc).
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cel/cel.h"
#include "engine/compile.h"
#include "engine/functions.h"
#include "engine/image_builder.h"
#include "engine/type_pattern.h"

namespace plumbline::engine {

/// A model's record as CEL sees it, with what the binding of sources needs.
struct RecordInfo {
  cel::RecordType type;
  std::vector<cel::RecordField> fields;
};

class Compiler {
 public:
  Compiler(Definitions& definitions, const CompileSettings& settings)
      : definitions_(definitions), settings_(settings) {}

  std::string Run();

 private:
  struct Model {
    std::uint32_t index = kNone;
    bool in_base = false;
    const cel::Type* type = nullptr;
  };

  // compile_model.cc
  void CompileModel(const ModelDefinition& model);
  std::uint32_t CompileRecord(const std::string& name, const std::vector<FieldDefinition>& fields);
  FieldDef CompileField(const std::string& record, const FieldDefinition& field);
  std::uint32_t CompileType(const std::string& record, const FieldDefinition& field,
                            std::string_view text, unsigned depth);
  void CheckFallback(const FieldDefinition& field);
  SourceDef CompileSource(const ModelDefinition& model, const SourceDefinition& source,
                          const SourceText& type);
  std::uint32_t CompileBindings(const std::vector<FieldDefinition>& fields,
                                const SourceDefinition& source, const std::string& prefix);
  std::uint32_t CompileEntry(const EntryDefinition& entry, bool kubernetes);
  void CheckSourceFields(const ModelDefinition& model, const SourceDefinition& source);

  // compile_types.cc: the types of records for CEL; `base` says in which image an index is.
  const cel::Type* CelType(bool base, std::uint32_t type);
  const cel::Type* RecordCelType(bool base, std::uint32_t record);
  void AddBaseModels();
  template <typename T>
  const T& Part(bool base, std::uint32_t index) {
    return base ? settings_.base.At<T>(index) : out_.Of<T>()[index];
  }
  std::string_view PartText(bool base, Str text) {
    return base ? settings_.base.Text(text) : out_.Read(text);
  }

  // compile_rule.cc
  void CompileRules();
  void CompileRule(const RuleDefinition& rule);
  std::uint32_t CompileOn(const RuleDefinition& rule);
  std::uint32_t AddOn(const SourceText& on);
  void CompileTexts(const RuleDefinition& rule, RuleDef& out);
  Range<MessageDef> CompileMessage(const RuleDefinition& rule, const cel::CompileOptions& options);
  std::uint32_t CompileEachPath(const RuleDefinition& rule, const cel::Type* self, RuleDef& out,
                                const cel::Type*& element);
  std::optional<AtDef> CompileAt(const SourceText& at, const RuleDefinition& rule,
                                 const cel::Type* self, const cel::Type* element);
  const cel::Type* WalkType(const cel::Type* type, const PathText& path, Span span);
  void CheckDuplicates();
  void BuildIndex();

  // compile.cc
  enum class Expected { kAny, kBool, kList };
  std::uint32_t Expression(const SourceText& text, std::string_view what,
                           const cel::CompileOptions& options, Expected expected);
  std::uint32_t Constant(const Value& value);
  PathDef Path(const PathText& path);
  std::uint32_t Pattern(const TypeName& name);
  std::optional<TypeName> TypeNameOf(bool kubernetes, const SourceText& text);
  cel::CompileOptions Options(std::span<const cel::Variable> variables);

  Definitions& definitions_;
  CompileSettings settings_;
  ImageBuilder out_;
  std::map<std::string, Model, std::less<>> models_;
  std::map<std::string, std::uint32_t, std::less<>> ons_;
  std::map<std::string, std::uint32_t, std::less<>> patterns_;
  std::vector<std::vector<std::uint32_t>> rules_of_;  // by OnDef
  std::deque<cel::Type> types_;
  std::deque<RecordInfo> records_;
  std::deque<std::string> names_;
  std::map<std::pair<bool, std::uint32_t>, const cel::Type*> record_types_;
};

}  // namespace plumbline::engine
