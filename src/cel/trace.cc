// Joins a tree (what is written) with the events of an evaluation (what happened). A node's number
// is its place in the tree's post-order, as the emitter writes it.
#include "cel/trace.h"

#include <algorithm>
#include <unordered_map>

#include "cel/checker.h"
#include "cel/code.h"
#include "cel/emitter.h"
#include "cel/parser.h"
#include "cel/runtime.h"
#include "cel/tracer.h"

namespace plumbline::cel {
namespace {

constexpr Limits kDefaultLimits;

struct Tree {
  Ast* root = nullptr;
  std::unordered_map<const Ast*, std::uint32_t> numbers;
};

void Number(const Ast* ast, Tree& tree) {
  for (const Ast* kid : ast->kids) Number(kid, tree);
  const auto number = static_cast<std::uint32_t>(tree.numbers.size());
  tree.numbers.emplace(ast, number);
}

// Fields of records are slots in checked code, fields of anything without types.
Op WithoutTypes(Op op) {
  if (op == Op::kSlot) return Op::kSelect;
  return op == Op::kHasSlot ? Op::kHas : op;
}

bool SameNodes(const CodeView& a, const CodeView& b) {
  if (a.header().node_count != b.header().node_count) return false;
  for (std::uint32_t i = 0; i < a.header().node_count; ++i) {
    if (WithoutTypes(a.node(i).op) != WithoutTypes(b.node(i).op)) return false;
  }
  return true;
}

Result<Tree> ParseFor(std::string_view source, std::string_view code, CompileOptions options,
                      Arena& arena) {
  options.check = false;
  Tree out;
  PL_TRY(out.root, Parse(source, arena, options.limits ? *options.limits : kDefaultLimits));
  PL_TRY(CheckResult checked, Check(source, out.root, options, arena));
  const std::string again = Emit(out.root, checked.local_count, options.lenient);
  if (!SameNodes(CodeView(again), CodeView(code))) return Fail("the code is not that of the text");
  Number(out.root, out);
  return out;
}

bool IsLiteral(const Ast& ast) {
  if (ast.op <= Op::kTypeName) return true;
  return ast.op == Op::kList &&
         std::ranges::all_of(ast.kids, [](const Ast* k) { return IsLiteral(*k); });
}

bool IsMacro(Op op) { return op >= Op::kAll && op <= Op::kTransformMapEntry; }
bool IsName(Op op) { return op == Op::kVar || op == Op::kLocal; }
bool IsAccess(Op op) {
  return op == Op::kSelect || op == Op::kSlot || op == Op::kIndex || op == Op::kOptSelect ||
         op == Op::kOptIndex;
}

std::string Collapsed(std::string_view text) {
  std::string out;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == '\\' && i + 1 < text.size()) out += text[i++];
      if (text[i] == quote && c != '\\') quote = 0;
      out += text[i];
      continue;
    }
    if (c == '"' || c == '\'') quote = c;
    const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (blank && (out.empty() || out.back() == ' ')) continue;
    out += blank ? ' ' : c;
  }
  return out;
}

class Builder {
 public:
  Builder(std::string_view source, const Tree& tree, const std::vector<Event>& events)
      : source_(source), tree_(tree), events_(events) {}

  TraceStep Build(const Ast& ast, std::uint32_t event) {
    TraceStep out;
    out.text = Collapsed(source_.substr(ast.begin, ast.end - ast.begin));
    out.evaluated = event != Event::kNoEvent;
    if (out.evaluated) out.value = events_[event].value;
    if (IsAccess(ast.op) || IsName(ast.op)) {
      Path(ast, event, out);
    } else if (ast.op == Op::kHas || ast.op == Op::kHasSlot) {
      Presence(ast, event, out);
    } else if (IsMacro(ast.op)) {
      Macro(ast, event, out);
    } else {
      for (const Ast* kid : ast.kids) AddPart(*kid, ChildOf(event, *kid), out.parts);
    }
    return out;
  }

 private:
  std::uint32_t ChildOf(std::uint32_t event, const Ast& kid) const {
    if (event == Event::kNoEvent) return event;
    const std::uint32_t number = tree_.numbers.at(&kid);
    std::uint32_t child = events_[event].child;
    while (child != Event::kNoEvent && events_[child].node != number) child = events_[child].next;
    return child;
  }

  // A literal's value is what is written.
  void AddPart(const Ast& ast, std::uint32_t event, std::vector<TraceStep>& out) {
    if (!IsLiteral(ast)) out.push_back(Build(ast, event));
  }

  // The links of `ast`, innermost first; what the path starts from becomes a part, unless it is a
  // name.
  void Path(const Ast& ast, std::uint32_t event, TraceStep& out) {
    out.form = TraceStep::Form::kPath;
    if (IsName(ast.op)) return;
    const Ast& base = *ast.kids[0];
    const std::uint32_t inner = ChildOf(event, base);
    if (IsAccess(base.op)) {
      Path(base, inner, out);
    } else if (!IsName(base.op)) {
      AddPart(base, inner, out.parts);
      out.form = TraceStep::Form::kOther;
    }
    TraceLink link;
    if (inner != Event::kNoEvent) link.operand = events_[inner].value;
    if (ast.kids.size() == 2) {
      const std::uint32_t key = ChildOf(event, *ast.kids[1]);
      AddPart(*ast.kids[1], key, out.parts);
      const Val v = key != Event::kNoEvent ? events_[key].value : Val();
      if (v.tag() == Tag::kString) link.name = v.as_string();
      if (v.tag() == Tag::kInt) link.index = v.as_int();
    } else {
      link.name = ast.text;
    }
    out.links.push_back(link);
  }

  void Presence(const Ast& ast, std::uint32_t event, TraceStep& out) {
    Path(ast, event, out);
    if (out.form == TraceStep::Form::kPath) out.form = TraceStep::Form::kPresence;
  }

  void Macro(const Ast& ast, std::uint32_t event, TraceStep& out) {
    out.form = TraceStep::Form::kMacro;
    AddPart(*ast.kids[0], ChildOf(event, *ast.kids[0]), out.parts);
    if (event == Event::kNoEvent) return;
    const Event& macro = events_[event];
    out.total = macro.element.count;
    out.count = macro.element.count > 0 ? macro.element.index + 1 : 0;
    const auto wanted = Wanted(ast.op, macro);
    out.decided = wanted != ElementRole::kOrdinary;
    for (std::uint32_t e = macro.child; e != Event::kNoEvent; e = events_[e].next) {
      const Event& element = events_[e];
      if (element.node != Event::kNoEvent) continue;
      if (out.decided && element.role != wanted) continue;
      TraceElement shown{
          std::string(ast.variable), element.element.index, element.element.first, {}};
      if (element.element.two) {
        shown.name = ast.second;
        shown.value = element.element.second;
      }
      for (const Ast* part : ast.kids.subspan(1)) AddPart(*part, ChildOf(e, *part), shown.parts);
      out.elements.push_back(std::move(shown));
    }
  }

  // Which elements the macro's result comes from; ordinary: from all of them.
  ElementRole Wanted(Op op, const Event& macro) const {
    if (macro.value.is_unknown()) return Has(macro, ElementRole::kUnknown);
    if (macro.value.is_error()) return Has(macro, ElementRole::kError);
    const bool decisive = (op == Op::kAll && !macro.value.is_true()) ||
                          ((op == Op::kExists || op == Op::kExistsOne) && macro.value.is_true());
    return decisive ? Has(macro, ElementRole::kDecisive) : ElementRole::kOrdinary;
  }

  ElementRole Has(const Event& macro, ElementRole role) const {
    for (std::uint32_t e = macro.child; e != Event::kNoEvent; e = events_[e].next) {
      if (events_[e].node == Event::kNoEvent && events_[e].role == role) return role;
    }
    return ElementRole::kOrdinary;
  }

  std::string_view source_;
  const Tree& tree_;
  const std::vector<Event>& events_;
};

}  // namespace

Result<Trace> EvaluateWithTrace(std::string_view source, std::string_view code,
                                const CompileOptions& options, const Activation& activation) {
  Arena arena;
  PL_TRY(Tree tree, ParseFor(source, code, options, arena));
  Tracer tracer(code);
  Trace out;
  out.value = EvaluateTraced(code, activation, tracer);
  out.root = Builder(source, tree, tracer.events()).Build(*tree.root, 0);
  out.complete = !tracer.full();
  return out;
}

bool IsCodeOf(std::string_view source, std::string_view code, const CompileOptions& options) {
  Arena arena;
  return ParseFor(source, code, options, arena).has_value();
}

}  // namespace plumbline::cel
