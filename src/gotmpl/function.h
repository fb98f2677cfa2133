// Functions that templates call. A function says what it takes in one short text; the executor
// checks and converts arguments as Go's reflection would before it runs.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "gotmpl/value.h"

namespace plumbline::gotmpl {

class Executor;

/// One call. Arguments are already of the types that the function's `parameters` say.
struct Call {
  Executor& executor;
  Heap& heap;
  std::span<const Value> args;
  Value result = {};
  std::string error = {};

  std::string_view Text(std::size_t i) const { return args[i].as_string(); }
  std::int64_t Int(std::size_t i) const { return args[i].as_int(); }
  bool Return(Value v) {
    result = v;
    return true;
  }
  /// A new text; `origin` says where it comes from.
  bool Return(std::string_view text, OriginId origin = 0) {
    return Return(heap.String(text, origin));
  }
  bool Fail(std::string message) {
    error = std::move(message);
    return false;
  }
};

struct Function {
  std::string_view name;
  /// One letter a parameter: v anything, s string, i int, l int64, f float64, b bool, m a map with
  /// string keys, a list of anything: a, S []string, t an object of the type
  /// time.Time, c one of sprig.certificate. A `*` behind the last: any number of them.
  std::string_view parameters;
  /// False after Call::Fail.
  bool (*run)(Call& call) = nullptr;
};

/// The functions of several tables, found by one look.
class FunctionSet {
 public:
  /// `table` must outlive the set. Later tables win.
  void Add(std::span<const Function> table) {
    for (const Function& f : table) by_name_[f.name] = &f;
  }
  /// Null when there is none.
  const Function* Find(std::string_view name) const;

 private:
  std::unordered_map<std::string_view, const Function*> by_name_;
};

/// Go's own functions, without `and` and `or`, which the executor knows.
std::span<const Function> BuiltinFunctions();

}  // namespace plumbline::gotmpl
