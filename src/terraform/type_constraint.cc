#include "terraform/type_constraint.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "hcl/parser.h"
#include "support/suggest.h"
#include "value/convert.h"

namespace plumbline::terraform {
namespace {

constexpr int kMaxTypeDepth = 100;

struct Parsed {
  const Type* type = nullptr;
  const TypeDefaults* defaults = nullptr;
};

class TypeParser {
 public:
  explicit TypeParser(ExprEvaluator& evaluator)
      : evaluator_(evaluator), arena_(evaluator.arena()) {}

  Result<Parsed> Parse(const hcl::Expr& e, int depth) {
    if (depth > kMaxTypeDepth) return Fail("the type constraint is nested too deeply");
    switch (e.kind) {
      case hcl::ExprKind::kVariable:
        if (e.steps.empty()) return Keyword(e.name);
        break;
      case hcl::ExprKind::kCall:
        return Call(e, depth);
      case hcl::ExprKind::kParens:
        return Parse(*e.operand, depth + 1);
      case hcl::ExprKind::kLiteral:
        if (e.value.is_string()) return Quoted(e.value.as_string(), depth);
        break;
      default:
        break;
    }
    return Fail(
        "a type such as string, number, bool, any, list(…), map(…), set(…), object({…}) or "
        "tuple([…]) is expected");
  }

 private:
  Result<Parsed> Keyword(std::string_view name) {
    if (name == "string") return Parsed{StringType()};
    if (name == "number") return Parsed{NumberType()};
    if (name == "bool") return Parsed{BoolType()};
    if (name == "any") return Parsed{DynamicType()};
    if (name == "list") return Parsed{ListType(arena_, DynamicType())};
    if (name == "map") return Parsed{MapType(arena_, DynamicType())};
    if (name == "set") return Parsed{SetType(arena_, DynamicType())};
    constexpr auto kTypes = std::to_array<std::string_view>(
        {"any", "bool", "list", "map", "number", "object", "set", "string", "tuple"});
    return Fail(fmt::format("there is no type named \"{}\"{}", name, DidYouMean(name, kTypes)));
  }

  // Old code quotes types, and JSON syntax has no other way.
  Result<Parsed> Quoted(std::string_view text, int depth) {
    Diagnostics problems;
    const hcl::Expr* e =
        hcl::ParseExpression(kNoFile, text, arena_, evaluator_.functions().limits, problems);
    if (e == nullptr || e->kind == hcl::ExprKind::kLiteral)
      return Fail(fmt::format("\"{}\" is no type", text));
    return Parse(*e, depth + 1);
  }

  Result<Parsed> Call(const hcl::Expr& e, int depth) {
    if (e.args.size() != 1) return Fail(fmt::format("{}() takes exactly one argument", e.name));
    const hcl::Expr& arg = *e.args[0];
    if (e.name == "object") return Object(arg, depth);
    if (e.name == "tuple") return Tuple(arg, depth);
    if (e.name == "optional") return Fail("optional() can only stand for an attribute of object()");
    if (e.name != "list" && e.name != "set" && e.name != "map") {
      return Fail(fmt::format("there is no type constructor named \"{}\"", e.name));
    }
    PL_TRY(Parsed element, Parse(arg, depth + 1));
    Parsed out;
    out.type = e.name == "list"  ? ListType(arena_, element.type)
               : e.name == "set" ? SetType(arena_, element.type)
                                 : MapType(arena_, element.type);
    if (element.defaults != nullptr) {
      auto* d = arena_.New<TypeDefaults>();
      d->element = element.defaults;
      out.defaults = d;
    }
    return out;
  }

  Result<Parsed> Tuple(const hcl::Expr& arg, int depth) {
    if (arg.kind != hcl::ExprKind::kTuple) return Fail("tuple() takes a list of types");
    std::vector<const Type*> types;
    std::vector<const TypeDefaults*> defaults;
    bool any = false;
    for (const hcl::Expr* item : arg.args) {
      PL_TRY(Parsed p, Parse(*item, depth + 1));
      types.push_back(p.type);
      defaults.push_back(p.defaults);
      any = any || p.defaults != nullptr;
    }
    Parsed out{TupleType(arena_, types)};
    if (any) {
      auto* d = arena_.New<TypeDefaults>();
      d->elements = arena_.Copy(defaults);
      out.defaults = d;
    }
    return out;
  }

  Result<Parsed> Object(const hcl::Expr& arg, int depth) {
    if (arg.kind != hcl::ExprKind::kObject)
      return Fail("object() takes an object of attribute types");
    std::vector<TypeAttr> attrs;
    std::vector<AttrDefault> defaults;
    for (const hcl::ObjectItem& item : arg.items) {
      if (item.key->kind != hcl::ExprKind::kLiteral || !item.key->value.is_string()) {
        return Fail("the attributes of object() must have plain names");
      }
      TypeAttr attr{item.key->value.as_string()};
      if (std::ranges::find(attrs, attr.name, &TypeAttr::name) != attrs.end())
        return Fail(fmt::format("object() has the attribute \"{}\" twice", attr.name));
      AttrDefault fallback{attr.name};
      const hcl::Expr* type = item.value;
      if (type->kind == hcl::ExprKind::kCall && type->name == "optional") {
        if (type->args.empty() || type->args.size() > 2)
          return Fail("optional() takes a type and perhaps a default");
        attr.optional = true;
        PL_TRY(Parsed p, Parse(*type->args[0], depth + 1));
        attr.type = p.type;
        fallback.inner = p.defaults;
        if (type->args.size() == 2) {
          PL_TRY(fallback.value, Default(*type->args[1], attr));
          fallback.has_default = true;
        }
      } else {
        PL_TRY(Parsed p, Parse(*type, depth + 1));
        attr.type = p.type;
        fallback.inner = p.defaults;
      }
      attrs.push_back(attr);
      if (fallback.has_default || fallback.inner != nullptr) defaults.push_back(fallback);
    }
    Parsed out{ObjectType(arena_, attrs)};
    if (!defaults.empty()) {
      auto* d = arena_.New<TypeDefaults>();
      auto copy = arena_.NewArray<AttrDefault>(defaults.size());
      std::copy(defaults.begin(), defaults.end(), copy.begin());
      d->attrs = copy;
      out.defaults = d;
    }
    return out;
  }

  Result<Value> Default(const hcl::Expr& e, const TypeAttr& attr) {
    Value v;
    if (!evaluator_.Eval(e, Frame{}, &v)) return Fail(evaluator_.error().message);
    auto converted = Convert(arena_, v, attr.type);
    if (!converted)
      return Fail(fmt::format("the default of \"{}\": {}", attr.name, converted.error().message));
    return *converted;
  }

  ExprEvaluator& evaluator_;
  Arena& arena_;
};

const Type* Plain(Arena& arena, const Type* t) {
  switch (t->kind) {
    case TypeKind::kList:
      return ListType(arena, Plain(arena, t->element));
    case TypeKind::kSet:
      return SetType(arena, Plain(arena, t->element));
    case TypeKind::kMap:
      return MapType(arena, Plain(arena, t->element));
    case TypeKind::kTuple: {
      std::vector<const Type*> types;
      for (const Type* e : t->elements) types.push_back(Plain(arena, e));
      return TupleType(arena, types);
    }
    case TypeKind::kObject: {
      std::vector<TypeAttr> attrs(t->attrs.begin(), t->attrs.end());
      for (TypeAttr& a : attrs) a = {a.name, Plain(arena, a.type)};
      return ObjectType(arena, attrs);
    }
    default:
      return t;
  }
}

Value Fill(Arena& arena, Value v, const TypeDefaults* d);

Value FillObject(Arena& arena, Value v, const TypeDefaults& d) {
  std::vector<Member> members(v.members().begin(), v.members().end());
  for (const AttrDefault& a : d.attrs) {
    auto at = std::find_if(members.begin(), members.end(),
                           [&](const Member& m) { return m.key == a.name; });
    if (at == members.end()) {
      if (!a.has_default) continue;
      members.push_back({a.name, a.value});
      at = members.end() - 1;
    } else if (at->value.is_null() && a.has_default) {
      at->value = a.value;
    }
    if (a.inner != nullptr) at->value = Fill(arena, at->value, a.inner);
  }
  return MakeObject(arena, members);
}

Value Fill(Arena& arena, Value v, const TypeDefaults* d) {
  if (d == nullptr || v.is_null() || v.is_unknown()) return v;
  if (!d->attrs.empty()) return v.is_mapping() ? FillObject(arena, v, *d).WithMarks(v.marks()) : v;
  if (v.is_mapping() && d->element != nullptr) {
    std::vector<Member> members(v.members().begin(), v.members().end());
    for (Member& m : members) m.value = Fill(arena, m.value, d->element);
    return MakeObject(arena, members).WithMarks(v.marks());
  }
  if (!v.is_sequence()) return v;
  std::vector<Value> items(v.items().begin(), v.items().end());
  for (std::size_t i = 0; i < items.size(); ++i) {
    const TypeDefaults* inner = d->element != nullptr    ? d->element
                                : i < d->elements.size() ? d->elements[i]
                                                         : nullptr;
    items[i] = Fill(arena, items[i], inner);
  }
  return MakeTuple(arena, items).WithMarks(v.marks());
}

}  // namespace

Result<TypeConstraint> ParseTypeConstraint(const hcl::Expr& e, ExprEvaluator& evaluator) {
  PL_TRY(Parsed p, TypeParser(evaluator).Parse(e, 0));
  return TypeConstraint{p.type, Plain(evaluator.arena(), p.type), p.defaults};
}

Result<Value> ApplyConstraint(Arena& arena, Value v, const TypeConstraint& constraint) {
  return Convert(arena, Fill(arena, v, constraint.defaults), constraint.type);
}

}  // namespace plumbline::terraform
