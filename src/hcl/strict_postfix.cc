// `for` expressions, and the steps behind a term: attributes, indexes and splats.
#include <algorithm>

#include "hcl/strict_parser.h"
#include "hcl/text.h"
#include "value/number.h"

namespace plumbline::hcl {

// `for` names `in` collection; the position is at the word `for`.
bool StrictParser::ParseForIntro(std::string_view& key_name, std::string_view& value_name,
                                 const Expr*& collection) {
  p_ += 3;
  SkipBlank();
  value_name = TakeIdentifier();
  if (value_name.empty()) return FailExpected("a variable name behind \"for\"");
  SkipBlank();
  if (Cur() == ',') {
    ++p_;
    SkipBlank();
    key_name = value_name;
    value_name = TakeIdentifier();
    if (value_name.empty()) return FailExpected("a second variable name behind \",\"");
    SkipBlank();
  }
  if (!AtWord("in")) return FailExpected("\"in\" behind the variables of \"for\"");
  p_ += 2;
  collection = ParseExpression();
  return collection != nullptr;
}

const Expr* StrictParser::ParseFor(const char* open, char close) {
  newlines_ = false;
  ForExpr* f = arena_.New<ForExpr>();
  f->is_object = close == '}';
  if (!ParseForIntro(f->key_name, f->value_name, f->collection)) return nullptr;
  SkipBlank();
  if (Cur() != ':') {
    FailExpected("\":\" and the result of \"for\"");
    return nullptr;
  }
  ++p_;
  f->value = ParseExpression();
  if (f->value == nullptr) return nullptr;
  SkipBlank();
  if (Cur() == '=' && Next() == '>') {
    if (!f->is_object) {
      Fail("a \"for\" in [ ] makes a list: expected one value, found a key with \"=>\"");
      return nullptr;
    }
    p_ += 2;
    f->key = f->value;
    f->value = ParseExpression();
    if (f->value == nullptr) return nullptr;
  } else if (f->is_object) {
    FailExpected("\"=>\" and a value: a \"for\" in { } makes an object");
    return nullptr;
  }
  return FinishFor(open, close, f);
}

const Expr* StrictParser::FinishFor(const char* open, char close, ForExpr* f) {
  SkipBlank();
  if (Rest().starts_with("...")) {
    if (!f->is_object) {
      Fail("\"...\" groups the values of an object: expected \"if\" or \"]\"");
      return nullptr;
    }
    f->grouped = true;
    p_ += 3;
    SkipBlank();
  }
  if (AtWord("if")) {
    p_ += 2;
    f->condition = ParseExpression();
    if (f->condition == nullptr) return nullptr;
    SkipBlank();
  }
  if (Cur() != close) {
    FailExpected(f->is_object ? "} at the end of \"for\"" : "\"]\" at the end of \"for\"");
    return nullptr;
  }
  ++p_;
  Expr* e = NewExpr(ExprKind::kFor, open, p_);
  e->for_ = f;
  bool ok =
      Raise(e, f->collection) && Raise(e, f->key) && Raise(e, f->value) && Raise(e, f->condition);
  return ok ? e : nullptr;
}

const Expr* StrictParser::ParseSteps(const Expr* base) {
  std::size_t first = steps_.size();
  bool more = true, attribute_splat = false;
  while (more) {
    if (!ParseStep(more, attribute_splat)) return nullptr;
  }
  if (steps_.size() == first) return base;
  Expr* e = nullptr;
  if (base->kind == ExprKind::kVariable) {
    e = const_cast<Expr*>(base);
  } else {
    e = NewExpr(ExprKind::kTraversal, p_, p_);
    e->span = base->span;
    e->operand = base;
    if (!Raise(e, base)) return nullptr;
  }
  e->steps = arena_.Copy(std::span<const Step>(steps_).subspan(first));
  steps_.resize(first);
  e->span.end = e->steps.back().span.end;
  // Evaluating a splat recurses into what follows it: it counts as a level.
  std::uint32_t splats = 0;
  for (const Step& step : e->steps) {
    if (step.kind == Step::Kind::kAttrSplat || step.kind == Step::Kind::kFullSplat) ++splats;
    if (!Raise(e, step.index)) return nullptr;
  }
  if (splats + e->height > max_depth_) {
    FailAt(e->span, "nested too deeply: more than " + std::to_string(max_depth_) + " levels",
           DiagnosticCode::kLimit);
    return nullptr;
  }
  e->height = static_cast<std::uint16_t>(e->height + splats);
  return e;
}

// One step when there is one; `more` becomes false when there is none.
bool StrictParser::ParseStep(bool& more, bool& attribute_splat) {
  SkipBlank();
  const char* from = p_;
  if (Cur() == '[') {
    attribute_splat = false;
    return ParseBracketStep(from);
  }
  if (Cur() == '.' && !Rest().starts_with("...")) return ParseDotStep(from, attribute_splat);
  more = false;
  return !failed_;
}

bool StrictParser::ParseDotStep(const char* from, bool& attribute_splat) {
  ++p_;
  SkipBlank();
  if (IsDigit(Cur())) return ParseLegacyIndex();
  if (Cur() == '*') {
    if (attribute_splat) return Fail("a splat inside a \".*\" splat is not possible: expected [*]");
    attribute_splat = true;
    ++p_;
    steps_.push_back({.kind = Step::Kind::kAttrSplat, .span = SpanOf(from, p_)});
    return true;
  }
  std::string_view name = TakeIdentifier();
  if (name.empty()) return FailExpected("an attribute name behind \".\"");
  steps_.push_back({.kind = Step::Kind::kAttr, .name = name, .span = SpanOf(from, p_)});
  return true;
}

// `.0`; the dot is behind us. What follows is read as a number, so `.0.1` is the fraction 0.1 and
// no index.
bool StrictParser::ParseLegacyIndex() {
  const char* from = p_;
  const Expr* e = ParseNumberLiteral();
  if (e == nullptr) return false;
  std::string_view text(from, static_cast<std::size_t>(p_ - from));
  if (text.find('.') != std::string_view::npos) {
    return FailAt(SpanOf(from - 1, p_), "two indexes written with dots, ." + std::string(text) +
                                            ", are read as a fraction: expected [n][m]");
  }
  steps_.push_back(
      {.kind = Step::Kind::kIndex, .legacy = true, .index = e, .span = SpanOf(from - 1, p_)});
  return true;
}

bool StrictParser::ParseBracketStep(const char* from) {
  ++p_;
  bool outer = std::exchange(newlines_, false);
  SkipBlank();
  Step step;
  if (Cur() == '*') {
    ++p_;
    step.kind = Step::Kind::kFullSplat;
  } else {
    step.kind = Step::Kind::kIndex;
    step.index = ParseExpression();
    if (step.index == nullptr) return false;
  }
  SkipBlank();
  if (Cur() != ']') return FailExpected("\"]\"");
  ++p_;
  newlines_ = outer;
  step.span = SpanOf(from, p_);
  steps_.push_back(step);
  return true;
}

}  // namespace plumbline::hcl
