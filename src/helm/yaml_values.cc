#include "helm/yaml_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <vector>

#include "gotmpl/format.h"
#include "gotmpl/utf8.h"
#include "helm/yaml_check.h"
#include "value/number.h"
#include "yaml/parse.h"
#include "yaml/scalar.h"

namespace plumbline::helm {
namespace {

using gotmpl::Heap;
using gotmpl::Map;

class Converter {
 public:
  Converter(Heap& heap, std::string_view text, gotmpl::OriginId text_origin, YamlNumbers numbers)
      : heap_(heap), text_(text), text_origin_(text_origin), numbers_(numbers) {}
  Converter(Heap& heap, const SourceMap& sources) : heap_(heap), sources_(&sources) {}

  YamlReading Run(const yaml::Node& node) {
    reading_.value = Convert(node, 0);
    return std::move(reading_);
  }

 private:
  gotmpl::Value Fail(std::string message, Span span) {
    if (reading_.error.empty()) {
      reading_.error = std::move(message);
      reading_.error_span = span;
    }
    return gotmpl::Value::Nil();
  }

  gotmpl::OriginId OriginOf(Span span) {
    if (span.valid()) return heap_.AddOrigin(span);
    if (text_origin_ == 0) return 0;
    if (line_ends_.empty()) {
      for (std::size_t i = 0; i < text_.size(); ++i) {
        if (text_[i] == '\n') line_ends_.push_back(static_cast<std::uint32_t>(i));
      }
      line_ends_.push_back(static_cast<std::uint32_t>(text_.size()));
    }
    auto line = std::ranges::lower_bound(line_ends_, span.begin) - line_ends_.begin();
    gotmpl::LineOrigin origin = heap_.OriginOf(text_origin_, static_cast<std::size_t>(line));
    if (!origin.at.valid() && !origin.from.valid() && !origin.made_up) return 0;
    return heap_.AddOrigin(std::span<const gotmpl::LineOrigin>(&origin, 1));
  }

  bool IsQuoted(Span span) const {
    std::string_view text = text_;
    if (sources_ != nullptr) text = span.valid() ? sources_->Text(span.file) : std::string_view();
    if (span.begin >= text.size()) return false;
    char c = text[span.begin];
    return c == '"' || c == '\'' || c == '|' || c == '>' || c == '!';
  }

  gotmpl::Value Convert(const yaml::Node& node, int depth) {
    constexpr int kMaxDepth = 2000;  // the reader's own limit is tighter
    if (depth > kMaxDepth) return Fail("nested too deep", node.span);
    const Value& v = node.value;
    gotmpl::Value out;
    if (v.is_mapping()) {
      out = Mapping(node, depth);
    } else if (v.is_sequence()) {
      out = Sequence(node, depth);
    } else if (v.is_bool()) {
      out = gotmpl::Value::Bool(v.as_bool());
    } else if (v.is_number()) {
      out = numbers_ == YamlNumbers::kExact ? Exact(v) : gotmpl::Value::Float(ToDouble(v));
    } else if (v.is_string()) {
      out = Text(node);
    } else {
      out = gotmpl::Value::Nil();
    }
    return out.WithOrigin(OriginOf(node.span));
  }

  // JSON has no infinities, which only a text without quotes can be.
  gotmpl::Value Text(const yaml::Node& node) {
    std::string_view s = node.value.as_string();
    if (s.size() >= 4 && s.size() <= 5 && !IsQuoted(node.span)) {
      std::string_view word = s[0] == '+' || s[0] == '-' ? s.substr(1) : s;
      if (word == ".inf" || word == ".Inf" || word == ".INF")
        return Fail(fmt::format("json: unsupported value: {}Inf", s[0] == '-' ? '-' : '+'),
                    node.span);
      if (s == ".nan" || s == ".NaN" || s == ".NAN")
        return Fail("json: unsupported value: NaN", node.span);
    }
    return gotmpl::Value::String(s);
  }

  gotmpl::Value Sequence(const yaml::Node& node, int depth) {
    std::vector<gotmpl::Value> items;
    items.reserve(node.items.size());
    for (const yaml::Node* item : node.items) items.push_back(Convert(*item, depth + 1));
    return heap_.MakeList(items);
  }

  gotmpl::Value Mapping(const yaml::Node& node, int depth) {
    std::vector<std::pair<std::string_view, const yaml::Node*>> members;
    members.reserve(node.entries.size());
    for (const yaml::Entry& e : node.entries) {
      auto key = KeyOf(e);
      if (!key) return gotmpl::Value::Nil();
      members.emplace_back(*key, e.value);
    }
    std::ranges::stable_sort(members, {}, [](const auto& m) { return m.first; });
    Map* map = heap_.MakeMap();
    for (const auto& [key, value] : members) map->Set(heap_, key, Convert(*value, depth + 1));
    return gotmpl::Value::Of(map);
  }

  // As Go's %#v shows a scalar.
  std::string Shown(const yaml::Node& node) {
    const Value& v = node.value;
    if (v.is_string()) return gotmpl::Quote(v.as_string());
    if (v.is_null()) return "<nil>";
    if (v.is_bool() || v.is_number()) return gotmpl::Sprint(Convert(node, 0));
    return v.is_mapping() ? "map[interface {}]interface {}" : "[]interface {}";
  }

  // A key without quotes may be another word for true, or a number in another notation.
  std::optional<std::string_view> KeyOf(const yaml::Entry& e) {
    if (IsQuoted(e.key_span)) return e.key;
    Value v = yaml::ResolveScalar(heap_.arena(), e.key, "?");
    if (v.is_string()) return e.key;
    if (v.is_bool()) return v.as_bool() ? "true" : "false";
    if (v.is_null()) {
      Fail("unsupported map key of type: %!s(<nil>), key: <nil>, value: " + Shown(*e.value),
           e.key_span);
      return std::nullopt;
    }
    if (v.number_rep() == NumberRep::kInt && e.key.find_first_of(".eE") == std::string_view::npos)
      return heap_.Text(std::to_string(v.as_int()));
    if (v.number_rep() == NumberRep::kInt && e.key.starts_with("0x"))
      return heap_.Text(std::to_string(v.as_int()));
    // As a float of 32 bits is printed.
    char digits[64];
    auto end = std::to_chars(digits, digits + sizeof digits - 1, static_cast<float>(ToDouble(v)));
    *end.ptr = '\0';
    return heap_.Text(gotmpl::FormatFloat(std::strtod(digits, nullptr), 'g', -1));
  }

  static gotmpl::Value Exact(const Value& v) {
    if (v.number_rep() == NumberRep::kInt) return gotmpl::Value::Int64(v.as_int());
    double d = ToDouble(v);
    if (v.number_rep() != NumberRep::kDouble && d > 9e18 && d < 1.8446744073709552e19)
      return gotmpl::Value::Uint64(static_cast<std::uint64_t>(d));
    return gotmpl::Value::Float(d);
  }

  static double ToDouble(const Value& v) {
    if (v.number_rep() == NumberRep::kInt) return static_cast<double>(v.as_int());
    if (v.number_rep() == NumberRep::kDouble) return v.as_double();
    return plumbline::ToDouble(v);
  }

  Heap& heap_;
  std::string_view text_;
  gotmpl::OriginId text_origin_ = 0;
  YamlNumbers numbers_ = YamlNumbers::kFloat;
  const SourceMap* sources_ = nullptr;
  std::vector<std::uint32_t> line_ends_;
  YamlReading reading_;
};

std::size_t LineOf(std::string_view text, std::uint32_t at) {
  return 1 + static_cast<std::size_t>(std::ranges::count(text.substr(0, at), '\n'));
}

constexpr std::string_view kConverting = "error converting YAML to JSON: ";

}  // namespace

YamlReading ValueOfYaml(Heap& heap, const yaml::Node& node, std::string_view text) {
  return Converter(heap, text, 0, YamlNumbers::kFloat).Run(node);
}

YamlReading ValueOfYaml(Heap& heap, const yaml::Node& node, const SourceMap& sources) {
  return Converter(heap, sources).Run(node);
}

std::string NotAMap(gotmpl::Value v) {
  std::string_view kind = v.is_list()     ? "array"
                          : v.is_string() ? "string"
                          : v.is_number() ? "number"
                                          : "bool";
  return fmt::format("{}json: cannot unmarshal {} into Go value of type map[string]interface {{}}",
                     kDecoding, kind);
}

YamlReading ReadYaml(Heap& heap, FileId file, std::string_view text, gotmpl::OriginId text_origin,
                     YamlNumbers numbers) {
  YamlReading reading;
  reading.value = gotmpl::Value::Nil();
  Diagnostics diagnostics;
  bool simple = false;
  auto documents = yaml::ParseWith(yaml::Readers::kAll, file, text, heap.arena(), Limits{},
                                   diagnostics, &simple);
  if (YamlFault fault = CheckYaml(text, simple); !fault.message.empty()) {
    auto at = static_cast<std::uint32_t>(fault.at);
    reading.error = fmt::format("{}yaml: {}", kConverting, fault.message);
    reading.error_span = {file, at, at};
    return reading;
  }
  std::uint32_t first_end = documents.empty() ? 0 : documents[0].span.end;
  for (const Diagnostic& d : diagnostics) {
    // Only the first document counts, and a key that is set twice is no fault.
    if (d.code == DiagnosticCode::kDuplicate) continue;
    if (!documents.empty() && d.span.begin > first_end) continue;
    reading.error =
        fmt::format("{}yaml: line {}: {}", kConverting, LineOf(text, d.span.begin), d.message);
    reading.error_span = d.span;
    return reading;
  }
  if (documents.empty() || documents[0].root == nullptr) return reading;
  reading = Converter(heap, text, text_origin, numbers).Run(*documents[0].root);
  if (!reading.error.empty()) reading.error.insert(0, kConverting);
  return reading;
}

}  // namespace plumbline::helm
