// Helpers of the CEL tests: an expression to the text of its value.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "cel/cel.h"
#include "cel/code.h"
#include "cel/typed_json.h"
#include "value/json.h"

namespace plumbline::cel {

/// Evaluates expressions over JSON variables and shows results as typed JSON; compile errors as
/// "compile: …".
class Calculator {
 public:
  explicit Calculator(bool lenient = false, bool check = true) {
    options_.lenient = lenient;
    options_.check = check;
    limits_.max_steps = 1'000'000;
  }

  Calculator& Var(std::string_view name, std::string_view json, const Type* type = nullptr) {
    values_.push_back(ParseJson(arena_, json, limits_).value());
    return Bind(name, Val::FromValue(&values_.back()), type);
  }
  Calculator& Unknown(std::string_view name, UnknownInfo info = {}) {
    infos_.push_back(info);
    return Bind(name, Val::Unknown(&infos_.back()), nullptr);
  }
  /// A list [1, unknown, 3] as a plain value.
  Calculator& ListWithUnknown(std::string_view name) {
    const Value items[] = {
        Value::Int(1), MakeUnknown(arena_, DynamicType(), "var.x has no default"), Value::Int(3)};
    values_.push_back(MakeTuple(arena_, items));
    return Bind(name, Val::FromValue(&values_.back()), nullptr);
  }
  Calculator& Bind(std::string_view name, Val value, const Type* type) {
    variables_.push_back({name, type});
    bound_.push_back(value);
    return *this;
  }
  Calculator& Functions(std::span<const Function> functions) {
    options_.functions = functions;
    return *this;
  }
  Calculator& Container(std::string_view container) {
    options_.container = container;
    return *this;
  }
  Limits& limits() { return limits_; }

  std::string Run(std::string_view source) {
    options_.variables = variables_;
    options_.limits = &limits_;
    auto code = Compile(source, options_);
    if (!code) return "compile: " + code.error().message;
    if (!IsValidCode(*code)) return "invalid code";
    // At an odd address, as code inside an image may lie.
    codes_.push_back("x" + *code);
    Activation activation;
    activation.variables = bound_;
    activation.functions = options_.functions;
    activation.arena = &arena_;
    activation.limits = &limits_;
    std::string out;
    AppendTypedJson(out, Evaluate(std::string_view(codes_.back()).substr(1), activation));
    return out;
  }

  std::string TypeOf(std::string_view source) {
    options_.variables = variables_;
    auto type = CheckedType(source, options_);
    return type ? *type : "compile: " + type.error().message;
  }

 private:
  CompileOptions options_;
  Limits limits_;
  Arena arena_;
  std::deque<Value> values_;
  std::deque<UnknownInfo> infos_;
  std::deque<std::string> codes_;
  std::vector<Variable> variables_;
  std::vector<Val> bound_;
};

struct Case {
  std::string_view source;
  std::string_view expected;
};

}  // namespace plumbline::cel
