#include "cel/checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "cel/builtins.h"
#include "cel/messages.h"
#include "cel/parser.h"
#include "cel/signature.h"

namespace plumbline::cel {
namespace {

constexpr auto kTypeNames = std::to_array<std::string_view>(
    {"bool", "bytes", "double", "google.protobuf.Duration", "google.protobuf.Timestamp", "int",
     "list", "map", "net.CIDR", "net.IP", "null_type", "optional_type", "string", "type", "uint"});
static_assert(std::ranges::is_sorted(kTypeNames));

std::string_view OperatorOverloads(Op op, bool lenient) {
  switch (op) {
    case Op::kAdd:
      return lenient ? "ii>i ff>f uu>u NN>N ss>s yy>y LL>= DD>D TD>T DT>T"
                     : "ii>i ff>f uu>u ss>s yy>y LL>= DD>D TD>T DT>T";
    case Op::kSub:
      return lenient ? "ii>i ff>f uu>u NN>N DD>D TD>T TT>D" : "ii>i ff>f uu>u DD>D TD>T TT>D";
    case Op::kMul:
    case Op::kDiv:
      return lenient ? "ii>i ff>f uu>u NN>N" : "ii>i ff>f uu>u";
    case Op::kMod:
      return "ii>i uu>u";
    case Op::kNegate:
      return "i>i f>f";
    case Op::kNot:
      return "b>b";
    default:
      return "NN>b ss>b bb>b yy>b DD>b TT>b";
  }
}

std::string_view OperatorName(Op op) {
  constexpr std::string_view kNames[] = {
      "+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "in", "!", "-"};
  return kNames[static_cast<int>(op) - static_cast<int>(Op::kAdd)];
}

std::string Names(std::span<const Type* const> types) {
  std::string out;
  for (const Type* type : types) out += (out.empty() ? "" : ", ") + NameOf(type);
  return out;
}

class Checker {
 public:
  Checker(const CompileOptions& options, Arena& arena) : options_(options), arena_(arena) {}

  const Type* Visit(Ast* ast) {
    const Type* type = VisitNode(ast);
    ast->type = options_.check && type ? type : &kDynType;
    return ast->type;
  }

  bool failed() const { return failed_; }
  Error ErrorIn(std::string_view source) const { return ErrorAt(source, error_offset_, error_); }
  std::uint32_t local_count() const { return local_count_; }

 private:
  struct Local {
    std::string_view name;
    std::uint32_t slot;
    const Type* type;
  };

  /// A fault is an error of the compilation, or in unchecked code an error where it is evaluated.
  const Type* Fault(Ast* ast, std::string message) {
    if (options_.check && !failed_) {
      failed_ = true;
      error_ = std::move(message);
      error_offset_ = ast->offset;
    } else if (!options_.check) {
      ast->op = Op::kFail;
      ast->text = arena_.CopyString(message);
      ast->kids = {};
    }
    return &kDynType;
  }

  const Type* ListOf(const Type* element) {
    return arena_.New<Type>(TypeKind::kList, nullptr, element, nullptr);
  }
  const Type* MapOf(const Type* key, const Type* element) {
    return arena_.New<Type>(TypeKind::kMap, key, element, nullptr);
  }
  const Type* OptionalOf(const Type* element) {
    return arena_.New<Type>(TypeKind::kOptional, nullptr, element, nullptr);
  }

  const Type* VisitNode(Ast* ast) {
    switch (ast->op) {
      case Op::kNull:
        return &kNullType;
      case Op::kBool:
        return &kBoolType;
      case Op::kInt:
        return &kIntType;
      case Op::kUint:
        return &kUintType;
      case Op::kDouble:
        return &kDoubleType;
      case Op::kString:
        return &kStringType;
      case Op::kBytes:
        return &kBytesType;
      case Op::kTypeName:
        return &kTypeType;
      case Op::kVar:
      case Op::kLocal:
        return ast->type;
      case Op::kIdent:
        return ResolveChain(ast), VisitResolved(ast);
      case Op::kSelect:
        return VisitSelect(ast);
      case Op::kHas:
        return Field(ast, Visit(ast->kids[0]), Op::kHasSlot), &kBoolType;
      case Op::kOptSelect:
        return OptField(ast);
      case Op::kIndex:
        return VisitIndex(ast);
      case Op::kOptIndex: {
        const Type* element = VisitIndex(ast);
        return element->kind == TypeKind::kOptional ? element : OptionalOf(element);
      }
      case Op::kEq:
      case Op::kNe:
        return VisitEquality(ast);
      case Op::kIn:
        return VisitIn(ast);
      case Op::kCond:
        return VisitCond(ast);
      case Op::kAnd:
      case Op::kOr:
        for (Ast* kid : ast->kids) Condition(kid);
        return &kBoolType;
      case Op::kList:
        return VisitList(ast);
      case Op::kMap:
        return VisitMap(ast);
      case Op::kGlobal:
        return VisitGlobal(ast);
      case Op::kMember:
        return VisitMember(ast);
      case Op::kStruct:
        return VisitMessage(ast);
      case Op::kBind:
      case Op::kOptMap:
      case Op::kOptFlatMap:
        return VisitBind(ast);
      case Op::kAll:
      case Op::kExists:
      case Op::kExistsOne:
      case Op::kFilter:
      case Op::kTransform:
      case Op::kTransformMap:
      case Op::kTransformMapEntry:
        return VisitMacro(ast);
      default:
        return VisitOperator(ast);
    }
  }

  const Type* VisitResolved(const Ast* ast) {
    return ast->op == Op::kIdent ? &kDynType : ast->type;
  }

  // --- Names ---

  static Ast* RootOf(Ast* ast) {
    while (ast->op == Op::kSelect) ast = ast->kids[0];
    return ast->op == Op::kIdent ? ast : nullptr;
  }

  static std::string PathOf(const Ast* ast) {
    if (ast->op == Op::kIdent) return std::string(ast->text);
    return PathOf(ast->kids[0]) + "." + std::string(ast->text);
  }

  const Local* FindLocal(const Ast* root) const {
    if (root->absolute) return nullptr;
    auto it = std::find_if(locals_.rbegin(), locals_.rend(),
                           [&](const Local& l) { return l.name == root->text; });
    return it == locals_.rend() ? nullptr : &*it;
  }

  /// The meanings of a name in the container, the innermost first: `a.b.x`, `a.x`, `x`.
  template <typename Find>
  auto InContainers(const std::string& name, bool absolute, Find find) -> decltype(find(name)) {
    std::string_view container = absolute ? std::string_view() : options_.container;
    while (!container.empty()) {
      if (auto found = find(fmt::format("{}.{}", container, name))) return found;
      std::size_t dot = container.rfind('.');
      container = dot == std::string_view::npos ? std::string_view() : container.substr(0, dot);
    }
    return find(name);
  }

  const Variable* FindVariable(const std::string& name) const {
    auto it = std::ranges::find(options_.variables, name, &Variable::name);
    return it == options_.variables.end() ? nullptr : &*it;
  }

  void BecomeVariable(Ast* ast, const Variable& variable) {
    ast->op = Op::kVar;
    ast->kids = {};
    ast->slot = static_cast<std::uint32_t>(&variable - options_.variables.data());
    ast->type = variable.type && options_.check ? variable.type : &kDynType;
  }

  /// Decides what the names at the start of `a.b.c` mean: the longest variable, else a type.
  void ResolveChain(Ast* top) {
    Ast* root = RootOf(top);
    if (const Local* local = FindLocal(root)) {
      root->op = Op::kLocal;
      root->slot = local->slot;
      root->type = local->type;
      return;
    }
    auto variable = [this](const std::string& name) { return FindVariable(name); };
    for (Ast* at = top;; at = at->kids[0]) {
      if (const Variable* found = InContainers(PathOf(at), root->absolute, variable))
        return BecomeVariable(at, *found);
      if (at == root) break;
    }
    auto type_name = [](const std::string& name) {
      auto it = std::ranges::lower_bound(kTypeNames, name);
      return it != kTypeNames.end() && *it == name ? &*it : nullptr;
    };
    if (const std::string_view* found = InContainers(PathOf(top), root->absolute, type_name)) {
      top->op = Op::kTypeName;
      top->text = *found;
      top->kids = {};
      top->type = &kTypeType;
      return;
    }
    Undeclared(root);
  }

  void Undeclared(Ast* root) {
    std::string known;
    for (const Local& local : locals_) known += fmt::format(", {}", local.name);
    for (const Variable& variable : options_.variables) known += fmt::format(", {}", variable.name);
    std::string message = fmt::format("unknown name '{}'", root->text);
    if (!known.empty())
      message += fmt::format("; known here: {}", std::string_view(known).substr(2));
    Fault(root, std::move(message));
    root->type = &kDynType;
  }

  // --- Access ---

  const Type* VisitSelect(Ast* ast) {
    if (RootOf(ast)) {
      ResolveChain(ast);
      if (ast->op != Op::kSelect) return ast->type;
      if (failed_) return &kDynType;
    }
    return Field(ast, ast->kids[0]->op == Op::kFail ? &kDynType : Visit(ast->kids[0]), Op::kSlot);
  }

  const Type* Field(Ast* ast, const Type* operand, Op slot_op) {
    switch (operand->kind) {
      case TypeKind::kDyn:
        return &kDynType;
      case TypeKind::kMap:
        return ElementOf(operand);
      case TypeKind::kOptional:
        return OptionalOf(Field(ast, ElementOf(operand), ast->op));
      case TypeKind::kRecord:
        return RecordSlot(ast, *operand->record, slot_op);
      case TypeKind::kNull:
        if (options_.lenient) return &kDynType;
        [[fallthrough]];
      default:
        return Fault(ast, fmt::format("a value of type {} has no fields, so no '{}'",
                                      NameOf(operand), ast->text));
    }
  }

  const Type* RecordSlot(Ast* ast, const RecordType& record, Op slot_op) {
    auto it = std::ranges::find(record.fields, ast->text, &RecordField::name);
    if (it == record.fields.end()) {
      std::string names;
      for (const RecordField& field : record.fields)
        names += fmt::format("{}{}", names.empty() ? "" : ", ", field.name);
      return Fault(ast, fmt::format("{} has no field '{}'; its fields are: {}", record.name,
                                    ast->text, names));
    }
    ast->op = slot_op;
    ast->slot = static_cast<std::uint32_t>(it - record.fields.begin());
    return it->type ? it->type : &kDynType;
  }

  const Type* OptField(Ast* ast) {
    const Type* operand = Visit(ast->kids[0]);
    const Type* field = Field(ast, operand, Op::kOptSelect);
    return field->kind == TypeKind::kOptional ? field : OptionalOf(field);
  }

  const Type* VisitIndex(Ast* ast) {
    const Type* operand = Visit(ast->kids[0]);
    const Type* key = Visit(ast->kids[1]);
    const Type* inner = operand->kind == TypeKind::kOptional ? ElementOf(operand) : operand;
    switch (inner->kind) {
      case TypeKind::kList:
        if (!IsDyn(key) && !IsNumeric(key)) {
          return Fault(ast, fmt::format("a list is indexed by a number, not by a value of type {}",
                                        NameOf(key)));
        }
        break;
      case TypeKind::kMap:
        if (!Comparable(key, inner->key ? inner->key : &kDynType)) {
          return Fault(ast, fmt::format("{} has no keys of type {}", NameOf(inner), NameOf(key)));
        }
        break;
      case TypeKind::kDyn:
      case TypeKind::kRecord:
        return &kDynType;
      case TypeKind::kNull:
        if (options_.lenient) return &kDynType;
        [[fallthrough]];
      default:
        return Fault(ast, fmt::format("a value of type {} cannot be indexed", NameOf(operand)));
    }
    return operand == inner ? ElementOf(inner) : OptionalOf(ElementOf(inner));
  }

  // --- Operators ---

  void Condition(Ast* ast) {
    const Type* type = Visit(ast);
    bool null = options_.lenient && type->kind == TypeKind::kNull;
    if (!IsDyn(type) && type->kind != TypeKind::kBool && !null) {
      Fault(ast, fmt::format("expected a bool, found a value of type {}", NameOf(type)));
    }
  }

  const Type* VisitEquality(Ast* ast) {
    const Type* a = Visit(ast->kids[0]);
    const Type* b = Visit(ast->kids[1]);
    if (Comparable(a, b)) return &kBoolType;
    return Fault(ast,
                 fmt::format("values of type {} and {} are never equal", NameOf(a), NameOf(b)));
  }

  const Type* VisitIn(Ast* ast) {
    const Type* element = Visit(ast->kids[0]);
    const Type* in = Visit(ast->kids[1]);
    bool null = options_.lenient && in->kind == TypeKind::kNull;
    if (IsDyn(in) || null || in->kind == TypeKind::kRecord) return &kBoolType;
    if (in->kind != TypeKind::kList && in->kind != TypeKind::kMap) {
      return Fault(
          ast, fmt::format("'in' expects a list or a map, found a value of type {}", NameOf(in)));
    }
    const Type* member =
        in->kind == TypeKind::kMap ? (in->key ? in->key : &kDynType) : ElementOf(in);
    if (Comparable(element, member)) return &kBoolType;
    return Fault(ast,
                 fmt::format("{} never holds a value of type {}", NameOf(in), NameOf(element)));
  }

  const Type* VisitCond(Ast* ast) {
    Condition(ast->kids[0]);
    const Type* a = Visit(ast->kids[1]);
    const Type* b = Visit(ast->kids[2]);
    return Common(a, b);
  }

  const Type* VisitOperator(Ast* ast) {
    std::vector<const Type*> types;
    for (Ast* kid : ast->kids) types.push_back(Visit(kid));
    const Type* result =
        Resolve(OperatorOverloads(ast->op, options_.lenient), types, options_.lenient);
    if (!result)
      return Fault(ast, fmt::format("no '{}' for ({})", OperatorName(ast->op), Names(types)));
    bool lists =
        ast->op == Op::kAdd && result->kind == TypeKind::kList && types[1]->kind == TypeKind::kList;
    return lists ? ListOf(Common(ElementOf(types[0]), ElementOf(types[1]))) : result;
  }

  const Type* VisitList(Ast* ast) {
    const Type* element = nullptr;
    for (Ast* kid : ast->kids) {
      const Type* type = Visit(kid);
      if (kid->optional) type = ElementOf(type);
      element = element ? Common(element, type) : type;
    }
    return ListOf(element ? element : &kDynType);
  }

  const Type* VisitMap(Ast* ast) {
    const Type* key = nullptr;
    const Type* value = nullptr;
    for (std::size_t i = 0; i < ast->kids.size(); i += 2) {
      const Type* k = Visit(ast->kids[i]);
      const Type* v = Visit(ast->kids[i + 1]);
      if (ast->kids[i]->optional) v = ElementOf(v);
      key = key ? Common(key, k) : k;
      value = value ? Common(value, v) : v;
    }
    return MapOf(key ? key : &kDynType, value ? value : &kDynType);
  }

  const Type* VisitMessage(Ast* ast) {
    std::string name = PathOf(ast->kids[0]);
    auto known = [](const std::string& n) {
      return IsMessage(n) ? std::optional(n) : std::nullopt;
    };
    auto full = InContainers(name, RootOf(ast->kids[0])->absolute, known);
    if (!full) return Fault(ast, fmt::format("unknown message type '{}'; use a map", name));
    std::string problem = FoldMessage(*ast, *full);
    return problem.empty() ? VisitNode(ast) : Fault(ast, problem);
  }

  // --- Calls ---

  const Type* VisitGlobal(Ast* ast) {
    for (Ast* kid : ast->kids) Visit(kid);
    if (const Type* type = GlobalCall(ast, std::string(ast->text), ast->absolute)) return type;
    return Fault(ast, fmt::format("unknown function '{}'", ast->text));
  }

  /// Null pointer when there is no function of this name.
  const Type* GlobalCall(Ast* ast, const std::string& name, bool absolute) {
    auto host = [this](const std::string& n) {
      auto it = std::ranges::find(options_.functions, n, &Function::name);
      return it == options_.functions.end() ? nullptr : &*it;
    };
    if (const Function* function = InContainers(name, absolute, host))
      return HostCall(ast, *function);
    auto builtin = [](const std::string& n) { return FindBuiltin(n, false); };
    auto number = InContainers(name, absolute, builtin);
    return number ? BuiltinCall(ast, *number) : nullptr;
  }

  const Type* HostCall(Ast* ast, const Function& function) {
    std::size_t n = ast->kids.size();
    if (n < function.min_args || n > function.max_args) {
      std::string counts = fmt::format("{}", function.min_args);
      if (function.max_args != function.min_args)
        counts += fmt::format(" to {}", function.max_args);
      std::string_view noun = counts == "1" ? "argument" : "arguments";
      return Fault(ast, fmt::format("'{}' takes {} {}, not {}", function.name, counts, noun, n));
    }
    ast->op = Op::kHost;
    ast->slot = static_cast<std::uint32_t>(&function - options_.functions.data());
    return function.result ? function.result : &kDynType;
  }

  const Type* BuiltinCall(Ast* ast, std::uint16_t number) {
    const Builtin& builtin = BuiltinAt(number);
    std::vector<const Type*> types;
    for (const Ast* kid : ast->kids) types.push_back(kid->type);
    const Type* result = Resolve(builtin.overloads, types, options_.lenient);
    if (!result)
      return Fault(ast, fmt::format("no overload of '{}' for ({})", builtin.name, Names(types)));
    ast->op = Op::kCall;
    ast->slot = number;
    if (builtin.name == "matches" && ast->kids[1]->op == Op::kString) {
      if (auto problem = RegexProblem(ast->kids[1]->text)) {
        return Fault(ast->kids[1], "invalid regular expression: " + *problem);
      }
    }
    return result;
  }

  /// `math.greatest(…)` is a function with a dotted name, `x.startsWith(…)` one with a receiver.
  const Type* VisitMember(Ast* ast) {
    Ast* root = RootOf(ast->kids[0]);
    for (Ast* kid : ast->kids.subspan(1)) Visit(kid);
    if (root && !FindLocal(root)) {
      auto all = ast->kids;
      ast->kids = all.subspan(1);
      std::string name = fmt::format("{}.{}", PathOf(all[0]), ast->text);
      if (const Type* type = GlobalCall(ast, name, root->absolute)) return type;
      ast->kids = all;
    }
    Visit(ast->kids[0]);
    if (auto number = FindBuiltin(ast->text, true)) return BuiltinCall(ast, *number);
    return Fault(ast, fmt::format("unknown function '{}'", ast->text));
  }

  // --- Macros ---

  std::uint32_t Declare(std::string_view name, const Type* type) {
    auto slot = static_cast<std::uint32_t>(locals_.size());
    locals_.push_back({name, slot, type});
    local_count_ = std::max(local_count_, slot + 1);
    return slot;
  }

  const Type* VisitBind(Ast* ast) {
    const Type* value = Visit(ast->kids[0]);
    bool optional = ast->op != Op::kBind;
    if (optional && !IsDyn(value) && value->kind != TypeKind::kOptional) {
      return Fault(ast,
                   fmt::format("expected an optional value, found one of type {}", NameOf(value)));
    }
    ast->slot = Declare(ast->variable, optional ? ElementOf(value) : value);
    const Type* body = Visit(ast->kids[1]);
    locals_.pop_back();
    return ast->op == Op::kOptMap ? OptionalOf(body) : body;
  }

  struct RangeTypes {
    const Type* first = &kDynType;
    const Type* second = &kDynType;
  };

  /// The types of a macro's variables over `range`.
  RangeTypes Variables(Ast* ast, const Type* range) {
    bool two = !ast->second.empty();
    switch (range->kind) {
      case TypeKind::kList:
        ast->object_element = !two;
        return two ? RangeTypes{&kIntType, ElementOf(range)}
                   : RangeTypes{ElementOf(range), &kDynType};
      case TypeKind::kMap:
        ast->object_element = false;
        return {range->key ? range->key : &kDynType, ElementOf(range)};
      case TypeKind::kRecord:
        // An object of a model is a block, not a map: alone it is a list of one.
        ast->object_element = !two && options_.lenient;
        return {ast->object_element ? range : &kStringType, &kDynType};
      case TypeKind::kDyn:
        return {};
      case TypeKind::kNull:
        if (options_.lenient) return {};
        [[fallthrough]];
      default:
        Fault(ast->kids[0],
              fmt::format("expected a list or a map, found a value of type {}", NameOf(range)));
    }
    return {};
  }

  const Type* VisitMacro(Ast* ast) {
    const Type* range = Visit(ast->kids[0]);
    RangeTypes types = Variables(ast, range);
    ast->slot = Declare(ast->variable, types.first);
    if (!ast->second.empty()) Declare(ast->second, types.second);
    const Type* value = &kDynType;
    bool makes = ast->op == Op::kTransform || ast->op == Op::kTransformMap ||
                 ast->op == Op::kTransformMapEntry;
    for (std::size_t i = 1; i < ast->kids.size(); ++i) {
      if (makes && i + 1 == ast->kids.size()) {
        value = Visit(ast->kids[i]);
      } else {
        Condition(ast->kids[i]);
      }
    }
    locals_.resize(ast->slot);
    switch (ast->op) {
      case Op::kFilter:
        return ListOf(types.first);
      case Op::kTransform:
        return ListOf(value);
      case Op::kTransformMap:
        return MapOf(types.first, value);
      case Op::kTransformMapEntry:
        return value->kind == TypeKind::kMap ? value : &kDynType;
      default:
        return &kBoolType;
    }
  }

  const CompileOptions& options_;
  Arena& arena_;
  std::vector<Local> locals_;
  std::uint32_t local_count_ = 0;
  bool failed_ = false;
  std::string error_;
  std::uint32_t error_offset_ = 0;
};

}  // namespace

Result<CheckResult> Check(std::string_view source, Ast* root, const CompileOptions& options,
                          Arena& arena) {
  Checker checker(options, arena);
  const Type* type = checker.Visit(root);
  if (checker.failed()) return tl::unexpected(checker.ErrorIn(source));
  return CheckResult{type, checker.local_count()};
}

}  // namespace plumbline::cel
