// Macros: calls that bind variables. Each becomes a node of its own instead of the specification's
// general fold, which the evaluator then runs as a plain loop. `has` becomes a presence test.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "cel/parser.h"

namespace plumbline::cel {
namespace {

struct Macro {
  std::string_view name;
  Op op;
  std::uint8_t variables;  // how many names
  std::uint8_t bodies;     // how many expressions after them
};

// One line a form; sorted by name.
constexpr auto kMacros = std::to_array<Macro>({
    {"all", Op::kAll, 1, 1},
    {"all", Op::kAll, 2, 1},
    {"exists", Op::kExists, 1, 1},
    {"exists", Op::kExists, 2, 1},
    {"existsOne", Op::kExistsOne, 1, 1},
    {"existsOne", Op::kExistsOne, 2, 1},
    {"exists_one", Op::kExistsOne, 1, 1},
    {"exists_one", Op::kExistsOne, 2, 1},
    {"filter", Op::kFilter, 1, 1},
    {"map", Op::kTransform, 1, 1},
    {"map", Op::kTransform, 1, 2},
    {"optFlatMap", Op::kOptFlatMap, 1, 1},
    {"optMap", Op::kOptMap, 1, 1},
    {"transformList", Op::kTransform, 2, 1},
    {"transformList", Op::kTransform, 2, 2},
    {"transformMap", Op::kTransformMap, 2, 1},
    {"transformMap", Op::kTransformMap, 2, 2},
    {"transformMapEntry", Op::kTransformMapEntry, 2, 1},
    {"transformMapEntry", Op::kTransformMapEntry, 2, 2},
});
static_assert(std::ranges::is_sorted(kMacros, {}, &Macro::name));

constexpr std::string_view kNeedsName = "the macro's variable must be a simple name";

bool IsName(const Ast* node) { return node->op == Op::kIdent && !node->absolute; }

/// Whether `body` reads a field of the variable `name`: then it is no key. Bounded by the height of
/// the tree.
bool ReadsFieldOf(const Ast* body, std::string_view name) {
  bool access = body->op == Op::kSelect || body->op == Op::kOptSelect || body->op == Op::kHas;
  if (access && IsName(body->kids[0]) && body->kids[0]->text == name) return true;
  if (body->variable == name || body->second == name) return ReadsFieldOf(body->kids[0], name);
  return std::ranges::any_of(body->kids, [&](const Ast* kid) { return ReadsFieldOf(kid, name); });
}

std::string_view MemberMacro(Ast& call) {
  std::size_t count = call.kids.size() - 1;
  auto [first, last] = std::ranges::equal_range(kMacros, call.text, {}, &Macro::name);
  const Macro* macro = nullptr;
  for (auto it = first; it != last; ++it) {
    if (std::size_t{it->variables} + it->bodies == count) macro = &*it;
  }
  if (!macro) return {};
  for (std::size_t i = 1; i <= macro->variables; ++i) {
    if (!IsName(call.kids[i])) return kNeedsName;
  }
  call.op = macro->op;
  call.variable = call.kids[1]->text;
  if (macro->variables == 2) call.second = call.kids[2]->text;
  if (call.variable == call.second) return "the macro's two variables have the same name";
  call.has_filter = macro->bodies == 2;
  std::ranges::copy(call.kids.subspan(1u + macro->variables), call.kids.begin() + 1);
  call.kids = call.kids.first(1u + macro->bodies);
  if (macro->variables == 1) {
    call.object_element = std::ranges::any_of(
        call.kids.subspan(1), [&](const Ast* body) { return ReadsFieldOf(body, call.variable); });
  }
  return {};
}

std::string_view HasMacro(Ast& call) {
  Ast* target = call.kids[0];
  if (target->op != Op::kSelect && target->op != Op::kOptSelect) {
    return "has() expects a field selection such as has(x.y)";
  }
  call.op = Op::kHas;
  call.text = target->text;
  call.kids = target->kids;
  return {};
}

/// cel.bind(name, value, body)
std::string_view BindMacro(Ast& call) {
  if (!IsName(call.kids[1])) return kNeedsName;
  call.op = Op::kBind;
  call.variable = call.kids[1]->text;
  call.kids[1] = call.kids[3];
  call.kids[0] = call.kids[2];
  call.kids = call.kids.first(2);
  return {};
}

/// cel.index(n), cel.iterVar(n, m), cel.accuVar(n, m): names that a common-subexpression optimiser
/// makes.
std::string_view NumberedName(Ast& call, std::string_view prefix, Arena& arena) {
  std::string name(prefix);
  for (const Ast* kid : call.kids.subspan(1)) {
    if (kid->op != Op::kInt) return "a number literal is expected here";
    name += fmt::format(":{}", kid->bits);
  }
  call.op = Op::kIdent;
  call.text = arena.CopyString(name);
  call.kids = {};
  return {};
}

/// cel.block([values…], body): body with cel.index(0), cel.index(1), … bound one after the other.
std::string_view BlockMacro(Ast& call, Arena& arena) {
  Ast* values = call.kids[1];
  if (values->op != Op::kList) return "cel.block() expects a list literal";
  Ast* body = call.kids[2];
  for (std::size_t i = values->kids.size(); i-- > 0;) {
    Ast* bind = arena.New<Ast>();
    bind->op = Op::kBind;
    bind->offset = call.offset;
    bind->variable = arena.CopyString(fmt::format("@index:{}", i));
    bind->kids = arena.NewArray<Ast*>(2);
    bind->kids[0] = values->kids[i];
    bind->kids[1] = body;
    bind->height = std::max(values->kids[i]->height, body->height) + 1;
    body = bind;
  }
  call = *body;
  return {};
}

std::string_view CelMacro(Ast& call, Arena& arena) {
  std::size_t count = call.kids.size() - 1;
  if (call.text == "bind" && count == 3) return BindMacro(call);
  if (call.text == "block" && count == 2) return BlockMacro(call, arena);
  if (call.text == "index" && count == 1) return NumberedName(call, "@index", arena);
  if (call.text == "iterVar" && count == 2) return NumberedName(call, "@iterVar", arena);
  if (call.text == "accuVar" && count == 2) return NumberedName(call, "@accuVar", arena);
  return {};
}

}  // namespace

std::string_view ExpandMacro(Ast& call, Arena& arena) {
  if (call.op == Op::kGlobal) {
    return call.text == "has" && call.kids.size() == 1 ? HasMacro(call) : std::string_view();
  }
  if (IsName(call.kids[0]) && call.kids[0]->text == "cel") return CelMacro(call, arena);
  return MemberMacro(call);
}

}  // namespace plumbline::cel
