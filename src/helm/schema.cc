// values.schema.json, through valijson. Values are checked as JSON, which is how Helm sees them.
#include <fmt/format.h>

#include <exception>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "helm/values.h"

namespace plumbline::helm {
namespace {

using gotmpl::Kind;
using nlohmann::json;

constexpr int kMaxDepth = 200;

json ToJson(gotmpl::Value v, int depth) {
  if (depth > kMaxDepth) return nullptr;
  switch (v.kind()) {
    case Kind::kBool:
      return v.as_bool();
    case Kind::kInt:
    case Kind::kInt64:
    case Kind::kUint64:
      return v.as_int();
    case Kind::kFloat64: {
      double d = v.as_float();
      auto whole = static_cast<std::int64_t>(d);
      // 1.0 is an integer to JSON Schema.
      if (d > -9e15 && d < 9e15 && static_cast<double>(whole) == d) return whole;
      return d;
    }
    case Kind::kString:
      return std::string(v.as_string());
    case Kind::kList: {
      json out = json::array();
      for (gotmpl::Value item : v.list().items) out.push_back(ToJson(item, depth + 1));
      return out;
    }
    case Kind::kMap: {
      json out = json::object();
      for (const gotmpl::Entry& e : v.map().entries())
        out[std::string(e.key)] = ToJson(e.value, depth + 1);
      return out;
    }
    default:
      return nullptr;
  }
}

std::string Pointer(const std::string& context) {
  // "<root>[resources][requests]" → "/resources/requests"
  std::string out;
  std::string_view rest = context;
  while (!rest.empty()) {
    std::size_t open = rest.find('[');
    std::size_t close = rest.find(']', open);
    if (open == std::string_view::npos || close == std::string_view::npos) break;
    out += "/";
    out += rest.substr(open + 1, close - open - 1);
    rest.remove_prefix(close + 1);
  }
  return out;
}

// The chart's own schema; empty when its values keep to it.
std::string Check(const Chart& chart, gotmpl::Map& values) {
  if (chart.schema.empty()) return {};
  json schema_json = json::parse(chart.schema, nullptr, false);
  if (schema_json.is_discarded()) return "- values.schema.json is not valid JSON\n";
  json value_json = ToJson(gotmpl::Value::Of(&values), 0);
  // valijson tells of schemas that it cannot read by exceptions, which end here.
  try {
    valijson::Schema schema;
    valijson::SchemaParser parser;
    valijson::adapters::NlohmannJsonAdapter schema_adapter(schema_json);
    parser.populateSchema(schema_adapter, schema);
    valijson::Validator validator;
    valijson::ValidationResults results;
    valijson::adapters::NlohmannJsonAdapter target(value_json);
    if (validator.validate(schema, target, &results)) return {};
    std::string out;
    valijson::ValidationResults::Error error;
    while (results.popError(error)) {
      std::string context;
      for (const std::string& part : error.context) context += part;
      out += fmt::format("- at '{}': {}\n", Pointer(context), error.description);
    }
    return out.empty() ? "- the values do not keep to the schema\n" : out;
  } catch (const std::exception& e) {
    return fmt::format("- values.schema.json cannot be used: {}\n", e.what());
  }
}

void CheckAll(const Chart& chart, gotmpl::Map& values, std::string& out, int depth) {
  if (depth > kMaxDepth) return;
  if (std::string faults = Check(chart, values); !faults.empty())
    out += fmt::format("{}:\n{}", chart.name, faults);
  for (const auto& below : chart.dependencies) {
    gotmpl::Value* own = values.Find(below->name);
    if (own != nullptr && own->is_map()) CheckAll(*below, own->map(), out, depth + 1);
  }
}

}  // namespace

Result<void> CheckSchemas(const Chart& chart, gotmpl::Map& values) {
  std::string faults;
  CheckAll(chart, values, faults, 0);
  if (faults.empty()) return {};
  return Fail("values don't meet the specifications of the schema(s) in the following chart(s):\n" +
              faults);
}

}  // namespace plumbline::helm
