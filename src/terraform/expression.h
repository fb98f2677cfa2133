// Evaluates HCL expressions with the semantics of Terraform 1.11: no short circuit, exact numbers,
// unified conditional arms, unknown values that keep their type and cause. What a name such as
// `var.a` means is asked of `Names`.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "hcl/ast.h"
#include "support/arena.h"
#include "support/limits.h"
#include "terraform/functions.h"
#include "value/value.h"

namespace plumbline::terraform {

struct ModuleInstance;
struct InstanceKey;

/// A name bound by a for expression, a dynamic block or a template's variables. Lives on the stack.
struct Binding {
  std::string_view name;
  Value value;
  const Binding* next = nullptr;
};

/// Where an expression stands.
struct Frame {
  ModuleInstance* module = nullptr;       // null: only constants
  const InstanceKey* instance = nullptr;  // each and count
  const Binding* bindings = nullptr;
  bool is_template = false;  // a template file: nothing but `bindings`
};

struct EvalError {
  std::string message;
  Span span;
  bool fatal =
      false;  // found by Terraform before it evaluates: try() and untaken arms don't hide it
  bool quiet = false;  // no diagnostic: may well be right elsewhere (a file that a build makes), or
                       // the check of the module's files tells it
};

/// The meaning of names, implemented by the project.
class Names {
 public:
  virtual ~Names() = default;
  /// The value of `e` (a kVariable that is no binding) with its first `*used` steps.
  virtual bool Resolve(const hcl::Expr& e, const Frame& frame, Value* out, std::size_t* used) = 0;
  /// The attribute `name` of an object that does not hold it; false when the object is no resource.
  virtual bool OpenAttribute(Value object, std::string_view name, Value* out) = 0;
  /// Whether the module's required_providers name the provider.
  virtual bool RequiresProvider(const Frame& frame, std::string_view provider) = 0;
  /// Told of every attribute read from an object.
  virtual void Touched(Value object, std::string_view name) = 0;
  /// Folders outside of the allowed root whose files functions may read there.
  virtual std::span<const std::string_view> Packages(const Frame& frame) const = 0;
};

class ExprEvaluator {
 public:
  /// `functions.render_template` is set by this class.
  ExprEvaluator(Names& names, FunctionContext functions);
  ExprEvaluator(const ExprEvaluator&) = delete;

  /// False on an error, which `error()` then tells.
  bool Eval(const hcl::Expr& e, const Frame& frame, Value* out);
  bool Fail(std::string message, Span span, bool fatal = false);
  /// Fatal, and told by the check of the module's files already.
  bool FailQuietly(std::string message, Span span);
  const EvalError& error() const { return error_; }
  /// try() then answers as Terraform does for a value that is known in part: with nothing but an
  /// unknown.
  void set_exact(bool exact) { exact_ = exact; }
  bool out_of_steps() const { return steps_left_ == 0; }
  /// Gives the whole bound on steps again.
  void RenewSteps() { steps_left_ = functions_.limits.max_steps; }

  bool ApplySteps(Value v, std::span<const hcl::Step> steps, const Frame& frame, Value* out);
  bool GetAttribute(Value v, std::string_view name, Span span, Value* out);
  bool GetIndex(Value v, Value key, Span span, Value* out);
  /// Converted to the primitive `type`, which values of `kind` have; false (without an error set)
  /// when that cannot be.
  bool ToType(const Type* type, Kind kind, Value v, Value* out);
  bool ToText(Value v, Value* out);
  bool ToNumber(Value v, Value* out);
  bool ToBool(Value v, Value* out);
  /// The elements of anything iterable, with their keys. False when it cannot be iterated.
  bool Renders(Value v) const { return v.is_sequence() || v.is_mapping(); }

  /// An unknown of `type` that keeps the cause and the resources of the unknown values among
  /// `from`.
  Value UnknownFrom(const Type* type, std::span<const Value> from, bool not_null = false);
  Value UnknownFrom(const Type* type, Value from, bool not_null = false) {
    return UnknownFrom(type, std::span<const Value>(&from, 1), not_null);
  }

  /// A template file's text (templatefile, templatestring) with `vars`.
  Result<Value> RenderTemplate(std::string_view text, std::string_view path, Value vars);

  Arena& arena() { return functions_.arena; }
  const FunctionContext& functions() const { return functions_; }

 private:
  bool EvalVariable(const hcl::Expr& e, const Frame& f, Value* out);
  bool EvalTraversal(const hcl::Expr& e, const Frame& f, Value* out);
  bool EvalTuple(const hcl::Expr& e, const Frame& f, Value* out);
  bool EvalObject(const hcl::Expr& e, const Frame& f, Value* out);
  bool EvalConditional(const hcl::Expr& e, const Frame& f, Value* out);
  bool EvalBinary(const hcl::Expr& e, const Frame& f, Value* out);
  bool EvalUnary(const hcl::Expr& e, const Frame& f, Value* out);
  bool EvalCall(const hcl::Expr& e, const Frame& f, Value* out);
  bool EvalTry(const hcl::Expr& e, const Frame& f, Value* out);
  bool EvalCan(const hcl::Expr& e, const Frame& f, Value* out);
  bool EvalTemplate(const hcl::Expr& e, const Frame& f, bool unwrap, Value* out);
  bool EvalIfDirective(const hcl::Expr& e, const Frame& f, Value* out);
  bool EvalForDirective(const hcl::Expr& e, const Frame& f, Value* out);
  bool EvalFor(const hcl::Expr& e, const Frame& f, Value* out);
  struct ForState;
  bool ForElement(const hcl::Expr& e, const Frame& f, ForState& state, Value key, Value value);
  bool Condition(Value condition, Span span, const char* null_message, const char* type_message,
                 Value* out);

  bool Arithmetic(hcl::Op op, Value a, Value b, Span span, Value* out);
  bool Ordering(hcl::Op op, Value a, Value b, Span span, Value* out);
  bool Logic(hcl::Op op, Value a, Value b, Span span, Value* out);
  Value Equal(Value a, Value b);
  bool TemplatePart(const hcl::Expr& part, const Frame& f, Value* out);
  Value JoinParts(std::span<const Value> parts, std::uint8_t marks);

  bool CallProvider(const hcl::Expr& e, std::span<const Value> args, const Frame& f, Value* out);
  Result<Value> EncodeExpression(Value v);
  Result<Value> EncodeVariables(Value v);
  Result<Value> DecodeVariables(Value v);
  bool CheckCondition(const hcl::Expr& e, const Frame& f);
  bool UnknownSplat(Value v, std::span<const hcl::Step> steps, const Frame& f, Value* out);
  bool AttrSplat(Value v, std::span<const hcl::Step> steps, Span span, const Frame& f, Value* out);
  bool UnknownAttribute(Value v, std::string_view name, Span span, Value* out);
  bool UnknownIndex(Value v, Value key, Span span, Value* out);
  const Type* TupleElement(const Type* tuple, Value key) const;

  Names& names_;
  FunctionContext functions_;
  EvalError error_;
  bool exact_ = false;
  std::uint32_t depth_ = 0;
  std::uint32_t template_depth_ = 0;
  std::uint32_t try_depth_ = 0;  // inside try() and can() nobody reads the messages
  std::uint64_t steps_left_;
  std::uintptr_t stack_base_;
};

/// Sorts `members` in place (of equal keys the last wins) and makes an object of them; keys are not
/// copied.
Value SealObject(Arena& arena, std::span<Member> members);
/// A tuple of `items`, which already lie in the arena.
Value SealTuple(Arena& arena, std::span<const Value> items);
/// The value in Unicode normal form C, as Terraform keeps strings.
Value MakeText(Arena& arena, std::string_view text);

}  // namespace plumbline::terraform
