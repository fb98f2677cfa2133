// Reading into collections: fields, indexes, membership, and their optional forms.
#include <fmt/format.h>

#include "cel/runtime.h"

namespace plumbline::cel {
namespace {

Val NoField(Context& context, Val operand, std::string_view field) {
  if (context.lenient) return Val::Null();
  if (IsMap(operand)) return context.Error(fmt::format("no such key: '{}'", field));
  return context.Error(
      fmt::format("a value of type {} has no field '{}'", TypeNameOf(operand), field));
}

/// The position in a list that `key` means; nothing when it is no whole number or out of range.
std::optional<std::size_t> Position(Val list, Val key) {
  if (!IsNumber(key)) return std::nullopt;
  double d = key.tag() == Tag::kDouble ? key.as_double() : 0;
  if (key.tag() == Tag::kInt && key.as_int() < 0) return std::nullopt;
  if (!(d >= 0) || d >= 0x1p53) return std::nullopt;
  std::uint64_t i = key.tag() == Tag::kDouble ? static_cast<std::uint64_t>(d) : key.as_uint();
  if (key.tag() == Tag::kDouble && static_cast<double>(i) != d) return std::nullopt;
  return i < ListSize(list) ? std::optional<std::size_t>(i) : std::nullopt;
}

/// A map key may also be a whole double.
Val NormalKey(Val key) {
  if (key.tag() != Tag::kDouble) return key;
  double d = key.as_double();
  if (!(d >= -0x1p63 && d < 0x1p63) || static_cast<double>(static_cast<std::int64_t>(d)) != d)
    return key;
  return Val::Int(static_cast<std::int64_t>(d));
}

Val ListIndex(Context& context, Val list, Val key) {
  if (auto at = Position(list, key)) return ListAt(list, *at);
  if (context.lenient) return Val::Null();
  if (!IsNumber(key)) {
    const Val args[] = {list, key};
    return context.NoOverload("[]", args);
  }
  return context.Error("index out of range");
}

Val MapIndex(Context& context, Val map, Val key) {
  if (map.tag() == Tag::kMap && !context.Charge(MapSize(map))) return context.StepError();
  key = NormalKey(key);
  if (!IsKey(key) && !context.lenient) {
    return context.Error(fmt::format("a value of type {} cannot be a map key", TypeNameOf(key)));
  }
  if (auto found = MapFind(map, key)) return *found;
  // A single block stands for the list of it.
  if (context.lenient) return key.tag() == Tag::kInt && key.as_int() == 0 ? map : Val::Null();
  return context.Error("no such key");
}

Val WrapOptional(Context& context, std::optional<Val> found) {
  if (!found) return Val::Make(Tag::kOptional, nullptr);
  if (found->is_error() || found->is_unknown()) return *found;
  return context.NewOptional(*found);
}

}  // namespace

Val Select(Context& context, Val operand, std::string_view field) {
  switch (operand.tag()) {
    case Tag::kUnknown:
    case Tag::kError:
      return operand;
    case Tag::kOptional:
      return OptSelect(context, operand, field);
    case Tag::kMap:
      if (!context.Charge(MapSize(operand))) return context.StepError();
      break;
    case Tag::kRecord:
      break;
    case Tag::kData:
      if (operand.as_data().is_mapping()) break;
      [[fallthrough]];
    default:
      return NoField(context, operand, field);
  }
  auto found = MapFind(operand, field);
  return found ? *found : NoField(context, operand, field);
}

Val Has(Context& context, Val operand, std::string_view field) {
  if (context.lenient) {
    Val value = Select(context, operand, field);
    if (value.is_error()) return value;
    Val absent = Equal(context, value, Val::Null());
    return absent.tag() == Tag::kBool ? Val::Bool(!absent.as_bool()) : absent;
  }
  if (operand.is_unknown() || operand.is_error()) return operand;
  if (operand.tag() == Tag::kOptional) {
    Val inner = OptSelect(context, operand, field);
    return inner.tag() == Tag::kOptional ? Val::Bool(AsOptional(inner) != nullptr) : inner;
  }
  if (!IsMap(operand)) return NoField(context, operand, field);
  return Val::Bool(MapFind(operand, field).has_value());
}

Val OptSelect(Context& context, Val operand, std::string_view field) {
  if (operand.tag() == Tag::kOptional) {
    const Val* inner = AsOptional(operand);
    return inner ? OptSelect(context, *inner, field) : operand;
  }
  if (operand.is_unknown() || operand.is_error()) return operand;
  if (context.lenient && operand.is_null()) return WrapOptional(context, std::nullopt);
  if (!IsMap(operand)) return NoField(context, operand, field);
  return WrapOptional(context, MapFind(operand, field));
}

Val OptIndex(Context& context, Val operand, Val key) {
  if (operand.tag() == Tag::kOptional) {
    const Val* inner = AsOptional(operand);
    return inner ? OptIndex(context, *inner, key) : operand;
  }
  for (Val v : {operand, key}) {
    if (v.is_unknown() || v.is_error()) return v;
  }
  if (IsList(operand)) {
    auto at = Position(operand, key);
    return WrapOptional(context, at ? std::optional(ListAt(operand, *at)) : std::nullopt);
  }
  if (IsMap(operand)) return WrapOptional(context, MapFind(operand, NormalKey(key)));
  if (context.lenient && operand.is_null()) return WrapOptional(context, std::nullopt);
  const Val args[] = {operand, key};
  return context.NoOverload("[?]", args);
}

Val Index(Context& context, Val collection, Val key) {
  if (collection.tag() == Tag::kOptional) return OptIndex(context, collection, key);
  if (collection.is_unknown()) return collection;
  if (key.is_unknown()) return context.lenient && collection.is_null() ? collection : key;
  for (Val v : {collection, key}) {
    if (v.is_error()) return v;
  }
  if (IsList(collection)) return ListIndex(context, collection, key);
  if (IsMap(collection)) return MapIndex(context, collection, key);
  if (context.lenient && collection.is_null()) return Val::Null();
  const Val args[] = {collection, key};
  return context.NoOverload("[]", args);
}

Val In(Context& context, Val element, Val collection) {
  if (collection.is_unknown() || collection.is_error()) return collection;
  if (element.is_error()) return element;
  if (IsList(collection)) {
    Val result = Val::Bool(false);
    for (std::size_t i = 0; i < ListSize(collection); ++i) {
      Val same = Equal(context, element, ListAt(collection, i));
      if (same.is_true() || same.is_error()) return same;
      if (same.is_unknown() && !result.is_unknown()) result = same;
    }
    return result;
  }
  if (context.lenient && collection.is_null()) return Val::Bool(false);
  if (element.is_unknown()) return element;
  if (IsMap(collection)) {
    if (collection.tag() == Tag::kMap && !context.Charge(MapSize(collection)))
      return context.StepError();
    return Val::Bool(MapFind(collection, NormalKey(element)).has_value());
  }
  const Val args[] = {element, collection};
  return context.NoOverload("in", args);
}

}  // namespace plumbline::cel
