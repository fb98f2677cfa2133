// JSON as Go's encoding/json writes and reads it.
#pragma once

#include <string>
#include <string_view>

#include "gotmpl/value.h"

namespace plumbline::helm {

struct JsonStyle {
  bool escape_html = true;  // < as \u003c
  bool pretty = false;      // with lines and two blanks
};

/// Empty, or why the value has no JSON.
std::string AppendJson(std::string& out, gotmpl::Heap& heap, gotmpl::Value v, JsonStyle style = {});
void AppendJsonString(std::string& out, std::string_view text, bool escape_html);
/// A float as encoding/json writes it; the value must be finite.
std::string JsonFloat(double d);

/// Numbers become float64. Empty, or Go's message.
std::string ReadJson(std::string_view text, gotmpl::Heap& heap, gotmpl::Value* out);

}  // namespace plumbline::helm
