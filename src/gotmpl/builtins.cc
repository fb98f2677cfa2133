// The functions that text/template brings: comparisons, index, slice, len, print…, escapers.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "gotmpl/executor.h"
#include "gotmpl/format.h"
#include "gotmpl/function.h"
#include "gotmpl/utf8.h"

namespace plumbline::gotmpl {
namespace {

enum class Basic { kNone, kBool, kInt, kUint, kFloat, kString, kComplex };

Basic BasicKind(Value v) {
  switch (v.kind()) {
    case Kind::kBool:
      return Basic::kBool;
    case Kind::kInt:
    case Kind::kInt64:
      return Basic::kInt;
    case Kind::kUint64:
      return Basic::kUint;
    case Kind::kFloat64:
      return Basic::kFloat;
    case Kind::kString:
      return Basic::kString;
    case Kind::kComplex:
      return Basic::kComplex;
    default:
      return Basic::kNone;
  }
}

// <0, 0, >0 for two values of basic kinds that can be ordered.
int Order(Value a, Value b) {
  switch (BasicKind(a)) {
    case Basic::kString:
      return a.as_string().compare(b.as_string());
    case Basic::kFloat:
      // A NaN is neither less than nor equal to anything.
      return a.as_float() < b.as_float() ? -1 : a.as_float() == b.as_float() ? 0 : 1;
    default:
      break;
  }
  bool negative_a = a.kind() != Kind::kUint64 && a.as_int() < 0;
  bool negative_b = b.kind() != Kind::kUint64 && b.as_int() < 0;
  if (negative_a != negative_b) return negative_a ? -1 : 1;
  auto x = static_cast<std::uint64_t>(a.as_int()), y = static_cast<std::uint64_t>(b.as_int());
  return x < y ? -1 : x == y ? 0 : 1;
}

bool IsIntegral(Basic k) { return k == Basic::kInt || k == Basic::kUint; }

// False: the two cannot be compared, and call.error says why.
bool Equal(Call& call, Value a, Value b, bool* equal) {
  Basic x = BasicKind(a), y = BasicKind(b);
  *equal = false;
  if (x != y) {
    if (IsIntegral(x) && IsIntegral(y)) {
      *equal = Order(a, b) == 0;
      return true;
    }
    if (a.is_nil() || b.is_nil()) return true;
    return call.Fail(
        fmt::format("incompatible types for comparison: {} and {}", TypeName(a), TypeName(b)));
  }
  if (x == Basic::kComplex) {
    *equal = DeepEqual(a, b);
    return true;
  }
  if (x != Basic::kNone) {
    *equal = Order(a, b) == 0;
    return true;
  }
  if (a.is_nil() || b.is_nil()) {
    *equal = a.is_nil() && b.is_nil();
    return true;
  }
  if (a.kind() == Kind::kObject && b.kind() == Kind::kObject) {
    *equal = DeepEqual(a, b);
    return true;
  }
  if (KindName(a) != KindName(b))
    return call.Fail(fmt::format("non-comparable types {}: {}, {}: {}",
                                 Sprintf("%s", std::span<const Value>(&a, 1)), TypeName(a),
                                 TypeName(b), Sprint(b)));
  return call.Fail(fmt::format("non-comparable type {}: {}",
                               Sprintf("%s", std::span<const Value>(&b, 1)), TypeName(b)));
}

bool Eq(Call& call) {
  if (call.args.size() < 2) return call.Fail("missing argument for comparison");
  for (Value other : call.args.subspan(1)) {
    bool equal = false;
    if (!Equal(call, call.args[0], other, &equal)) return false;
    if (equal) return call.Return(Value::Bool(true));
  }
  return call.Return(Value::Bool(false));
}

bool Ne(Call& call) {
  bool equal = false;
  return Equal(call, call.args[0], call.args[1], &equal) && call.Return(Value::Bool(!equal));
}

bool Compare(Call& call, int* order) {
  Basic x = BasicKind(call.args[0]), y = BasicKind(call.args[1]);
  if (x == Basic::kNone || y == Basic::kNone) return call.Fail("invalid type for comparison");
  if (x != y && !(IsIntegral(x) && IsIntegral(y)))
    return call.Fail(fmt::format("incompatible types for comparison: {} and {}",
                                 TypeName(call.args[0]), TypeName(call.args[1])));
  if (x == Basic::kBool || x == Basic::kComplex) return call.Fail("invalid type for comparison");
  *order = Order(call.args[0], call.args[1]);
  return true;
}

bool Lt(Call& call) {
  int order = 0;
  return Compare(call, &order) && call.Return(Value::Bool(order < 0));
}
bool Le(Call& call) {
  int order = 0;
  return Compare(call, &order) && call.Return(Value::Bool(order <= 0));
}
bool Gt(Call& call) {
  int order = 0;
  return Compare(call, &order) && call.Return(Value::Bool(order > 0));
}
bool Ge(Call& call) {
  int order = 0;
  return Compare(call, &order) && call.Return(Value::Bool(order >= 0));
}

bool Not(Call& call) { return call.Return(Value::Bool(!IsTrue(call.args[0]))); }

bool Len(Call& call) {
  Value v = call.args[0];
  auto size = [&](std::size_t n) { return call.Return(Value::Int(static_cast<std::int64_t>(n))); };
  if (v.is_nil()) return call.Fail("len of nil pointer");
  if (v.is_string()) return size(v.as_string().size());
  if (v.is_list()) return size(v.list().items.size());
  if (v.is_map()) return size(v.map().size);
  if (v.kind() == Kind::kObject) {
    if (const List* list = v.object().AsList()) return size(list->items.size());
    if (Map* map = v.object().AsMap(call.heap)) return size(map->size);
  }
  return call.Fail(fmt::format("len of type {}", TypeName(v)));
}

// An index into something of `size` elements; one behind the last is allowed for slices.
bool IndexArgument(Call& call, Value index, std::size_t size, bool is_slice, std::size_t* out) {
  if (index.is_nil()) return call.Fail("cannot index slice/array with nil");
  if (!index.is_integer())
    return call.Fail(fmt::format("cannot index slice/array with type {}", TypeName(index)));
  std::int64_t i = index.as_int();
  auto limit = static_cast<std::int64_t>(size) + (is_slice ? 1 : 0);
  if (i < 0 || i >= limit) return call.Fail(fmt::format("index out of range: {}", i));
  *out = static_cast<std::size_t>(i);
  return true;
}

bool IndexInto(Call& call, Value item, Value index, Value* out) {
  if (item.is_nil()) return call.Fail("index of nil pointer");
  std::size_t i = 0;
  if (item.kind() == Kind::kObject) {
    const List* list = item.object().AsList();
    if (list != nullptr) {
      item = Value::Of(list);
    } else if (Map* map = item.object().AsMap(call.heap)) {
      item = Value::Of(map);
    }
  }
  if (item.is_list()) {
    if (!IndexArgument(call, index, item.list().items.size(), false, &i)) return false;
    *out = item.list().items[i];
    return true;
  }
  if (item.is_string()) {
    if (!IndexArgument(call, index, item.as_string().size(), false, &i)) return false;
    *out = Value::Uint64(static_cast<unsigned char>(item.as_string()[i]));
    return true;
  }
  if (item.is_map()) {
    if (index.is_nil()) return call.Fail("value is nil; should be of type string");
    if (!index.is_string())
      return call.Fail(fmt::format("value has type {}; should be string", TypeName(index)));
    const Value* found = item.map().Find(index.as_string());
    *out = found != nullptr                         ? *found
           : item.map().element == Element::kString ? Value::String("")
                                                    : Value::Nil();
    return true;
  }
  return call.Fail(fmt::format("can't index item of type {}", TypeName(item)));
}

bool Index(Call& call) {
  Value item = call.args[0];
  if (item.is_nil()) return call.Fail("index of untyped nil");
  for (Value index : call.args.subspan(1)) {
    if (!IndexInto(call, item, index, &item)) return false;
  }
  return call.Return(item);
}

bool Slice(Call& call) {
  Value item = call.args[0];
  if (item.is_nil()) return call.Fail("slice of untyped nil");
  if (call.args.size() > 4)
    return call.Fail(fmt::format("too many slice indexes: {}", call.args.size() - 1));
  if (!item.is_string() && !item.is_list())
    return call.Fail(fmt::format("can't slice item of type {}", TypeName(item)));
  if (item.is_string() && call.args.size() == 4) return call.Fail("cannot 3-index slice a string");
  std::size_t size = item.is_string() ? item.as_string().size() : item.list().items.size();
  std::size_t at[3] = {0, size, size};
  for (std::size_t i = 1; i < call.args.size(); ++i) {
    if (!IndexArgument(call, call.args[i], size, true, &at[i - 1])) return false;
  }
  if (at[0] > at[1]) return call.Fail(fmt::format("invalid slice index: {} > {}", at[0], at[1]));
  if (call.args.size() == 4 && at[1] > at[2])
    return call.Fail(fmt::format("invalid slice index: {} > {}", at[1], at[2]));
  if (item.is_string())
    return call.Return(Value::String(item.as_string().substr(at[0], at[1] - at[0]), item.origin()));
  return call.Return(
      call.heap.MakeList(item.list().items.subspan(at[0], at[1] - at[0]), item.list().element));
}

// A text made of one value that comes from somewhere comes from there too.
OriginId OnlyOrigin(std::span<const Value> values) {
  OriginId origin = 0;
  for (Value v : values) {
    if (v.origin() == 0) continue;
    if (origin != 0) return 0;
    origin = v.origin();
  }
  return origin;
}

// A text of the function's own making.
bool Made(Call& call, std::string_view text, OriginId origin = 0) {
  if (text.size() > kMaxPrinted)
    return call.Fail(fmt::format("the text would be longer than {} bytes", kMaxPrinted));
  constexpr std::size_t kBytesAStep = 64;
  if (!call.executor.Spend(text.size() / kBytesAStep))
    return call.Fail("the rendering takes too many steps");
  return call.Return(text, origin);
}

bool Print(Call& call) { return Made(call, Sprint(call.args), OnlyOrigin(call.args)); }
bool Println(Call& call) { return Made(call, Sprintln(call.args), OnlyOrigin(call.args)); }
bool Printf(Call& call) {
  return Made(call, Sprintf(call.Text(0), call.args.subspan(1)), OnlyOrigin(call.args));
}

std::string Joined(std::span<const Value> values) {
  std::vector<Value> shown(values.begin(), values.end());
  for (Value& v : shown) {
    if (v.is_nil()) v = Value::String("<no value>");
  }
  return Sprint(shown);
}

bool Html(Call& call) {
  std::string out;
  for (char c : Joined(call.args)) {
    switch (c) {
      case '\0':
        out += "\xEF\xBF\xBD";
        break;
      case '"':
        out += "&#34;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      default:
        out += c;
    }
  }
  return Made(call, out);
}

bool Js(Call& call) {
  std::string out, text = Joined(call.args);
  std::string_view rest = text;
  for (std::size_t width = 0; !rest.empty(); rest.remove_prefix(width)) {
    char32_t rune = DecodeUtf8(rest, &width);
    constexpr std::string_view kSpecial = "\\'\"<>&=";
    if (rune == '\\' || rune == '\'' || rune == '"') {
      out += '\\';
      out += static_cast<char>(rune);
    } else if (rune < 0x80 && kSpecial.find(static_cast<char>(rune)) != std::string_view::npos) {
      out += fmt::format("\\u{:04X}", static_cast<std::uint32_t>(rune));
    } else if (rune < 0x20 || (rune >= 0x80 && !IsPrintable(rune))) {
      out += fmt::format("\\u{:04X}", static_cast<std::uint32_t>(rune));
    } else {
      out += rest.substr(0, width);
    }
  }
  return Made(call, out);
}

bool UrlQuery(Call& call) {
  std::string out;
  for (char c : Joined(call.args)) {
    auto byte = static_cast<unsigned char>(c);
    bool plain = std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.' || c == '~';
    if (c == ' ') {
      out += '+';
    } else if (plain && byte < 0x80) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", byte);
    }
  }
  return Made(call, out);
}

// Nothing that templates can reach here is a function value.
bool CallFunction(Call& call) {
  if (call.args[0].is_nil()) return call.Fail("call of nil");
  return call.Fail(
      fmt::format("non-function {} of type {}", Sprint(call.args[0]), TypeName(call.args[0])));
}

constexpr auto kBuiltins = std::to_array<Function>({
    {"call", "vv*", CallFunction},
    {"eq", "vv*", Eq},
    {"ge", "vv", Ge},
    {"gt", "vv", Gt},
    {"html", "v*", Html},
    {"index", "vv*", Index},
    {"js", "v*", Js},
    {"le", "vv", Le},
    {"len", "v", Len},
    {"lt", "vv", Lt},
    {"ne", "vv", Ne},
    {"not", "v", Not},
    {"print", "v*", Print},
    {"printf", "sv*", Printf},
    {"println", "v*", Println},
    {"slice", "vv*", Slice},
    {"urlquery", "v*", UrlQuery},
});
static_assert(std::ranges::is_sorted(kBuiltins, {}, &Function::name));

}  // namespace

std::span<const Function> BuiltinFunctions() { return kBuiltins; }

const Function* FunctionSet::Find(std::string_view name) const {
  auto it = by_name_.find(name);
  return it != by_name_.end() ? it->second : nullptr;
}

}  // namespace plumbline::gotmpl
