// How an expression was evaluated: its sub-expressions as they are written, each with its value.
//
// The compiled code itself is run, by the same machine as ever; its text is only parsed again to
// say which part of it a node came from. So what a trace shows is what happened.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cel/cel.h"

namespace plumbline::cel {

/// One `.name` or `[key]` of a path, with what it was applied to.
struct TraceLink {
  Val operand;
  std::string name;         // empty: an index
  std::int64_t index = -1;  // of a list
};

struct TraceElement;

/// A sub-expression.
struct TraceStep {
  enum class Form : std::uint8_t {
    kOther,
    kPath,      // a name, or fields and elements of one: `links`, the innermost first
    kPresence,  // has(path)
    kMacro,     // `elements`
  };
  Form form = Form::kOther;
  std::string text;  // as written; blanks collapsed
  bool evaluated = false;
  Val value;
  std::vector<TraceLink> links;
  std::vector<TraceStep> parts;  // sub-expressions; of a macro: what it runs over
  // Macros.
  std::size_t count = 0;  // of the elements met: all, unless one decided before
  std::size_t total = 0;  // of all elements
  bool decided = false;   // `elements` holds only what decided
  std::vector<TraceElement> elements;
};

/// An element of a macro.
struct TraceElement {
  std::string name;  // of the variable
  std::size_t index = 0;
  Val value;  // of the variable: the element, or a map's key
  std::vector<TraceStep> parts;
};

struct Trace {
  Val value;
  TraceStep root;
  bool complete = true;  // false: parts were left out for want of room
};

/// Runs `code`, which was compiled from `source`. `options` are those of the compilation, save that
/// the variables' types may be missing. Fails when the code is not that of the source.
Result<Trace> EvaluateWithTrace(std::string_view source, std::string_view code,
                                const CompileOptions& options, const Activation& activation);

/// Whether `code` could have been compiled from `source`: the same nodes in the same order.
bool IsCodeOf(std::string_view source, std::string_view code, const CompileOptions& options);

}  // namespace plumbline::cel
