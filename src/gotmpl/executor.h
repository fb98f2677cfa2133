// Runs templates, as text/template does with the option missingkey=zero, and notes for every line
// of the output where it comes from.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gotmpl/ast.h"
#include "gotmpl/function.h"
#include "gotmpl/parser.h"
#include "gotmpl/value.h"

namespace plumbline::gotmpl {

/// Bounds on what one rendering may take.
struct ExecutionLimits {
  std::uint64_t steps = 20'000'000;      // nodes walked and functions called
  std::size_t output_bytes = 64u << 20;  // of all texts made
  std::uint32_t depth = 150;             // templates that call templates
  std::uint32_t loop = 2'000'000;        // rounds of one range
};

/// Templates by name; what is added later takes the place of what was there, unless it is empty.
class TemplateSet {
 public:
  explicit TemplateSet(const TemplateSet* base = nullptr) : base_(base) {}
  /// `t` must outlive the set.
  void Add(const Template& t);
  /// Null when there is none.
  const Template* Find(std::string_view name) const;

 private:
  const TemplateSet* base_;
  std::unordered_map<std::string_view, const Template*> by_name_;
};

/// A text that grows, with the origin of each of its lines.
class Output {
 public:
  explicit Output(bool traced) : traced_(traced) { lines_.emplace_back(); }
  /// Text of a template's own, which stands at `at` in its file.
  void AppendLiteral(std::string_view text, Span at);
  /// What an action at `at` prints.
  void Append(std::string_view text, Span at, OriginId origin, const Heap& heap);

  /// What is written from now on is there because of a value. One that decides on all of a file
  /// says nothing about a line of it and is not taken.
  void SetReason(Span from);
  void Restore(Span reason) { reason_ = reason; }
  Span reason() const { return reason_; }
  /// A branch that is not written here because of a value. Of very many on one line the first
  /// count.
  void NoteLeftOut(Span from, std::string_view body, Heap& heap);

  const std::string& text() const { return text_; }
  std::string TakeText() { return std::move(text_); }
  const std::vector<LineOrigin>& lines() const { return lines_; }

 private:
  bool traced_;
  bool has_content_ = false;  // something other than blanks and --- is written
  Span reason_;
  std::string text_;
  std::vector<LineOrigin> lines_;
};

/// Why a template could not be rendered.
struct ExecutionError {
  std::string message;  // Go's: "template: F:L:C: executing "F" at <…>: …"
  Span span;            // of the innermost action that stands in a file
};

class Executor {
 public:
  Executor(Heap& heap, const FunctionSet& functions, const TemplateSet& templates,
           const ExecutionLimits& limits, bool traced)
      : heap_(heap),
        functions_(functions),
        templates_(&templates),
        limits_(limits),
        traced_(traced),
        steps_left_(limits.steps),
        bytes_left_(limits.output_bytes) {}

  /// False on failure: see error(). What was written before it stays in `out`.
  bool Execute(const Template& t, Value data, Output& out);
  const ExecutionError& error() const { return error_; }
  /// Makes ready for another template behind a failed one; false when nothing is left to spend.
  bool Recover();

  // For functions.
  /// The text a named template makes; false: `*error` says why.
  bool Include(std::string_view name, Value data, Value* out, std::string* error);
  /// The text that `text`, read as a template of its own, makes.
  bool RunText(Value text, Value data, Value* out, std::string* error);
  Heap& heap() { return heap_; }
  /// Counts work that a function does beside the walk (a huge `until`); false over the limit.
  bool Spend(std::uint64_t steps) {
    steps_left_ -= std::min(steps, steps_left_);
    return steps_left_ > 0;
  }
  /// Whatever the functions of a set need to share; not owned.
  void* context = nullptr;

 private:
  enum class Flow { kNext, kBreak, kContinue, kFail };
  struct Frame {
    const Template* tmpl;
    std::vector<Value> slots;
    Output* out;
  };
  // What is looked at: messages tell of the last thing that evaluation came to, as Go's do.
  struct Place {
    enum class Kind : std::uint8_t { kNothing, kOperand, kCommand, kPipe, kNode };
    Kind kind = Kind::kNothing;
    const void* what = nullptr;
  };

  Flow WalkList(std::span<const Node* const> nodes, Value dot, Frame& f);
  Flow Walk(const Node& node, Value dot, Frame& f);
  Flow WalkBranch(const Node& node, Value dot, Frame& f);
  Flow WalkRange(const Node& node, Value dot, Frame& f);
  Flow Round(const Node& node, Value index, Value element, bool has_index, Frame& f);
  Flow WalkTemplate(const Node& node, Value dot, Frame& f);

  bool EvalPipe(const Pipe& pipe, Value dot, Frame& f, Value* out);
  bool EvalCommand(const Command& c, Value dot, Frame& f, const Value* final, Value* out);
  bool EvalOperand(const Operand& o, Value dot, Frame& f, Value* out);
  bool EvalArgument(const Operand& o, char type, Value dot, Frame& f, Value* out);
  bool EvalFields(Value receiver, std::span<const std::string_view> names, const Operand& o,
                  std::span<const Operand* const> args, const Value* final, Value dot, Frame& f,
                  Value* out);
  bool EvalField(Value receiver, std::string_view name, const Operand& o,
                 std::span<const Value> args, bool has_args, Value* out);
  bool EvalFunction(const Operand& o, const Command* whole, std::span<const Operand* const> args,
                    const Value* final, Value dot, Frame& f, Value* out);
  bool EvalLogic(const Operand& o, std::span<const Operand* const> args, const Value* final,
                 Value dot, Frame& f, Value* out);
  bool CheckCount(const Function& fn, std::size_t args, bool has_final);
  bool ValidateType(Value v, char type, Value* out);
  bool SetVariable(const Operand& variable, Value v, Frame& f);

  void At(const Operand& o) { at_ = {Place::Kind::kOperand, &o}; }
  void At(const Command& c) { at_ = {Place::Kind::kCommand, &c}; }
  void At(const Pipe& p) { at_ = {Place::Kind::kPipe, &p}; }
  void At(const Node& n) { at_ = {Place::Kind::kNode, &n}; }
  /// Where messages see it, its range in the source, and how Go shows it.
  std::string Shown(std::uint32_t* pos, std::uint32_t* begin, std::uint32_t* end) const;
  bool Step();
  bool Fail(std::string message);
  Span SpanOf(const Template& t, std::uint32_t pos, std::uint32_t end) const;

  Heap& heap_;
  const FunctionSet& functions_;
  const TemplateSet* templates_;
  ExecutionLimits limits_;
  bool traced_;
  std::uint64_t steps_left_;
  std::size_t bytes_left_;
  std::uint32_t depth_ = 0;
  const Template* current_ = nullptr;
  Place at_;
  ExecutionError error_;
  bool failed_ = false;
  std::unordered_map<std::string_view, std::vector<Template>> parsed_texts_;
};

}  // namespace plumbline::gotmpl
