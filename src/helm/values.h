// The values that a chart's templates see: files and --set merged, then coalesced with the defaults
// of the chart and of its dependencies, as Helm does it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gotmpl/value.h"
#include "helm/chart.h"
#include "support/result.h"
#include "yaml/yaml.h"

namespace plumbline::helm {

/// A values file, or a mapping that stands in another file of the SourceMap.
struct ValuesLayer {
  std::string file;
  const yaml::Node* node = nullptr;
};

/// What the user gives beside the chart's own values.
struct ValueOptions {
  std::vector<std::string> files;        // -f, in order; a later file wins
  std::vector<ValuesLayer> layers;       // behind the files
  std::vector<std::string> json;         // --set-json KEY=JSON
  std::vector<std::string> set;          // --set a.b=c,d[0]=e
  std::vector<std::string> set_string;   // --set-string
  std::vector<std::string> set_file;     // --set-file KEY=PATH
  std::vector<std::string> set_literal;  // --set-literal
};

/// The user's values alone. Errors name the file or the flag.
Result<gotmpl::Map*> ReadUserValues(const LoadOptions& options, const ValueOptions& values);

/// What a --set text may hold; the mapping is changed in place.
enum class SetKind : std::uint8_t { kTyped, kString, kLiteral, kJson, kFile };
/// `read_file` serves kFile.
Result<void> ApplySet(const LoadOptions& options, gotmpl::Map& into, std::string_view text,
                      SetKind kind);

/// `from` under `into`: what `into` has stays; with `merge`, nulls stay too, else they delete.
void CoalesceTables(gotmpl::Heap& heap, gotmpl::Map& into, gotmpl::Map& from, bool merge);
/// The chart's own defaults and those of its dependencies below `values`, which is changed.
/// `warnings` takes what Helm would log.
Result<void> Coalesce(gotmpl::Heap& heap, const Chart& chart, gotmpl::Map& values, bool merge,
                      std::vector<std::string>* warnings);

/// The table at "a.b.c"; null when there is none.
gotmpl::Map* FindTable(gotmpl::Map& values, std::string_view path);
/// The value at "a.b.c" that is no table; null when there is none.
const gotmpl::Value* FindPath(gotmpl::Map& values, std::string_view path);

/// Drops disabled dependencies, renames aliased ones, imports their values: what Helm does before
/// it coalesces.
Result<void> ProcessDependencies(gotmpl::Heap& heap, Chart& chart, gotmpl::Map& values,
                                 std::vector<std::string>* warnings);

/// The declared dependencies that charts/ does not hold.
std::vector<std::string> MissingDependencies(const Chart& chart);

/// The values.schema.json of the chart and its dependencies, checked; the error is Helm's message.
Result<void> CheckSchemas(const Chart& chart, gotmpl::Map& values);

}  // namespace plumbline::helm
